namespace Atoll.Linker.Model;

/// <summary>What the author of a fragment declares about it, for the proof to hold it to.</summary>
/// <remarks>It goes into the image's note of claims (docs/proof.md), from which alone the proof knows it.</remarks>
public sealed record CodeClaims
{
    /// <summary>Nothing out of the ordinary.</summary>
    public static CodeClaims None { get; } = new();

    /// <summary>Kinds of privileged instructions in it, as <see cref="Proof.Properties.PrivilegedKind"/> names
    /// them.</summary>
    public IReadOnlyList<string> Privileged { get; init; } = [];

    /// <summary>Whether somebody outside the image enters it.</summary>
    public bool IsEntry { get; init; }

    /// <summary>Stack that an entry finds itself on; null: it loads one itself.</summary>
    public string? EntryStack { get; init; }

    /// <summary>Whether ring 3 enters it by SYSCALL.</summary>
    public bool IsUserEntry { get; init; }

    /// <summary>Whether it goes to ring 3.</summary>
    public bool LeavesForUser { get; init; }

    /// <summary>Whether a call of it never comes back, and gives the caller's stack up.</summary>
    public bool AbandonsStack { get; init; }

    /// <summary>Whether it jumps to an address that its caller chooses.</summary>
    public bool JumpsAnywhere { get; init; }

    /// <summary>Whether it is there to overflow the stack.</summary>
    public bool ExhaustsStack { get; init; }

    /// <summary>Stretches of it that run elsewhere than they lie.</summary>
    public IReadOnlyList<CopiedCode> Copied { get; init; } = [];

    /// <summary>Stacks that it makes, or tells the processor about.</summary>
    public IReadOnlyList<StackRange> Stacks { get; init; } = [];

    /// <summary>The task state that the processor uses with it, if it is an interrupt descriptor table.</summary>
    public TrapNesting? Traps { get; init; }
}

/// <summary>Code that is copied before it runs.</summary>
/// <param name="Name">Symbol.</param>
/// <param name="Bitness">Mode of the processor: 16, 32 or 64.</param>
/// <param name="OffsetBytes">Where it begins in the fragment.</param>
/// <param name="SizeBytes">Bytes up to the next such stretch, padding included.</param>
/// <param name="RunsAt">Address that it is copied to.</param>
/// <param name="Privileged">Kinds of privileged instructions in it.</param>
/// <param name="IsEntry">Whether somebody outside the image enters it.</param>
public sealed record CopiedCode(
    string Name,
    int Bitness,
    int OffsetBytes,
    int SizeBytes,
    ulong RunsAt,
    IReadOnlyList<string> Privileged,
    bool IsEntry = false);

/// <summary>Memory that code may use as a stack.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Low">Lowest address.</param>
/// <param name="High">First address above.</param>
public sealed record StackRange(string Name, ulong Low, ulong High);

/// <summary>How interrupts find their stacks.</summary>
/// <param name="TaskState">Symbol of the task state segment.</param>
/// <param name="Nested">How many traps may lie upon each other on one stack.</param>
public sealed record TrapNesting(string TaskState, int Nested);
