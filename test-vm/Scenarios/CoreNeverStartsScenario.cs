namespace Atoll.TestVm.Scenarios;

/// <summary>A core that never comes up costs the machine one core.</summary>
public sealed class CoreNeverStartsScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "core-never-starts";

    /// <inheritdoc/>
    public override string Description => "a core that never comes up is given up at its deadline, its memory is free again, the rest runs";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { Icount = true }];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run) => FailedStart.Run(run, "start.never");
}
