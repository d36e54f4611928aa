using Atoll.Contracts.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Tests.Documentation;

/// <summary>Each rule has a page inside the package, and the page is about that rule.</summary>
public sealed class RulePageTests
{
    private static readonly string s_package = Repository.PathOf("analyzers", "Atoll.Analyzers.Package");

    /// <summary>Ids of all rules.</summary>
    public static TheoryData<string> Ids => [.. new ContractAnalyzer().SupportedDiagnostics.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_IsWhereTheHelpLinkPoints_WithTheRulesTitle(string id)
    {
        DiagnosticDescriptor rule = new ContractAnalyzer().SupportedDiagnostics.Single(one => one.Id == id);
        string page = File.ReadAllText(Path.Combine(s_package, rule.HelpLinkUri));

        Assert.StartsWith($"# {id}: {rule.Title}\n", page);
        Assert.Contains($"Category `{rule.Category}`, {rule.DefaultSeverity.ToString().ToLowerInvariant()}.", page);
        Assert.Contains("❌", page);
        Assert.Contains("✅", page);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Readme_ListsTheRule(string id) => Assert.Contains($"| [{id}](docs/{id}.md) |", File.ReadAllText(Path.Combine(s_package, "README.md")));

    [Fact]
    public void NoPage_WithoutARule() =>
        Assert.Equal(
            new ContractAnalyzer().SupportedDiagnostics.Select(rule => rule.Id).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Combine(s_package, "docs")).Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));
}
