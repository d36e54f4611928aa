using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>Many cores come up, and each costs what each other costs.</summary>
public sealed class ScaleScenario : Scenario
{
    private const ulong Messages = 100;

    /// <inheritdoc/>
    public override string Name => "scale";

    /// <inheritdoc/>
    public override string Description => "1 to 255 cores come up, and the last instance costs what the first member costs";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
        [.. new[] { 1, 2, 4, 16, 64, 255 }.Select(cores => new VmShape(cores) { Icount = true, MemoryMiB = cores > 16 ? 128 : 64 })];

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
            EqualCost(expect, [.. InstanceReport.Healthy(outcome.Records).Where(instance => instance.Core != 0)]);
        });
        run.Count("instructions", outcome.RecordsOf("boot-done").Sum(record => (long)record.Number("instructions")));
    }

    // Under icount the figures are exact: a cost that grew with the core's number would show at once.
    private static void EqualCost(Expectations expect, IReadOnlyList<InstanceReport> members)
    {
        if (members.Count < 2)
        {
            return;
        }

        expect.Equal(1, members.Select(member => member.Pages).Distinct().Count(), "different sizes of private blocks");
        ulong least = members.Min(member => member.Instructions);
        ulong most = members.Max(member => member.Instructions);
        expect.That(most <= least + (least / 20), $"instructions from start to healthy differ: {least} to {most}");
    }
}
