using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Members die at seeded moments, by INIT or in the middle of a send, and are restarted; nobody else dies of it.</summary>
public sealed class PeerDiesScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "peer-dies";

    /// <inheritdoc/>
    public override string Description =>
        "members die at seeded moments: every peer learns each death once, nobody else dies, no message is wrong, isolation holds";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(4) { Icount = true },
        new(4),
        new(2),
        new(16),
        .. Enumerable.Range(2, 8).Select(seed => new VmShape(4) { Icount = true, Seed = seed, IsLong = true }),
        .. Enumerable.Range(2, 4).Select(seed => new VmShape(4) { Seed = seed, IsLong = true }),
        .. Enumerable.Range(2, 2).Select(seed => new VmShape(16) { Seed = seed, IsLong = true }),
    ];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        // Threads of the host decide when a core gets on, and many cores make each restart dear.
        int kills = run.Shape.Cores > VmShape.ThreadedCoresMax || !run.Shape.Icount ? 40 : 200;
        int seed = run.Shape.Seed ?? 1;
        foreach (string workload in (string[])["ring", "matrix"])
        {
            Kill(run, $"workload={workload} kills={kills} seed={seed} report=pages live=20 end=hold", kills);
        }

        run.Count("seed", seed);
    }

    private static void Kill(ScenarioRun run, string parameters, int kills)
    {
        // The one that was restarted last is healthy before its links are made: two reports later they are.
        VmOutcome outcome = StoppedMachine.Inspect(run, parameters, (machine, expect) =>
        {
            foreach (Violation violation in IsolationChecker.Check(machine))
            {
                expect.That(false, violation.ToString());
            }
        },
        reports: 2);
        run.Check(outcome, expect =>
        {
            BootExpectations.BootDone(expect, outcome, run.Shape.Cores, failed: 0);
            PairExpectations.NoErrors(expect, outcome);
            expect.Equal(0, outcome.RecordsOf("start-failed").Count, "@start-failed records");
            expect.Equal(0, outcome.RecordsOf("stray").Count, "@stray records");
            expect.Equal(run.Shape.Cores, outcome.RecordsOf("ring").Count, "instances that are alive at the end");
            Deaths(expect, outcome.RecordsOf("death"), kills);
            DeathHistory.Follow(outcome.Records).Check(expect, outcome);
        });
        run.Count("deaths", outcome.RecordsOf("death").Count);
    }

    private static void Deaths(Expectations expect, IReadOnlyList<SerialRecord> deaths, int kills)
    {
        expect.Equal(kills, deaths.Count, "deaths");
        expect.That(deaths.All(death => death["core"] != "0"), "the coordinator died");
        expect.That(deaths.Any(death => death["stopped"] == "1"), "nobody was stopped from outside");
        expect.That(deaths.Any(death => death["stopped"] == "0"), "nobody died in the middle of a send");
        foreach (IGrouping<string, SerialRecord> lives in deaths.GroupBy(death => death["core"]))
        {
            expect.Equal(
                string.Join(' ', Enumerable.Range(1, lives.Count())),
                string.Join(' ', lives.Select(death => death["life"])),
                $"lives of core {lives.Key} that ended");
        }
    }
}
