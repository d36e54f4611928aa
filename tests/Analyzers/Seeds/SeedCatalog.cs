using System.Collections.Immutable;

namespace Atoll.Analyzers.Tests.Seeds;

/// <summary>A seed for every rule.</summary>
public static partial class SeedCatalog
{
    /// <summary>All seeds, by id.</summary>
    public static ImmutableArray<Seed> All { get; } =
    [
        .. ((IEnumerable<Seed>)[.. Objects, .. Calls, .. Owned, .. Messages, .. State, .. Answers])
            .OrderBy(seed => seed.Id, StringComparer.Ordinal),
    ];

    /// <summary>The seed of a rule.</summary>
    public static Seed Find(string id) => All.Single(seed => seed.Id == id);
}
