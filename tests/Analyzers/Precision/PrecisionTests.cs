using System.Text;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;
using Xunit.Abstractions;

namespace Atoll.Analyzers.Tests.Precision;

/// <summary>Labelled snippets over all rules: the mistakes are known, listed in docs/results/precision.md, and do not grow.</summary>
public sealed class PrecisionTests(ITestOutputHelper output)
{
    private const int CasesMin = 200;

    [Fact]
    public async Task Mistakes_AreTheKnownOnes()
    {
        var scores = new List<PrecisionScore>();
        foreach (PrecisionCase one in PrecisionCase.All)
        {
            scores.Add(await PrecisionScore.RunAsync(one));
        }

        string present = Describe(scores);
        output.WriteLine(present);
        string path = Repository.PathOf("docs", "results", "precision.md");
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") == "1")
        {
            File.WriteAllText(path, present);
        }

        string known = File.ReadAllText(path).ReplaceLineEndings("\n");
        string[] grown = [.. scores.SelectMany(static score => score.Mistakes).Where(mistake => !known.Contains($"- {mistake}\n", StringComparison.Ordinal))];
        Assert.True(grown.Length == 0, $"docs/results/precision.md does not know these mistakes:\n{string.Join('\n', grown)}");
        Assert.True(
            present == known, "docs/results/precision.md is not what was measured; './build.sh test analyzers --accept' updates it");
    }

    [Fact]
    public void Cases_AreEnough_AndOfBothKinds()
    {
        Assert.True(PrecisionCase.All.Length >= CasesMin);
        Assert.All(PrecisionCase.All.GroupBy(static one => one.Id), static rule =>
        {
            Assert.Contains(rule, static one => one.Fires);
            Assert.Contains(rule, static one => !one.Fires);
        });
    }

    /// <summary>A rule that is silent about nonsense proves nothing.</summary>
    [Fact]
    public void Cases_AreCSharp()
    {
        string[] errors =
        [
            .. PrecisionCase.All.SelectMany(static one => one.Compile().GetDiagnostics()
                .Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(error => $"{one.Id}: '{one.Title}': {error}")),
        ];
        Assert.True(errors.Length == 0, string.Join('\n', errors));
    }

    /// <summary>What counts as a mistake, on a case whose label is wrong on purpose.</summary>
    [Fact]
    public async Task Score_CountsBothKindsOfMistakes()
    {
        PrecisionCase[] cases =
        [
            .. PrecisionCase.Read(
                "ATL0601",
                "=== fires: wrong place\n{|ATL0601:static int s_ticks;|}\n=== silent: wrong label\nstatic int s_ticks;\n=== silent: right\nconst int Ticks = 1;\n"),
        ];

        PrecisionScore place = await PrecisionScore.RunAsync(cases[0]);
        PrecisionScore label = await PrecisionScore.RunAsync(cases[1]);
        PrecisionScore right = await PrecisionScore.RunAsync(cases[2]);

        Assert.Equal((1, 1), (place.FalsePositives.Length, place.FalseNegatives.Length));
        Assert.Equal((1, 0), (label.FalsePositives.Length, label.FalseNegatives.Length));
        Assert.Empty(right.Mistakes);
    }

    private static string Describe(List<PrecisionScore> scores)
    {
        var text = new StringBuilder(
            $"""
            # Precision of the rules

            Written by `./build.sh test analyzers --accept` from the {scores.Count} labelled snippets in `tests/Analyzers/Precision/Cases`. A label says what is
            right: the rule must report at this span, or must stay silent. A report elsewhere is a false positive, a marked span without one a false
            negative.

            | Rule | Must fire | Must be silent | False positives | False negatives |
            | --- | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (IGrouping<string, PrecisionScore> rule in scores.GroupBy(static score => score.Case.Id))
        {
            text.Append(Row($"[{rule.Key}](../rules/{rule.Key}.md)", [.. rule]));
        }

        text.Append(Row("all", scores)).Append("\n## Known mistakes\n\n");
        string[] mistakes = [.. scores.SelectMany(static score => score.Mistakes)];
        return text.AppendJoin("", mistakes.Length == 0 ? ["None.\n"] : mistakes.Select(static mistake => $"- {mistake}\n")).ToString();
    }

    private static string Row(string name, List<PrecisionScore> scores) =>
        $"| {name} | {scores.Count(static score => score.Case.Fires)} | {scores.Count(static score => !score.Case.Fires)} "
        + $"| {scores.Sum(static score => score.FalsePositives.Length)} | {scores.Sum(static score => score.FalseNegatives.Length)} |\n";
}
