using System.ComponentModel;

namespace Atoll.Testing;

/// <summary>What a probe measures. None: the method has <c>[AllowAlloc]</c>.</summary>
[Flags]
internal enum ProbedGuarantees
{
    None = 0,
    NoGC = 1,
    NoLock = 2,
    NoThrow = 4,
    NoRecursion = 8,
}

/// <summary>One call in progress. Woven code only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ProbeFrame
{
    internal ProbeFrame(
        string member, ProbedGuarantees guarantees, string verdict, int call, bool isReentered, long bytesBefore, long excusedBefore, long contentionsBefore)
    {
        Member = member;
        Guarantees = guarantees;
        Verdict = verdict;
        Call = call;
        IsReentered = isReentered;
        BytesBefore = bytesBefore;
        ExcusedBefore = excusedBefore;
        ContentionsBefore = contentionsBefore;
    }

    internal string Member { get; }

    internal ProbedGuarantees Guarantees { get; }

    internal string Verdict { get; }

    internal int Call { get; }

    internal bool IsReentered { get; }

    internal long BytesBefore { get; }

    internal long ExcusedBefore { get; }

    internal long ContentionsBefore { get; }
}
