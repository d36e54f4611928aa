using System.Diagnostics;
using System.Globalization;

namespace Atoll.Bench;

/// <summary>The package Atoll.Analyzers: how often it is wrong, what it costs, and what others find in the same snippets.</summary>
public sealed class ContractBenchmark : Benchmark
{
    private const string MeterProject = "bench/ContractMeter/ContractMeter.csproj";
    private const string MeterProgram = "artifacts/bin/ContractMeter/release/Atoll.ContractMeter.dll";

    private static readonly Dictionary<string, double> s_aims = new()
    {
        ["analyzers.false-clean"] = 0,
        ["analyzers.false-alarm"] = 2,
        ["analyzers.warm"] = 1000,
        ["analyzers.idle"] = 150,
        ["analyzers.crashes"] = 0,
    };

    /// <inheritdoc/>
    public override string Name => "analyzers";

    /// <inheritdoc/>
    public override string Description => "the package Atoll.Analyzers, beside other packages";

    /// <inheritdoc/>
    public override bool NeedsImage => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Projects => [MeterProject];

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        using Process meter = Process.Start(new ProcessStartInfo("dotnet", ["exec", MeterProgram, "."]) { RedirectStandardOutput = true })!;
        string answer = meter.StandardOutput.ReadToEnd();
        meter.WaitForExit();
        return meter.ExitCode == 0 ? Read(answer) : throw new BenchmarkException($"{MeterProgram} ended with {meter.ExitCode}");
    }

    /// <summary>Makes figures of what bench/ContractMeter says: <c>figure NAME VALUE UNIT</c> a line.</summary>
    internal static IEnumerable<Figure> Read(string answer)
    {
        List<Figure> figures = [];
        foreach (string line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split(' ', 4);
            if (parts is not ["figure", var name, var number, var unit] || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                throw new BenchmarkException($"{MeterProgram} said: {line}");
            }

            figures.Add(new Figure(name, unit, value) { Aim = s_aims.TryGetValue(name, out double aim) ? aim : null });
        }

        return s_aims.Keys.FirstOrDefault(name => figures.All(figure => figure.Name != name)) is { } missing
            ? throw new BenchmarkException($"{MeterProgram} did not say {missing}")
            : figures;
    }
}
