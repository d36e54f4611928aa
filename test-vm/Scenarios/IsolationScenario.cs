using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>Every instance's page tables map what docs/image.md lists and nothing else.</summary>
public sealed class IsolationScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "isolation";

    /// <inheritdoc/>
    public override string Description => "page tables map the listed pages and nothing else; every seeded defect in them is found";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4), new(1), new(3) { Machine = "pc" }, new(16) { IsLong = true }];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run) =>
        StoppedMachine.Inspect(run, "messages=1000 end=hold report=pages", (machine, expect) =>
        {
            expect.Equal(run.Shape.Cores, machine.Instances.Count, "instances");
            foreach (Violation violation in IsolationChecker.Check(machine))
            {
                expect.That(false, violation.ToString());
            }

            run.Count("mappings", machine.Walk().Sum(space => space.Space.Mappings.Count));
            FindSeededDefects(run, machine, expect);
        });

    private static void FindSeededDefects(ScenarioRun run, MachineView machine, Expectations expect)
    {
        foreach (SeededDefect defect in SeededDefects.All.Where(defect => defect.CoresMin <= run.Shape.Cores))
        {
            expect.That(defect.IsFound(machine), $"the checker does not find '{defect.Name}'");
            run.Count("defects", 1);
        }
    }
}
