namespace Atoll.TestVm.Scenarios;

/// <summary>A write through a wrong pointer into another instance's memory hits nothing.</summary>
public sealed class StrayWriteScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "stray-write";

    /// <inheritdoc/>
    public override string Description => "a write to a neighbour's memory faults in the writer, and the neighbour never notices";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        var boot = new FaultBoot(run);
        foreach (int core in Enumerable.Range(0, run.Shape.Cores))
        {
            boot.Run(FaultCase.Of("stray-write")[0], core);
        }
    }
}
