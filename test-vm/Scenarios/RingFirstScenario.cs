using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>Neighbours exchange many messages without losing, doubling or corrupting one.</summary>
public sealed class RingFirstScenario : Scenario
{
    private const ulong Messages = 10_000;

    /// <inheritdoc/>
    public override string Name => "ring-first";

    /// <inheritdoc/>
    public override string Description => $"{Messages} messages cross every link, each exactly once";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4), new(4) { Icount = true }, new(2), new(1)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        int[] cores = [.. Enumerable.Range(0, run.Shape.Cores)];
        VmOutcome outcome = run.Boot($"messages={Messages} end=pass");
        run.Check(outcome, expect =>
        {
            expect.Passed(outcome);
            BootExpectations.AllHealthy(expect, outcome, cores.Length);
            RingExpectations.OneRing(expect, outcome, cores);
            run.Count("messages", (long)RingExpectations.ExactCounts(expect, outcome, cores, Messages));
        });
    }
}
