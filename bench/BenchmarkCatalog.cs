using Atoll.Bench.Rings;

namespace Atoll.Bench;

/// <summary>Every benchmark there is.</summary>
public static class BenchmarkCatalog
{
    /// <summary>All benchmarks.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new BootBenchmark(), new KernelBenchmark(), new AcrossBenchmark(), new NetBenchmark(), new GuestRingBenchmark(), new ScaleBenchmark(), new RingBenchmark(), new LinkerBenchmark(), new RuleBenchmark(),
        new ContractBenchmark(),
    ];

    /// <summary>Finds a benchmark by its name, or null.</summary>
    public static Benchmark? Find(string name) => All.FirstOrDefault(benchmark => benchmark.Name == name);
}
