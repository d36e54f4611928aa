using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Serial;
using Atoll.TestVm.Symbols;

namespace Atoll.Bench;

/// <summary>What an instance costs: to bring up, and in memory.</summary>
public sealed class BootBenchmark : Benchmark
{
    /// <summary>Bytes of text and read-only data, which all instances share: what fits a small L2 cache with room to spare.</summary>
    private const double TextBytesAim = 128 * 1024;

    /// <summary>Bytes of an idle instance's own memory.</summary>
    private const double PrivateBytesAim = 64 * 1024;

    private static readonly int[] s_cores = [1, 4, 16];

    /// <inheritdoc/>
    public override string Name => "boot";

    /// <inheritdoc/>
    public override string Description => "instructions from entry to healthy, memory of an instance, size of the image";

    /// <inheritdoc/>
    public override bool NeedsTrialImage => false;

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        VmOutcome outcome = null!;
        foreach (int cores in s_cores)
        {
            outcome = Boot(setup, cores);
            yield return Instance(outcome, setup.Icount) with { Cores = cores };
        }

        foreach (Figure figure in Memory(outcome).Concat(ImageFigures.Measure(setup.ImagePath)))
        {
            yield return figure;
        }
    }

    /// <summary>Figures of one boot: what an instance took to come up, and memory.</summary>
    internal static IEnumerable<Figure> MeasureOnce(BenchmarkSetup setup, int cores)
    {
        VmOutcome outcome = Boot(setup, cores);
        return [Instance(outcome, setup.Icount) with { Cores = cores }, .. Memory(outcome)];
    }

    private static VmOutcome Boot(BenchmarkSetup setup, int cores)
    {
        VmOutcome outcome = VmMachine.Run(new VmSettings
        {
            ImagePath = setup.ImagePath,
            Cores = cores,
            Icount = setup.Icount,
            BootParameters = "end=pass",
            TimeLimit = ScenarioRun.BootLimit(cores),
        });
        return outcome.Passed
            ? outcome
            : throw new BenchmarkException(
                FailureReport.Write(outcome, ["the boot to be measured failed"], SymbolMap.BesideImage(setup.ImagePath)));
    }

    private static Figure Instance(VmOutcome outcome, bool isIcount)
    {
        SerialRecord done = outcome.RecordsOf("boot-done").Single();
        double ticks = (double)done.Number("instructions") / done.Number("instances");
        double ticksPerMillisecond = outcome.RecordsOf("clock").Single().Number("tsc-hz") / 1000.0;
        return isIcount
            ? new Figure("boot.instance", "instructions", Math.Round(ticks))
            : new Figure("boot.instance", "ms", Math.Round(ticks / ticksPerMillisecond, 3));
    }

    private static IEnumerable<Figure> Memory(VmOutcome outcome)
    {
        SerialRecord image = outcome.RecordsOf("image").Single();
        yield return new Figure("memory.text", "bytes", image.Number("text") + image.Number("readonly")) { Aim = TextBytesAim };
        ILookup<bool, InstanceReport> instances = InstanceReport.Healthy(outcome.Records).ToLookup(instance => instance.Core == 0);
        yield return new Figure("memory.private", "bytes", instances[false].Max(instance => instance.End - instance.Base)) { Aim = PrivateBytesAim };
        yield return new Figure("memory.private.coordinator", "bytes", instances[true].Single().End - instances[true].Single().Base)
        {
            Cores = outcome.Settings.Cores,
        };
    }
}
