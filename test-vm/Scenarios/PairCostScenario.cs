using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>What a message between two instances costs does not depend on how many others there are.</summary>
public sealed class PairCostScenario : Scenario
{
    private const int Few = 40_000, Many = 120_000;
    private const double ToleratedShare = 0.01;

    // The coordinator and the pair; and with these, many that do not take part.
    private static readonly int[] s_cores = [3, 16, 64];

    /// <inheritdoc/>
    public override string Name => "pair-cost";

    /// <inheritdoc/>
    public override string Description => "a message between two cores costs the same instructions with 3, 16 and 64 cores present";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(64) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        Dictionary<int, double> costs = [];
        foreach (int cores in s_cores)
        {
            if (Ticks(run, cores, Many) is ulong many && Ticks(run, cores, Few) is ulong few)
            {
                // What making instances and links and reporting them costs is in both, and drops out.
                costs[cores] = (many - few) / (2.0 * (Many - Few));
                run.Count($"milli-instructions.{cores}", (long)(costs[cores] * 1000));
            }
        }

        foreach (int cores in costs.Keys.Where(cores => Math.Abs(costs[cores] - costs[s_cores[0]]) > ToleratedShare * costs[s_cores[0]]))
        {
            run.Fail($"a message costs {costs[cores]:0.0} instructions with {cores} cores, {costs[s_cores[0]]:0.0} with {s_cores[0]}");
        }
    }

    // The counter is that of the whole machine: sending, receiving, and whatever the others do meanwhile.
    private static ulong? Ticks(ScenarioRun run, int cores, int messages)
    {
        VmOutcome outcome = VmMachine.Run(run.Settings($"workload.cores=1-2 messages={messages} end=pass") with { Cores = cores });
        SerialRecord? ring = outcome.RecordsOf("ring").FirstOrDefault(record => record["core"] == "1");
        run.Check(outcome, expect =>
        {
            expect.Passed(outcome);
            BootExpectations.AllHealthy(expect, outcome, cores);
            PairExpectations.NoErrors(expect, outcome);
            expect.Equal((ulong)messages, ring?.Number("received") ?? 0, "messages that core 1 received");
        });
        return ring?.Number("ticks");
    }
}
