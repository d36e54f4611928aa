using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>Every instance exchanges messages with every other, on links made when they were first needed.</summary>
public sealed class RingMatrixScenario : Scenario
{
    private const ulong Messages = 10_000;

    /// <inheritdoc/>
    public override string Name => "ring-matrix";

    /// <inheritdoc/>
    public override string Description => $"{Messages} messages pass between every ordered pair of instances, each exactly once";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(2), new(4), new(8), new(16)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        VmOutcome outcome = run.Boot($"workload=matrix messages={Messages} end=pass");
        run.Check(outcome, expect =>
        {
            expect.Passed(outcome);
            BootExpectations.AllHealthy(expect, outcome, run.Shape.Cores);
            PairExpectations.NoErrors(expect, outcome);
            run.Count("messages", (long)PairExpectations.Matrix(expect, outcome, run.Shape.Cores, Messages));
        });
    }
}
