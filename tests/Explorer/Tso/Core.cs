namespace Atoll.Explorer.Tso;

/// <summary>What runs on a core.</summary>
public enum CoreKind : byte
{
    /// <summary>A kernel instance: interrupts are closed unless it opens them.</summary>
    Kernel,

    /// <summary>Programs: interrupts are always open, and a doorbell sets the bit of a notification.</summary>
    Programs,
}

/// <summary>How a core may die.</summary>
public enum Mortality : byte
{
    /// <summary>It does not.</summary>
    Lives,

    /// <summary>Somebody stops it between any two accesses; it executes nothing more.</summary>
    MayBeStopped,

    /// <summary>It panics between any two accesses and announces its own death.</summary>
    MayPanic,
}

/// <summary>A core: store buffer, interrupt state, and the contexts that share them.</summary>
public sealed class Core(CoreKind kind, Mortality mortality, Context[] contexts)
{
    /// <summary>What runs here.</summary>
    public CoreKind Kind { get; } = kind;

    /// <summary>How it may die.</summary>
    public Mortality Mortality { get; } = mortality;

    /// <summary>Its store buffer.</summary>
    public StoreBuffer Buffer { get; } = new();

    /// <summary>
    /// Those who run here. Any of them may take the next step: a switch is given no draining power, so it is no event.
    /// </summary>
    public Context[] Contexts { get; } = contexts;

    /// <summary>Doorbells that were rung and not delivered: one bit per context.</summary>
    public byte Pending { get; set; }

    /// <summary>Whether an interrupt would be taken.</summary>
    public bool InterruptsOpen { get; set; } = kind == CoreKind.Programs;

    /// <summary>Whether the core is in HLT.</summary>
    public bool IsHalted { get; set; }

    /// <summary>Whether a timer is armed that ends the halt.</summary>
    public bool IsTimed { get; set; }

    /// <summary>Whether it has stopped or panicked.</summary>
    public bool IsDead { get; set; }

    /// <summary>Whether it executes nothing any more.</summary>
    public bool IsStopped => IsDead && Mortality == Mortality.MayBeStopped;

    /// <summary>Whether stores into the own buffer commute with all that others do until somebody loads.</summary>
    /// <remarks>Not where the core may die in between, and not where another context shares the buffer.</remarks>
    public bool HasPrivateBuffer => Mortality == Mortality.Lives && Contexts.Length == 1;

    /// <summary>Writes the canonical form.</summary>
    public void Save(StateWriter writer)
    {
        writer.Byte((byte)((InterruptsOpen ? 1 : 0) | (IsHalted ? 2 : 0) | (IsDead ? 4 : 0) | (IsTimed ? 8 : 0)));
        writer.Byte(Pending);
        Buffer.Save(writer);
        foreach (Context context in Contexts)
        {
            context.Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(ref StateReader reader)
    {
        byte flags = reader.Byte();
        InterruptsOpen = (flags & 1) != 0;
        IsHalted = (flags & 2) != 0;
        IsDead = (flags & 4) != 0;
        IsTimed = (flags & 8) != 0;
        Pending = reader.Byte();
        Buffer.Restore(ref reader);
        foreach (Context context in Contexts)
        {
            context.Restore(ref reader);
        }
    }
}
