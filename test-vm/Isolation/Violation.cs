namespace Atoll.TestVm.Isolation;

/// <summary>The rule of docs/image.md and of the design (kernel instance) that a machine breaks.</summary>
public enum IsolationRule
{
    /// <summary>The CPU does not enforce the tables: CR0.WP or EFER.NXE is off, or CR3 is not the instance's own.</summary>
    Enforcement,

    /// <summary>A paging structure is outside memory, or outside its owner's private block.</summary>
    TablePlace,

    /// <summary>A paging structure can be written through a mapping other than the owner's for its peer region.</summary>
    TableExposed,

    /// <summary>Something is mapped where nothing belongs: a guard page, page 0, a direct map.</summary>
    Unexpected,

    /// <summary>A page that every instance needs is not mapped.</summary>
    Missing,

    /// <summary>A large page is mapped.</summary>
    LargePage,

    /// <summary>User mode has access to a kernel page.</summary>
    UserAccess,

    /// <summary>A program's half of its address space has a page that its programs may not use, or its kernel's half is not the instance's.</summary>
    KernelHalf,

    /// <summary>A page has other rights than its purpose asks for.</summary>
    Rights,

    /// <summary>A page is mapped to another frame than its purpose asks for.</summary>
    WrongFrame,

    /// <summary>A frame is executable at one address and writable at another, in any instance.</summary>
    WriteAndExecute,

    /// <summary>A frame is writable in two instances and is no ring between them, or at two addresses of one instance.</summary>
    SharedWritable,

    /// <summary>A frame of one instance's private block is mapped by another.</summary>
    ForeignFrame,

    /// <summary>A ring is not mapped at exactly its two ends.</summary>
    RingEnds,

    /// <summary>A page at a program's place for rings is not that of a channel with exactly two ends.</summary>
    ChannelEnds,

    /// <summary>A kernel holds a frame of another that does not know it, or a lender has what it lent as a whole.</summary>
    LentFrame,

    /// <summary>The local APIC is cached.</summary>
    Cacheability,

    /// <summary>What the guest lists as its private pages is not what its tables map.</summary>
    PageList,

    /// <summary>More pages are mapped than an instance can need.</summary>
    Bound,
}

/// <summary>One breach of isolation, in words.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Core">Core whose instance breaks it.</param>
/// <param name="Words">What is wrong, with addresses.</param>
public sealed record Violation(IsolationRule Rule, int Core, string Words)
{
    /// <inheritdoc/>
    public override string ToString() => $"core {Core}: {Words} ({Rule})";
}
