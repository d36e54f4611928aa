using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>All cores that the firmware lists come up, each as an instance of its own.</summary>
public sealed class BootScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "boot";

    /// <inheritdoc/>
    public override string Description => "every core comes up as an instance with memory of its own, and the boot is told phase by phase";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        .. new[] { 1, 2, 3, 4, 7 }.Select(cores => new VmShape(cores)),
        new VmShape(1) { Machine = "pc" },
        new VmShape(4) { Machine = "pc" },
    ];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        VmOutcome outcome = run.Boot("messages=100 end=pass");
        run.Check(outcome, expect =>
        {
            expect.Passed(outcome);
            BootExpectations.PhasesInOrder(expect, outcome);
            BootExpectations.AllHealthy(expect, outcome, run.Shape.Cores);
        });
        run.Count("instances", InstanceReport.Healthy(outcome.Records).Count);
        run.Count("links", outcome.RecordsOf("link").Count);
    }
}
