using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Symbols;

namespace Atoll.Bench;

/// <summary>What happens elsewhere must cost a core nothing: instructions of one virtual core, counted one by one.</summary>
/// <remarks>
/// The same machine boots twice under instruction counting, once with more going on among the others. QEMU writes down every instruction of the kernel's text with its core; the difference
/// of the two counts of the core that has no part in it is what it was charged.
/// </remarks>
public sealed class ScaleBenchmark : Benchmark
{
    private const int Uninvolved = 3;
    private const int CoresUsual = Uninvolved + 1;
    private const int Few = 20, Many = 220, Long = 1000;

    /// <inheritdoc/>
    public override string Name => "scale";

    /// <inheritdoc/>
    public override string Description => "instructions that a flood, a start and a panic elsewhere add on a core that has no part in them";

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        long quiet = Count(setup, CoresUsual, Few, "");
        yield return Added("uninvolved.flood", Count(setup, CoresUsual, Many, "") - quiet);
        yield return Added("uninvolved.provision", Count(setup, CoresUsual + 1, Few, "") - quiet);
        yield return Added("uninvolved.panic", Count(setup, CoresUsual, Long, "fault=check@1 ") - quiet);
    }

    private static Figure Added(string name, long instructions) => new(name, "instructions", instructions) { Aim = 0, Cores = CoresUsual };

    private static long Count(BenchmarkSetup setup, int cores, int messages, string more)
    {
        string trace = Path.GetTempFileName();
        try
        {
            string parameters = $"workload=ring workload.cores=0-{Uninvolved - 1} messages={messages} idle.turns=0 {more}end=pass";
            var settings = new VmSettings
            {
                ImagePath = setup.TrialImagePath,
                Cores = cores,
                Icount = true,
                BootParameters = parameters,
                TracePath = trace,
                TimeLimit = ScenarioRun.BootLimit(cores),
            };
            VmOutcome outcome = VmMachine.Run(settings);
            if (!outcome.Passed)
            {
                throw new BenchmarkException(
                    FailureReport.Write(outcome, ["the run to be measured failed"], SymbolMap.BesideImage(setup.TrialImagePath)));
            }

            return InstructionTrace.Read(File.ReadLines(trace)).LongCount(instruction => instruction.Core == Uninvolved);
        }
        finally
        {
            File.Delete(trace);
        }
    }
}
