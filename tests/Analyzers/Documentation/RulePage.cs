using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Atoll.Analyzers.Tests.Harness;

namespace Atoll.Analyzers.Tests.Documentation;

/// <summary>
/// One block of C# on a page. Its first line says whether the rules object: <c>// ❌</c> or <c>// ✅</c>.
/// </summary>
public sealed record RuleExample(string Code, TestPlatform Platform, string Room)
{
    /// <summary>Says whether the page shows it as wrong.</summary>
    public bool IsWrong => Code.StartsWith("// ❌\n", StringComparison.Ordinal);

    /// <summary>Says whether the page shows it as right.</summary>
    public bool IsRight => Code.StartsWith("// ✅\n", StringComparison.Ordinal);
}

/// <summary>A page of docs/rules, read back.</summary>
public sealed partial record RulePage(string Id, string Text)
{
    /// <summary>Where a page is, from the repository's root.</summary>
    public static string RelativePath(string id) => $"docs/rules/{id}.md";

    /// <summary>Reads a rule's page.</summary>
    public static RulePage Read(string id) =>
        new(id, File.ReadAllText(Repository.PathOf("docs", "rules", $"{id}.md")));

    /// <summary>The heading.</summary>
    public string Heading => Text[..Text.IndexOf('\n')];

    /// <summary>The cells of the table below the heading: category, severity, when it is shown, code fix.</summary>
    public ImmutableArray<string> Facts =>
    [
        .. Text.Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .ElementAt(2).Trim('|', ' ').Split(" | "),
    ];

    /// <summary>
    /// The blocks of C#. The fence may name <c>dotnet</c> or <c>room=…</c>; otherwise the platform is the kernel's.
    /// </summary>
    public ImmutableArray<RuleExample> Examples =>
    [
        .. Block().Matches(Text).Select(match => new RuleExample(
            match.Groups["code"].Value,
            match.Groups["info"].Value == " dotnet" ? TestPlatform.DotNet : TestPlatform.Kernel,
            match.Groups["room"] is { Success: true, Value: var room } ? room : "Atoll.Test")),
    ];

    /// <summary>The files beside the sources: blocks whose fence says <c>text NAME</c>.</summary>
    public ImmutableArray<(string Name, string Text)> Files =>
        [.. FileBlock().Matches(Text).Select(match => (match.Groups["name"].Value, match.Groups["text"].Value))];

    /// <summary>The text of a section, without its heading.</summary>
    public string Section(string title)
    {
        Match match = Regex.Match(Text, $@"^## {Regex.Escape(title)}\n(?<body>.*?)(?=^## |\z)",
            RegexOptions.Multiline | RegexOptions.Singleline);
        return match.Groups["body"].Value.Trim();
    }

    [GeneratedRegex(@"^```text (?<name>[\w.]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FileBlock();

    [GeneratedRegex(
        @"^```csharp(?<info> dotnet| room=(?<room>[\w.]+))?\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
