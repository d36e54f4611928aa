namespace Atoll.Testing;

/// <summary>A method with a contract, and what its calls have shown so far.</summary>
/// <param name="name">Its name with parameters.</param>
/// <param name="guarantees">What it promises.</param>
/// <param name="verdict">What the analyzer said of it: clean, the rules that reported something, or nothing when there was no log.</param>
internal sealed class ProbedMember(string name, ProbedGuarantees guarantees, string verdict)
{
    private int _calls;
    private int _allocating;
    private int _allocatingInARow;

    public string Name => name;

    public string Verdict => verdict;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Warm calls that have allocated.</summary>
    public int AllocatingCalls => Volatile.Read(ref _allocating);

    /// <summary>How many warm calls up to now have allocated without one between that has not.</summary>
    public int AllocatingCallsInARow => Volatile.Read(ref _allocatingInARow);

    // HasFlag boxes in code that is not optimised yet, and here that would be counted.
    public bool Has(ProbedGuarantees guarantee) => (guarantees & guarantee) != 0;

    /// <summary>Counts a call, and says which one it is.</summary>
    public int BeginCall() => Interlocked.Increment(ref _calls);

    /// <summary>Notes what a warm call has allocated.</summary>
    public void EndWarmCall(long bytes)
    {
        if (bytes > 0)
        {
            Interlocked.Increment(ref _allocating);
            Interlocked.Increment(ref _allocatingInARow);
        }
        else
        {
            Volatile.Write(ref _allocatingInARow, 0);
        }
    }
}
