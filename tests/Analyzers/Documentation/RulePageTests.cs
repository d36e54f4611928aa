using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Documentation;

/// <summary>The pages in docs/rules say what the rules do: their examples are run, by all rules at once.</summary>
public sealed class RulePageTests
{
    /// <summary>Every rule's id.</summary>
    public static TheoryData<string> Ids =>
        [.. RuleVerifier.AllRules.Select(rule => rule.SupportedDiagnostics[0].Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Examples_AreReportedAsMarked(string id)
    {
        RulePage page = RulePage.Read(id);
        Assert.Contains(page.Examples, example => example.IsWrong);
        Assert.Contains(page.Examples, example => example.IsRight);

        AnalyzerOptions files = new([.. page.Files.Select(file => new TextFile(file.Name, file.Text))]);
        foreach (RuleExample example in page.Examples)
        {
            Assert.True(example.IsWrong ^ example.IsRight, example.Code);
            var marked = MarkedSource.Parse(example.Code);
            Assert.Equal(example.IsWrong, marked.Expected.Any(expected => expected.Id == id));
            Assert.Equal(example.IsRight, marked.Expected.IsEmpty);
            await RuleVerifier.VerifyAsync(RuleVerifier.AllRules, example.Code, example.Platform, example.Room, files);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_AgreesWithDescriptor(string id)
    {
        DiagnosticDescriptor rule = Rule(id);
        RulePage page = RulePage.Read(id);

        Assert.Equal($"# {id}: {rule.Title}", page.Heading);
        Assert.Equal(rule.Category, page.Facts[0]);
        Assert.Equal("Error, cannot be silenced", page.Facts[1]);
        Assert.Equal(
            rule.CustomTags.Contains(WellKnownDiagnosticTags.CompilationEnd) ? "at the end of a build" : "while typing",
            page.Facts[2]);
        Assert.Equal(RulePage.RelativePath(id), rule.HelpLinkUri);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_SaysWhoElseWouldReject(string id)
    {
        string section = RulePage.Read(id).Section("Who else would reject it");

        Assert.Matches("csc|ILC|[Ll]inker|[Nn]obody", section);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Descriptor_IsAnErrorThatNobodySilences(string id)
    {
        // The second says that the rule crashed.
        ImmutableArray<DiagnosticDescriptor> all =
            RuleVerifier.AllRules.Single(rule => rule.SupportedDiagnostics[0].Id == id).SupportedDiagnostics;

        Assert.Equal([id, KernelRule.CrashId], all.Select(one => one.Id));
        Assert.All(all, static one =>
        {
            Assert.Equal(DiagnosticSeverity.Error, one.DefaultSeverity);
            Assert.True(one.IsEnabledByDefault);
            Assert.Contains(WellKnownDiagnosticTags.NotConfigurable, one.CustomTags);
            Assert.Contains(WellKnownDiagnosticTags.Compiler, one.CustomTags);
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void ReleaseFile_ListsTheRule(string id)
    {
        string folder = Repository.PathOf("analyzers", "Atoll.Analyzers");
        IEnumerable<string> rows = File.ReadLines(Path.Combine(folder, "AnalyzerReleases.Shipped.md"))
            .Concat(File.ReadLines(Path.Combine(folder, "AnalyzerReleases.Unshipped.md")));
        string analyzer = RuleVerifier.AllRules.Single(rule => rule.SupportedDiagnostics[0].Id == id).GetType().Name;

        Assert.Single(rows, row => row == $"{id} | {Rule(id).Category} | Error | {analyzer}");
    }

    [Fact]
    public void EveryPage_HasARule()
    {
        IEnumerable<string> pages = Directory.EnumerateFiles(Repository.PathOf("docs", "rules"), "ATL*.md")
            .Select(path => Path.GetFileNameWithoutExtension(path)!);

        Assert.Equal(
            RuleVerifier.AllRules.Select(rule => rule.SupportedDiagnostics[0].Id),
            pages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Index_ListsEveryRule()
    {
        string path = Repository.PathOf("docs", "rules", "README.md");
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") == "1")
        {
            File.WriteAllText(path, RuleIndex.Renew(File.ReadAllText(path)));
        }

        Assert.True(
            File.ReadAllText(path).Contains(RuleIndex.Table(), StringComparison.Ordinal),
            "the table in docs/rules/README.md is not what rules and pages say; './build.sh test analyzers --accept' updates it");
    }

    private static DiagnosticDescriptor Rule(string id) =>
        RuleVerifier.AllRules.Select(rule => rule.SupportedDiagnostics[0]).Single(rule => rule.Id == id);
}
