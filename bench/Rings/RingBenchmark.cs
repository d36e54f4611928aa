using Atoll.TestVm.Machine;

namespace Atoll.Bench.Rings;

/// <summary>The ring of kernel/Ipc on two real processors, against peers and against what the processors can do at all.</summary>
public sealed class RingBenchmark : Benchmark
{
    private const string SamplerProject = "bench/RingSampler/RingSampler.csproj";
    private const string SamplerProgram = "artifacts/bin/RingSampler/release/Atoll.RingSampler.dll";

    // Rounds in which every series is sampled once, so that all see the same weather.
    private const int Rounds = 41;

    /// <inheritdoc/>
    public override string Name => "rings";

    /// <inheritdoc/>
    public override string Description => "ticks for a message through rings and queues between two processors of this machine";

    /// <inheritdoc/>
    public override bool NeedsImage => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Projects => [SamplerProject];

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => BoostPeer.Packages;

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("rings are measured on Linux, which lets threads choose their processors");
        }

        // What csc and ILC make for the kernel knows no AVX; so neither does the JIT, for the kernel's form of the ring.
        using var kernel = new SamplerProcess("dotnet", ["exec", SamplerProgram], ("DOTNET_EnableAVX", "0"));
        using var host = new SamplerProcess("dotnet", ["exec", SamplerProgram]);
        string? missing = BoostPeer.Missing;
        using SamplerProcess? boost = missing is null ? BoostPeer.Start() : null;

        var samples = new SampleSet();
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Series series in RingPlan.All)
            {
                if (Sampler(series) is { } sampler)
                {
                    samples.Add(series, sampler.Take(series));
                }
            }
        }

        return Report(samples, host.MeasureTicksPerNanosecond(), missing);

        SamplerProcess? Sampler(Series series) => series.Contender switch
        {
            RingPlan.Kernel => kernel,
            RingPlan.Boost or RingPlan.BoostBulk => boost,
            _ => host,
        };
    }

    private static IEnumerable<Figure> Report(SampleSet samples, double ticksPerNanosecond, string? missing)
    {
        foreach (Figure figure in new RingFigures(samples, ticksPerNanosecond).All())
        {
            yield return figure;
        }

        if (missing is not null)
        {
            yield return Figure.NotMeasured($"ring.throughput.{RingPlan.Boost}", "ticks", missing);
        }

        yield return new Figure("ring.samples.kept", "samples", samples.Kept);
        yield return new Figure("ring.samples.discarded", "samples", samples.Discarded);
    }
}
