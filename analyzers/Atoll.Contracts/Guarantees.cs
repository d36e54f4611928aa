namespace Atoll.Contracts;

/// <summary>What a method may promise. One letter each in contract lists.</summary>
[Flags]
internal enum Guarantees
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A call that returns has allocated nothing on the managed heap.</summary>
    NoGC = 1,

    /// <summary>It takes no lock.</summary>
    NoLock = 2,

    /// <summary>It throws nothing on purpose: no <c>throw</c>, no checked arithmetic, no failing cast, no division by zero.</summary>
    NoThrow = 4,

    /// <summary>No chain of calls leads back to it.</summary>
    NoRecursion = 8,

    /// <summary>It waits for nobody: no lock, no sleep, no input or output.</summary>
    NoBlock = 16,

    /// <summary>All of them.</summary>
    All = NoGC | NoLock | NoThrow | NoRecursion | NoBlock,
}

/// <summary>The guarantees one by one, with their names.</summary>
internal static class GuaranteeNames
{
    /// <summary>Every guarantee, its letter in contract lists, and its attribute.</summary>
    public static readonly ImmutableArray<(Guarantees Guarantee, char Letter, string Attribute)> Each =
    [
        (Guarantees.NoGC, 'G', "Atoll.NoGCAttribute"),
        (Guarantees.NoLock, 'L', "Atoll.NoLockAttribute"),
        (Guarantees.NoThrow, 'T', "Atoll.NoThrowAttribute"),
        (Guarantees.NoRecursion, 'R', "Atoll.NoRecursionAttribute"),
        (Guarantees.NoBlock, 'B', "Atoll.NoBlockAttribute"),
    ];

    /// <summary>As a person writes them: <c>[NoGC, NoLock]</c>.</summary>
    public static string Brackets(this Guarantees guarantees) =>
        "[" + string.Join(", ", Each.Where(one => (guarantees & one.Guarantee) != 0).Select(static one => one.Guarantee.ToString())) + "]";
}
