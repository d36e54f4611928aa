using System.Text.RegularExpressions;
using Atoll.Contracts.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Tests.Documentation;

/// <summary>Each rule has a page inside the package, and the page is about that rule.</summary>
public sealed partial class RulePageTests
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

    /// <summary>Ids of the rules whose examples are C#; the others are about files.</summary>
    public static TheoryData<string> IdsOfCode => [.. new ContractAnalyzer().SupportedDiagnostics.Select(rule => rule.Id).Where(id => id is not ("ATL2902" or "ATL2904"))];

    [Theory]
    [MemberData(nameof(IdsOfCode))]
    public async Task Examples_DoWhatThePageSays(string id)
    {
        string page = await File.ReadAllTextAsync(Path.Combine(s_package, "docs", id + ".md"));
        string[] examples = [.. Example().Matches(page).Select(match => match.Groups["code"].Value)];

        Assert.Equal(2, examples.Length);
        Assert.Contains(id, (await RuleRun.Of(Frame(examples[0]))).Select(one => one.Id));
        Assert.All(await RuleRun.Of(Frame(examples[1])), one => Assert.Equal(Snippet.UnknownId, id == Snippet.UnknownId ? "none" : one.Id));
    }

    // What the examples name.
    private static string Frame(string example) => $$"""
        using System;
        using System.Collections;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Atoll;

        [Flags] enum Access { Read = 1, Write = 2 }
        class Node { public Node Next; }
        interface IShape { int Area(); }
        struct Walk { public Walk(Page page) { } public int Current => 1; public bool MoveNext() => false; }

        class Page
        {
            int _n;
            readonly object _gate = new object();
            Action _action;
            TimerCallback _tick;
            static void Use(int n) { }

            {{example.Replace("Node?", "Node")}}
        }
        """;

    [GeneratedRegex("```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [Theory]
    [MemberData(nameof(Ids))]
    public void Readme_ListsTheRule(string id) => Assert.Contains($"| [{id}](docs/{id}.md) |", File.ReadAllText(Path.Combine(s_package, "README.md")));

    [Fact]
    public void NoPage_WithoutARule() =>
        Assert.Equal(
            new ContractAnalyzer().SupportedDiagnostics.Select(rule => rule.Id).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Combine(s_package, "docs")).Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));
}
