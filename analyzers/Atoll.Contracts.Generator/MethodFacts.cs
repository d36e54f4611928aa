using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>How far a guarantee is known to hold.</summary>
internal enum Knowledge
{
    /// <summary>It is kept.</summary>
    Kept,

    /// <summary>Nothing says so.</summary>
    Unknown,

    /// <summary>Some path breaks it.</summary>
    Broken,
}

/// <summary>The five guarantees of a method, in the order of their letters G, L, T, R, B.</summary>
internal readonly record struct Knowing(Knowledge G, Knowledge L, Knowledge T, Knowledge R, Knowledge B)
{
    public static Knowing Nothing { get; } = new(Knowledge.Unknown, Knowledge.Unknown, Knowledge.Unknown, Knowledge.Unknown, Knowledge.Unknown);

    public Knowing Worse(Knowing other) =>
        new(Max(G, other.G), Max(L, other.L), Max(T, other.T), Max(R, other.R), Max(B, other.B));

    /// <summary>What remains of a call from which no path returns: that it throws.</summary>
    public Knowing OnTheWayOut() => new(Knowledge.Kept, Knowledge.Kept, T, Knowledge.Kept, Knowledge.Kept);

    private static Knowledge Max(Knowledge one, Knowledge other) => one > other ? one : other;
}

/// <summary>One call in a body.</summary>
/// <param name="Callee">Who is called.</param>
/// <param name="IsOnTheWayOut">Whether no path from here returns.</param>
internal readonly record struct CallEdge(MethodBase Callee, bool IsOnTheWayOut);

/// <summary>What one body does by itself, and whom it calls.</summary>
/// <param name="Own">What it does by itself.</param>
/// <param name="Calls">Whom it calls.</param>
/// <param name="Assumed">What it calls that somebody may have replaced.</param>
internal sealed record MethodFacts(Knowing Own, IReadOnlyList<CallEdge> Calls, Assumptions Assumed)
{
    public static MethodFacts Leaf(Knowing own, Assumptions assumed = Assumptions.None) => new(own, [], assumed);
}
