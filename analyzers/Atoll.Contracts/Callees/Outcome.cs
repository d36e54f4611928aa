namespace Atoll.Contracts.Callees;

/// <summary>What is known about one guarantee of a call.</summary>
internal enum Verdict
{
    /// <summary>It is kept.</summary>
    Clean,

    /// <summary>Nothing says so, and nothing says the contrary.</summary>
    Unknown,

    /// <summary>It is broken on some path.</summary>
    Broken,
}

/// <summary>A verdict with its reason: the chain of calls and what the last one does.</summary>
internal readonly record struct Outcome(Verdict Verdict, string Why)
{
    public static Outcome Clean => new(Verdict.Clean, string.Empty);
}
