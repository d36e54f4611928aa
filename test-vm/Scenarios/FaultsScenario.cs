using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Every fault that a kernel can make, on the boot core and on another.</summary>
public sealed class FaultsScenario : Scenario
{
    private const int StrayVector = 0x77;

    /// <inheritdoc/>
    public override string Name => "faults";

    /// <inheritdoc/>
    public override string Description => "every kind of fault is caught and recorded as the CPU manual says, and resets nothing";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(3)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        var boot = new FaultBoot(run);
        foreach (FaultCase fault in FaultCase.Lethal)
        {
            boot.Run(fault, core: 0);
            boot.Run(fault, core: run.Shape.Cores - 1);
        }

        StrayInterrupt(run, core: 0);
        StrayInterrupt(run, core: run.Shape.Cores - 1);
    }

    private static void StrayInterrupt(ScenarioRun run, int core)
    {
        const ulong Messages = 2000;
        VmOutcome outcome = run.Boot($"messages={Messages} end=pass fault=stray-interrupt@{core}");
        run.Check(outcome, expect =>
        {
            expect.Passed(outcome);
            expect.Equal(0, outcome.RecordsOf("panic").Count, "@panic records");
            SerialRecord? stray = outcome.RecordsOf("stray").SingleOrDefault();
            if (expect.That(stray is not null, $"expected one @stray record of core {core}"))
            {
                expect.Equal((core, StrayVector, 1), (stray!.SmallNumber("core"), stray.SmallNumber("vector"), stray.SmallNumber("count")), "core, vector, count");
            }

            RingExpectations.ExactCounts(expect, outcome, [.. Enumerable.Range(0, run.Shape.Cores)], Messages);
        });
        run.Count("faults", 1);
    }
}
