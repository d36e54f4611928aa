using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>All instances sleep and each wakes the next, again and again.</summary>
public sealed class DoorbellScenario : Scenario
{
    private const int Hops = 100_000;

    // Before the token sets out: orders, greetings on new links, requests for them.
    private const ulong SetUpPerCore = 16;

    /// <inheritdoc/>
    public override string Name => "doorbell";

    /// <inheritdoc/>
    public override string Description => $"a sleeping instance is woken {Hops} times in all, and no wake-up is lost";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { Icount = true }, new(2), new(4), new(16)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        int cores = run.Shape.Cores;
        ulong rounds = (ulong)(Hops / cores);
        VmOutcome outcome = run.Boot($"workload=doorbell idle.turns=0 messages={rounds} end=pass");
        run.Check(outcome, expect =>
        {
            expect.Passed(outcome);
            BootExpectations.AllHealthy(expect, outcome, cores);
            PairExpectations.NoErrors(expect, outcome);
            int[] all = [.. Enumerable.Range(0, cores)];
            RingExpectations.OneRing(expect, outcome, all);
            RingExpectations.ExactCounts(expect, outcome, all, rounds);
            foreach (int core in all)
            {
                SleptAndRang(expect, outcome, core, rounds);
            }
        });
        run.Count("hops", (long)rounds * cores);
        run.Count("sleeps", outcome.RecordsOf("ring").Sum(record => record.SmallNumber("sleeps")));
        run.Count("doorbells", outcome.RecordsOf("ring").Sum(record => record.SmallNumber("doorbells")));
    }

    // A token that comes between announcement and halt is found by the second look, so that on threads of their own some
    // sleeps do not happen; with cores that take turns each of them does.
    private static void SleptAndRang(Expectations expect, VmOutcome outcome, int core, ulong rounds)
    {
        SerialRecord? ring = outcome.RecordsOf("ring").FirstOrDefault(record => record.SmallNumber("core") == core);
        if (!expect.That(ring is not null, $"no @ring of core {core}"))
        {
            return;
        }

        ulong sleeps = ring!.Number("sleeps"), doorbells = ring.Number("doorbells");
        ulong least = outcome.Settings.Icount ? rounds : 1;
        expect.That(sleeps >= least, $"core {core} slept {sleeps} times, for {rounds} tokens");
        expect.That(doorbells >= least, $"core {core} rang {doorbells} times, for {rounds} tokens");
        ulong most = rounds + (SetUpPerCore * (ulong)outcome.Settings.Cores);
        expect.That(doorbells <= most, $"core {core} rang {doorbells} times, for {rounds} tokens to one sleeper");
    }
}
