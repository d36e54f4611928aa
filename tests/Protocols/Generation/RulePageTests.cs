using System.Reflection;
using System.Text.RegularExpressions;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Generators;
using Microsoft.CodeAnalysis;

namespace Atoll.Protocols.Tests.Generation;

/// <summary>The pages in docs/protocols say what the generators refuse: their examples are run.</summary>
public sealed partial class RulePageTests
{
    private const string Head = "namespace Atoll.Services.Example; using System; using Atoll.Services.Lib;\n";

    public static TheoryData<string> Ids => [.. Rules().Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Examples_AreReportedAsMarked(string id)
    {
        List<Example> examples = [.. Examples(Page(id))];
        Assert.Contains(examples, example => !example.IsRight);
        Assert.Contains(examples, example => example.IsRight);
        foreach (Example example in examples)
        {
            MarkedSource code = MarkedSource.Parse(Head + example.Code);
            (string Name, MarkedSource Text)[] files = [.. example.Files.Select(file => (file.Name, MarkedSource.Parse(file.Text)))];
            GeneratorRun run = GeneratorRun.Over(
                [("Example.cs", code.Text)], files.Select(file => (file.Name, file.Text.Text)));

            string[] expected =
            [
                .. code.Expected.Select(mark => $"{mark.Id} Example.cs {mark.Span}"),
                .. files.SelectMany(file => file.Text.Expected.Select(mark => $"{mark.Id} {file.Name} {mark.Span}")),
            ];
            string[] found = [.. run.Found.Select(report => $"{report.Id} {report.Location.GetLineSpan().Path} {report.Location.SourceSpan}")];
            Assert.Equal(expected.Order(), found.Order());
            Assert.Equal(example.IsRight, expected.Length == 0);
            Assert.All(code.Expected.Concat(files.SelectMany(file => file.Text.Expected)), mark => Assert.Equal(id, mark.Id));
            if (example.IsRight)
            {
                Assert.NotEmpty(run.Made);
                RuleVerifier.AssertCompiles(run.Output, example.Code);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_AgreesWithRule(string id)
    {
        DiagnosticDescriptor rule = Rules().Single(rule => rule.Id == id);
        Assert.StartsWith($"# {id}: {rule.Title}\n", Page(id), StringComparison.Ordinal);
        Assert.Equal($"docs/protocols/{id}.md", rule.HelpLinkUri);
        Assert.Equal(DiagnosticSeverity.Error, rule.DefaultSeverity);
        Assert.Contains(WellKnownDiagnosticTags.NotConfigurable, rule.CustomTags);
    }

    [Fact]
    public void EveryPage_HasARule_AndIsInTheIndex()
    {
        string[] pages = [.. Directory.EnumerateFiles(Repository.PathOf("docs", "protocols"), "*.md").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];
        Assert.Equal(Rules().Select(rule => rule.Id).Order(), pages);
        string index = File.ReadAllText(Repository.PathOf("docs", "protocols.md"));
        Assert.All(Rules(), rule => Assert.Contains($"| [{rule.Id}](protocols/{rule.Id}.md) | {rule.Title} |", index, StringComparison.Ordinal));
    }

    /// <summary>A message tells what to do about it: the line to add, the version to raise.</summary>
    [Theory]
    [InlineData("ulong Now(uint zone);", "version 1\n4 Date() u64\n", "'Now' has no id in version 1 of clock.protocol.txt; add the line '5 Now(u32) u64'")]
    [InlineData("ulong Now();", "version 1\n1 Now() u32\n", "Id 1 of protocol 'clock' meant 'Now() u32' in version 1 and means 'Now() u64' now; raise the version")]
    [InlineData("ulong Now();", "version 1\n1 Now() u64\n1 Date() u64\n", "Line '1 Date() u64': id 1 is that of 'Now' already")]
    public void Message_NamesCauseAndRemedy(string method, string ids, string message)
    {
        string source = $"{Head}[Protocol(\"clock\", version: 1)] public interface IClock {{ {method} }}";
        Assert.Contains(message, GeneratorRun.Over([("IClock.cs", source)], [("clock.protocol.txt", ids)]).Found.Select(report => report.GetMessage()));
    }

    private static string Page(string id) => File.ReadAllText(Repository.PathOf("docs", "protocols", $"{id}.md")).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static IEnumerable<DiagnosticDescriptor> Rules() =>
        typeof(ProtocolRules).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (DiagnosticDescriptor)field.GetValue(null)!);

    // A block of C#, and the files that follow it.
    private static IEnumerable<Example> Examples(string page)
    {
        Example? current = null;
        foreach (Match block in Block().Matches(page))
        {
            string text = block.Groups["text"].Value;
            if (block.Groups["name"].Success)
            {
                current!.Files.Add((block.Groups["name"].Value, text));
                continue;
            }

            if (current is not null)
            {
                yield return current;
            }

            Assert.Matches("^// [❌✅]\n", text);
            current = new Example(text, text[3] == '✅', []);
        }

        yield return current!;
    }

    [GeneratedRegex(@"^```(csharp|text (?<name>[\w.]+))\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    private sealed record Example(string Code, bool IsRight, List<(string Name, string Text)> Files);
}
