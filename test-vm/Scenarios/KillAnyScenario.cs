using Atoll.TestVm.Isolation;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Members are stopped, panic and hang at seeded moments under load, and are restarted; the others' work and memory do not suffer.</summary>
public sealed class KillAnyScenario : Scenario
{
    // Deaths are of one of eight kinds, half of them hangs or panics: with so many each way has its turn.
    private const int DeathsMin = 40;
    private const int DeathsOfALongRun = 200;

    // An emulator that counts instructions executes what others do while a sleeper is waited for.
    private const int DeadlineInTurns = 5;

    // On threads of a busy host a virtual core may be out of work for longer.
    private const int DeadlineOnThreads = 400;

    private static readonly string[] s_hangs = ["hang", "hang-masked", "silence"];

    /// <inheritdoc/>
    public override string Name => "kill-any";

    /// <inheritdoc/>
    public override string Description =>
        "each core but the first is stopped, panics or hangs at seeded moments: each is fenced and reclaimed, no message is wrong, no frame is lost";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(4) { Icount = true },
        new(2),
        .. Enumerable.Range(2, 4).Select(seed => new VmShape(4) { Icount = true, Seed = seed, Rounds = DeathsOfALongRun, IsLong = true }),
        new(16) { Rounds = DeathsOfALongRun },
    ];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        int kills = run.Shape.Rounds ?? DeathsMin;
        int deadline = run.Shape.Icount ? DeadlineInTurns : DeadlineOnThreads;
        int seed = run.Shape.Seed ?? 1;
        string parameters = $"workload=matrix kills={kills} kills.how=any seed={seed} hang.deadline={deadline} report=pages live=20 end=hold";
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
            Deaths(expect, outcome);
        });
        IReadOnlyList<SerialRecord> reclaimed = outcome.RecordsOf("reclaimed");
        run.Count("seed", seed);
        run.Count("deaths", outcome.RecordsOf("death").Count);
        foreach (IGrouping<string, SerialRecord> kind in reclaimed.GroupBy(record => record["kind"]!))
        {
            run.Count(kind.Key, kind.Count());
            run.Count($"{kind.Key}-us", Microseconds(outcome, kind));
        }
    }

    // From the order to die, or from INIT, until every peer has learnt of it and let go: the mean. With a looping core the emulator's time is its instructions.
    private static int Microseconds(VmOutcome outcome, IEnumerable<SerialRecord> reclaimed)
    {
        double hertz = DeathExpectations.Number(outcome.RecordsOf("clock")[0], "tsc-hz");
        return (int)(reclaimed.Average(record => (double)DeathExpectations.Number(record, "ticks")) * 1_000_000 / hertz);
    }

    // Whoever hung was fenced, and nobody else.
    private static void Deaths(Expectations expect, VmOutcome outcome)
    {
        IReadOnlyList<SerialRecord> deaths = outcome.RecordsOf("death");
        IReadOnlyList<SerialRecord> reclaimed = outcome.RecordsOf("reclaimed");
        expect.Equal(
            reclaimed.Count(record => s_hangs.Contains(record["kind"])), outcome.RecordsOf("hang").Count, "@hang records, one for each member that hung");
        expect.Equal(
            deaths.Count(death => death["stopped"] == "1"),
            reclaimed.Count(record => record["kind"] is not ("half-send" or "check")),
            "deaths that somebody else wrote");
        foreach (string kind in (string[])[.. s_hangs, "stop", "check", "half-send"])
        {
            expect.That(reclaimed.Any(record => record["kind"] == kind), $"nobody died by {kind}");
        }
    }
}
