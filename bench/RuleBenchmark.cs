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
    public override string Description => "own time of each rule over the rooms of the kernel image, over the rules and over assemblies of the SDK";

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
        Measured kernel = new("");
        Measured[] foreign = [new("foreign"), new("sdk")];
        foreach (string line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!kernel.TryRead(line) && !foreign.Any(one => one.TryRead(line)))
            {
                throw NotUnderstood(line);
            }
        }

        return
        [
            new Figure("rules.lines", "lines", kernel.Lines ?? throw NotUnderstood(answer)),
            new Figure("rules.cold", Unit, Rounded(kernel.Times.Where(time => time.Round == 0).Sum(time => time.Milliseconds))),
            Least("rules.warm", Sums(kernel.Times)) with { Aim = 1000 },
            .. ByRule("rules", kernel.Times),
            .. foreign.Where(one => one.Lines is not null).SelectMany(Foreign),
        ];
    }

    // The three slowest show where to look.
    private static IEnumerable<Figure> Foreign(Measured measured) =>
    [
        new Figure($"rules.{measured.Name}.lines", "lines", measured.Lines!.Value),
        Least($"rules.{measured.Name}", Sums(measured.Times)) with { Aim = 1000 },
        .. ByRule($"rules.{measured.Name}", measured.Times).Take(3),
    ];

    private static IEnumerable<Figure> ByRule(string name, IEnumerable<(int Round, string Rule, double Milliseconds)> times) =>
        times.Where(IsWarm).GroupBy(time => time.Rule)
            .Select(rule => Least($"{name}.{rule.Key}", rule.Select(time => time.Milliseconds)))
            .OrderByDescending(figure => figure.Value);

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

    /// <summary>What was said of one body of code, told by the word before <c>lines</c> and <c>time</c>.</summary>
    private sealed class Measured(string name)
    {
        private readonly string _prefix = name.Length == 0 ? "" : name + "-";

        public string Name => name;

        public double? Lines { get; private set; }

        public List<(int Round, string Rule, double Milliseconds)> Times { get; } = [];

        /// <summary>Reads a line; false when it is of other code, or comes before the number of lines.</summary>
        public bool TryRead(string line)
        {
            switch (line.Split(' '))
            {
                case [var word, var count] when word == _prefix + "lines":
                    Lines = Number(count);
                    return true;
                case [var word, var round, var rule, var milliseconds] when word == _prefix + "time" && Lines is { } lines:
                    Times.Add(((int)Number(round), rule, PerUnit(milliseconds, lines)));
                    return true;
                default:
                    return false;
            }
        }
    }
}
