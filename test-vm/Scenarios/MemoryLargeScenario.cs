using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Memory above 4 GiB is found and harms nothing.</summary>
public sealed class MemoryLargeScenario : Scenario
{
    private const ulong LostBytesMax = 64UL << 20;

    /// <inheritdoc/>
    public override string Name => "memory-large";

    /// <inheritdoc/>
    public override string Description => "8 GiB, most of it above 4 GiB, are counted and the machine runs";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { MemoryMiB = 8192 }, new(2) { MemoryMiB = 8192, Machine = "pc" }];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        VmOutcome outcome = run.Boot("messages=100 end=pass");
        run.Check(outcome, expect =>
        {
            expect.Passed(outcome);
            BootExpectations.AllHealthy(expect, outcome, run.Shape.Cores);
            SerialRecord? memory = outcome.RecordsOf("memory").FirstOrDefault();
            ulong all = (ulong)run.Shape.MemoryMiB << 20;
            expect.That(
                memory?.Number("usable") >= all - LostBytesMax,
                $"of {all} bytes only {memory?["usable"]} are usable");
        });
    }
}
