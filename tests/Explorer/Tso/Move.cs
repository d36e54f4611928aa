namespace Atoll.Explorer.Tso;

/// <summary>What can happen to a core.</summary>
public enum MoveKind : byte
{
    /// <summary>A context executes its next access.</summary>
    Step,

    /// <summary>The oldest store leaves the buffer for memory.</summary>
    Flush,

    /// <summary>A pending doorbell is taken.</summary>
    Interrupt,

    /// <summary>An interrupt that is no doorbell ends a halt. May happen, need not.</summary>
    Timer,

    /// <summary>The core dies. May happen, need not.</summary>
    Death,

    /// <summary>The timer that a core has armed for its halt ends it, when nothing else happens.</summary>
    Alarm,
}

/// <summary>One transition, written as a letter and two digits, so that a run can be repeated from text.</summary>
public readonly record struct Move(MoveKind Kind, int Core, int Context = 0)
{
    private const string Letters = "SFITXA";

    /// <summary>Whether it happens in the end if nothing prevents it.</summary>
    public bool IsFair => Kind is not (MoveKind.Timer or MoveKind.Death);

    /// <summary>One byte.</summary>
    public byte Encode() => (byte)(((int)Kind << 5) | (Core << 2) | Context);

    /// <summary>Reads <see cref="Encode"/>.</summary>
    public static Move Decode(byte code) => new((MoveKind)(code >> 5), (code >> 2) & 7, code & 3);

    /// <summary>Reads <see cref="ToString"/>.</summary>
    public static Move Parse(string text) => new((MoveKind)Letters.IndexOf(text[0]), text[1] - '0', text[2] - '0');

    /// <inheritdoc/>
    public override string ToString() => $"{Letters[(int)Kind]}{Core}{Context}";
}
