using System.Globalization;

namespace Atoll.Bench.Tests;

/// <summary>What is made of the times that bench/RuleTimer reports.</summary>
public class RuleBenchmarkTests
{
    private const int WarmUpRounds = 4;

    [Fact]
    public void Times_AreFor10000Lines_LeastWarmRound()
    {
        // 2000 lines: five times as much for 10 000.
        Figure[] figures = [.. RuleBenchmark.Read(Answer(2000, [("A", 100), ("B", 3)], [("A", 4), ("B", 1)], [("A", 2), ("B", 3)]))];

        Assert.Equal(2000, Of(figures, "rules.lines").Value);
        Assert.Equal(515, Of(figures, "rules.cold").Value);
        Assert.Equal(10, Of(figures, "rules.A").Value);
        Assert.Equal(5, Of(figures, "rules.B").Value);

        // Both in one round, not the best of each.
        Assert.Equal(25, Of(figures, "rules.warm").Value);
        Assert.True(Of(figures, "rules.warm").MeetsAim);
    }

    [Fact]
    public void SlowRules_MissTheAim() =>
        Assert.False(Of(RuleBenchmark.Read(Answer(10_000, [("A", 1), ("B", 1)], [("A", 600), ("B", 401)])), "rules.warm").MeetsAim);

    [Theory]
    [InlineData("foreign")]
    [InlineData("sdk")]
    public void ForeignCode_IsApart_WithItsOwnAimAndLines(string name)
    {
        string foreign = Answer(5000, [("A", 1), ("B", 1)], [("A", 450), ("B", 60)]).Replace("lines", $"{name}-lines", StringComparison.Ordinal)
            .Replace("time", $"{name}-time", StringComparison.Ordinal);
        Figure[] figures = [.. RuleBenchmark.Read($"{Answer(10_000, [("A", 1)], [("A", 2)])}\n{foreign}")];

        Assert.Equal(2, Of(figures, "rules.warm").Value);
        Assert.Equal(5000, Of(figures, $"rules.{name}.lines").Value);
        Assert.Equal(900, Of(figures, $"rules.{name}.A").Value);
        Assert.Equal(1020, Of(figures, $"rules.{name}").Value);
        Assert.False(Of(figures, $"rules.{name}").MeetsAim);
    }

    [Theory]
    [InlineData("time 0 A 1")]
    [InlineData("lines 5\nforeign-time 0 A 1")]
    [InlineData("lines 5\nhello")]
    [InlineData("")]
    public void Nonsense_IsRefused(string answer) => Assert.Throws<BenchmarkException>(() => RuleBenchmark.Read(answer).ToArray());

    // The first round as given, repeated until the rules are warm; then the others.
    private static string Answer(int lines, (string Rule, double Time)[] first, params (string Rule, double Time)[][] warm) =>
        string.Join('\n', [$"lines {lines}", .. Enumerable.Repeat(first, WarmUpRounds).Concat(warm).SelectMany(
            (times, round) => times.Select(one => string.Create(CultureInfo.InvariantCulture, $"time {round} {one.Rule} {one.Time}")))]);

    private static Figure Of(IEnumerable<Figure> figures, string name) => figures.Single(figure => figure.Name == name);
}
