using System.ComponentModel;

namespace Atoll.Testing;

/// <summary>What a method promises, and what it is allowed. The weaver writes these numbers.</summary>
[Flags]
internal enum ProbedGuarantees
{
    None = 0,
    NoGC = 1,
    NoLock = 2,
    NoThrow = 4,
    NoRecursion = 8,
    NoBlock = 16,

    /// <summary>It may allocate although its callers may not.</summary>
    AllowAlloc = 32,

    /// <summary>It says that it does so once, or until something has grown.</summary>
    Amortized = 64,
}

/// <summary>One call in progress. Woven code only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ProbeFrame
{
    internal ProbeFrame(ProbedMember member, int call, bool isReentered, long bytesBefore, long excusedBefore, ContentionMark contentionsBefore)
    {
        Member = member;
        Call = call;
        IsReentered = isReentered;
        BytesBefore = bytesBefore;
        ExcusedBefore = excusedBefore;
        ContentionsBefore = contentionsBefore;
    }

    internal ProbedMember Member { get; }

    internal int Call { get; }

    internal bool IsReentered { get; }

    internal long BytesBefore { get; }

    internal long ExcusedBefore { get; }

    internal ContentionMark ContentionsBefore { get; }
}
