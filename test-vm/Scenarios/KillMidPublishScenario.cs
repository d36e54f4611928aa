using Atoll.TestVm.Isolation;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Members die in the middle of a send, at each step of it, by a panic or standing still until they are stopped; others take the whole message or none.</summary>
public sealed class KillMidPublishScenario : Scenario
{
    // Seven steps in two ways: with so many each has its turn.
    private const int DeathsUsual = 100;

    // On threads each hang takes its deadline.
    private const int DeathsOnThreads = 30;
    private const int DeathsOfALongRun = 400;

    // See KillAnyScenario.
    private const int DeadlineInTurns = 5;
    private const int DeadlineOnThreads = 400;

    private const string Panics = "publish-panic";
    private const string Hangs = "publish-hang";

    // Before the header is stored nobody can know of the message; from then on it is sent.
    private static readonly string[] s_unsent = ["payload", "half", "header"];
    private static readonly string[] s_sent = ["position", "fence", "wake-word", "doorbell"];

    /// <inheritdoc/>
    public override string Name => "kill-mid-publish";

    /// <inheritdoc/>
    public override string Description =>
        "each core but the first dies between payload, header, fence and doorbell of a send under load: its message is received whole or not at all, and each death is told once";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(4) { Icount = true },
        new(2),
        new(16),
        .. Enumerable.Range(2, 3).Select(seed => new VmShape(4) { Icount = true, Seed = seed, Rounds = DeathsOfALongRun, IsLong = true }),
    ];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        int kills = run.Shape.Rounds ?? (run.Shape.Icount ? DeathsUsual : DeathsOnThreads);
        int deadline = run.Shape.Icount ? DeadlineInTurns : DeadlineOnThreads;
        int seed = run.Shape.Seed ?? 1;
        string parameters = $"workload=matrix kills={kills} kills.how=publish seed={seed} hang.deadline={deadline} report=pages live=20 end=hold";
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
            DeathExpectations.Check(expect, outcome, run.Shape.Cores, kills);
            Words(expect, outcome.RecordsOf("reclaimed"));
            if (kills >= DeathsUsual)
            {
                AllWays(expect, outcome.RecordsOf("reclaimed"));
            }

            expect.Equal(
                outcome.RecordsOf("reclaimed").Count(record => record["kind"] == Hangs), outcome.RecordsOf("hang").Count, "@hang records, one for each member that stood still");
        });
        run.Count("seed", seed);
        run.Count("deaths", outcome.RecordsOf("death").Count);
        foreach (SerialRecord record in outcome.RecordsOf("reclaimed"))
        {
            run.Count($"{record["step"]}.{(record["kind"] == Panics ? "panic" : "hang")}", 1);
            run.Count("heard", record.SmallNumber("heard"));
        }
    }

    private static void Words(Expectations expect, IReadOnlyList<SerialRecord> reclaimed)
    {
        foreach (SerialRecord record in reclaimed)
        {
            int due = s_sent.Contains(record["step"]) ? 1 : 0;
            expect.Equal(due, record.SmallNumber("heard"), $"messages heard whole in '{record.Line}'");
            expect.Equal(0, record.SmallNumber("torn"), $"messages heard in part in '{record.Line}'");
        }
    }

    private static void AllWays(Expectations expect, IReadOnlyList<SerialRecord> reclaimed)
    {
        foreach (string step in (string[])[.. s_unsent, .. s_sent])
        {
            foreach (string kind in (string[])[Panics, Hangs])
            {
                expect.That(reclaimed.Any(record => record["step"] == step && record["kind"] == kind), $"nobody died at '{step}' by {kind}");
            }
        }
    }
}
