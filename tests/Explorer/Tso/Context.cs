namespace Atoll.Explorer.Tso;

/// <summary>What a context does next.</summary>
public enum Operation : byte
{
    /// <summary>Load of a modelled word.</summary>
    Load,

    /// <summary>Store to a modelled word, into the buffer.</summary>
    Store,

    /// <summary>MFENCE: only when the own buffer is empty.</summary>
    Fence,

    /// <summary>Send a doorbell.</summary>
    Ring,

    /// <summary>STI.</summary>
    OpenInterrupts,

    /// <summary>CLI.</summary>
    CloseInterrupts,

    /// <summary>STI; HLT as one, because of the one-instruction shadow.</summary>
    Halt,

    /// <summary>Wait on the own notification: only when its bit is set, and takes the bit.</summary>
    Wait,

    /// <summary>Wait until another core was stopped and its buffer is empty.</summary>
    AwaitDeath,

    /// <summary>Nothing any more.</summary>
    Finished,
}

/// <summary>Names a context: a kernel instance, or a program on a core.</summary>
public readonly record struct ContextId(int Core, int Index = 0);

/// <summary>One actor on a core, between two accesses.</summary>
public sealed class Context(Actor actor)
{
    private readonly byte[] _work = actor.Start();

    /// <summary>Who runs.</summary>
    public Actor Actor { get; } = actor;

    /// <summary>Private bytes at the start of the procedure that is under way.</summary>
    public byte[] Committed { get; } = actor.Start();

    /// <summary>What the procedure's accesses returned so far.</summary>
    public List<ulong> Log { get; } = [];

    /// <summary>What it does next.</summary>
    public Operation Next { get; set; }

    /// <summary>The core that <see cref="Operation.AwaitDeath"/> waits for.</summary>
    public int Awaited { get; set; }

    /// <summary>The notification's sticky bit.</summary>
    public bool IsNotified { get; set; }

    /// <summary>
    /// Whether since its last announced sleep a message came, a doorbell or a timer. Not known to the actor.
    /// </summary>
    public bool WasDisturbed { get; set; } = true;

    /// <summary>Whether it has withdrawn its last announcement, or made none. Not known to the actor.</summary>
    public bool IsAwake { get; set; } = true;

    /// <summary>Private bytes to run the procedure on: those at its start.</summary>
    public Span<byte> Rewind()
    {
        Committed.CopyTo(_work, 0);
        return _work;
    }

    /// <summary>The procedure has ended: its result is the new start.</summary>
    public void Commit()
    {
        _work.CopyTo(Committed, 0);
        Log.Clear();
    }

    /// <summary>Writes the canonical form.</summary>
    public void Save(StateWriter writer)
    {
        writer.Byte((byte)Next);
        writer.Byte((byte)((IsNotified ? 1 : 0) | (WasDisturbed ? 2 : 0) | (IsAwake ? 4 : 0)));
        writer.Byte((byte)Awaited);
        writer.Byte((byte)Log.Count);
        foreach (ulong value in Log)
        {
            writer.Word(value);
        }

        writer.Raw(Committed);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(ref StateReader reader)
    {
        Next = (Operation)reader.Byte();
        byte flags = reader.Byte();
        IsNotified = (flags & 1) != 0;
        WasDisturbed = (flags & 2) != 0;
        IsAwake = (flags & 4) != 0;
        Awaited = reader.Byte();
        Log.Clear();
        for (int left = reader.Byte(); left > 0; left--)
        {
            Log.Add(reader.Word());
        }

        reader.Raw(Committed.Length).CopyTo(Committed);
    }
}
