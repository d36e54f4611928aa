using Atoll.Analyzers.Tests.Documentation;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Seeds;

/// <summary>Each rule stops a build of the real kernel: its trigger is planted there, and csc reports it at that place.</summary>
public sealed class SeedTests(SeededTree tree) : IClassFixture<SeededTree>
{
    [Theory]
    [MemberData(nameof(RulePageTests.Ids), MemberType = typeof(RulePageTests))]
    public void Rule_HasOneSeed_ThatApplies(string id)
    {
        Assert.True(SeedCatalog.All.Count(seed => seed.Id == id) == 1, $"{id} needs a seed in tests/Analyzers/Seeds");
        Seed seed = SeedCatalog.Find(id);

        Assert.NotEmpty(seed.Reports);
        Assert.True(SeededTree.Applies(seed, Repository.Root));
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(RulePageTests.Ids), MemberType = typeof(RulePageTests))]
    public void Seed_FailsTheBuild(string id)
    {
        string output = tree.RuledOutput;

        Assert.All(SeedCatalog.Find(id).Reports, report => Assert.Contains($"/{report}", output, StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(RulePageTests.Ids), MemberType = typeof(RulePageTests))]
    public void ToolChainAlone_IsAsTold(string id)
    {
        Seed seed = SeedCatalog.Find(id);

        Verdict verdict = tree.BuildAlone(seed);

        Assert.True(seed.Alone == verdict.By, $"{id}: {seed.Alone} expected, and {verdict.By} it was: {verdict.Words}");
    }
}
