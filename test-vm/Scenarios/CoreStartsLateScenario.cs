namespace Atoll.TestVm.Scenarios;

/// <summary>A core that would come up after its deadline has been stopped by then.</summary>
public sealed class CoreStartsLateScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "core-starts-late";

    /// <inheritdoc/>
    public override string Description => "a core that would come up after its deadline never enters memory that is no longer its own";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { Icount = true }];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run) => FailedStart.Run(run, "start.late");
}
