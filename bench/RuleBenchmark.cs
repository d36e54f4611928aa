using System.Diagnostics;
using System.Globalization;

namespace Atoll.Bench;

/// <summary>What each rule adds to the compilation of the kernel.</summary>
public sealed class RuleBenchmark : Benchmark
{
    private const string TimerProject = "bench/RuleTimer/RuleTimer.csproj";
    private const string TimerProgram = "artifacts/bin/RuleTimer/release/Atoll.RuleTimer.dll";
    private const string Unit = "ms/10000 lines";

    // The first compiles the rules, a few more make the runtime's second thoughts about them.
    private const int WarmUpRounds = 4;
    private const int Rounds = WarmUpRounds + 7;

    /// <inheritdoc/>
    public override string Name => "rules";

    /// <inheritdoc/>
    public override string Description => "own time of each rule over the rooms of the kernel image and over foreign code";

    /// <inheritdoc/>
    public override bool NeedsImage => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Projects => [TimerProject];

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        using Process timer = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", TimerProgram, ".", Rounds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        string answer = timer.StandardOutput.ReadToEnd();
        timer.WaitForExit();
        return timer.ExitCode == 0 ? Read(answer) : throw new BenchmarkException($"{TimerProgram} ended with {timer.ExitCode}");
    }

    /// <summary>Makes figures of what bench/RuleTimer says.</summary>
    internal static IEnumerable<Figure> Read(string answer)
    {
        double? lines = null;
        double? foreignLines = null;
        List<(int Round, string Rule, double Milliseconds)> times = [];
        List<(int Round, string Rule, double Milliseconds)> foreignTimes = [];
        foreach (string line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (line.Split(' '))
            {
                case ["lines", var count]:
                    lines = Number(count);
                    break;
                case ["time", var round, var rule, var milliseconds]:
                    times.Add(((int)Number(round), rule, PerUnit(milliseconds, lines ?? throw NotUnderstood(line))));
                    break;
                case ["foreign-lines", var count]:
                    foreignLines = Number(count);
                    break;
                case ["foreign-time", var round, var rule, var milliseconds]:
                    foreignTimes.Add(((int)Number(round), rule, PerUnit(milliseconds, foreignLines ?? throw NotUnderstood(line))));
                    break;
                default:
                    throw NotUnderstood(line);
            }
        }

        return
        [
            new Figure("rules.lines", "lines", lines ?? throw NotUnderstood(answer)),
            new Figure("rules.cold", Unit, Rounded(times.Where(time => time.Round == 0).Sum(time => time.Milliseconds))),
            Least("rules.warm", Sums(times)) with { Aim = 1000 },
            .. times.Where(IsWarm).GroupBy(time => time.Rule)
                .Select(rule => Least($"rules.{rule.Key}", rule.Select(time => time.Milliseconds)))
                .OrderByDescending(figure => figure.Value),
            .. foreignLines is { } measured ? Foreign(measured, foreignTimes) : [],
        ];
    }

    // The three slowest show where to look.
    private static IEnumerable<Figure> Foreign(double lines, List<(int Round, string Rule, double Milliseconds)> times) =>
    [
        new Figure("rules.foreign.lines", "lines", lines),
        Least("rules.foreign", Sums(times)) with { Aim = 1000 },
        .. times.Where(IsWarm).GroupBy(time => time.Rule)
            .Select(rule => Least($"rules.foreign.{rule.Key}", rule.Select(time => time.Milliseconds)))
            .OrderByDescending(figure => figure.Value).Take(3),
    ];

    private static IEnumerable<double> Sums(IEnumerable<(int Round, string Rule, double Milliseconds)> times) =>
        times.Where(IsWarm).GroupBy(time => time.Round, (_, all) => all.Sum(time => time.Milliseconds));

    private static double PerUnit(string milliseconds, double lines)
    {
        const double LinesPerUnit = 10_000;
        return Number(milliseconds) * LinesPerUnit / lines;
    }

    private static bool IsWarm((int Round, string Rule, double Milliseconds) time) => time.Round >= WarmUpRounds;

    // A rule does the same in each round; what the machine does besides only adds.
    private static Figure Least(string name, IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return new Figure(name, Unit, Rounded(sorted[0])) { Low = Rounded(sorted[sorted.Length / 4]), High = Rounded(sorted[sorted.Length * 3 / 4]) };
    }

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, 2);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static BenchmarkException NotUnderstood(string line) => new($"{TimerProgram} said: {line}");
}
