using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>All rings are full of data, and control messages still pass.</summary>
public sealed class RingFullStormScenario : Scenario
{
    private const ulong Questions = 500;

    // A sender offers 32 messages a turn, a receiver takes two: in a ring that is not full a sender would pass this at once.
    private const ulong PerTurnWhenFullMax = 4;

    /// <inheritdoc/>
    public override string Name => "ring-full-storm";

    /// <inheritdoc/>
    public override string Description => $"with every ring full, {Questions} questions to each peer are all answered and no message is lost";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4), new(4) { Icount = true }, new(2), new(8), new(16)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        int cores = run.Shape.Cores;
        VmOutcome outcome = run.Boot($"workload=storm messages={Questions} end=pass");
        run.Check(outcome, expect =>
        {
            // An instance is done when the last of its questions has been answered, and the guest passes when all are done.
            expect.Passed(outcome);
            BootExpectations.AllHealthy(expect, outcome, cores);
            PairExpectations.NoErrors(expect, outcome);
            expect.Equal(cores, outcome.RecordsOf("ring").Count, "instances whose questions were all answered");
            foreach (PairReport pair in PairExpectations.OrderedPairs(expect, outcome, cores).Values)
            {
                expect.That(pair.Received > Questions, $"core {pair.Core} received only {pair.Received} messages from core {pair.Peer}");
            }

            foreach (SerialRecord ring in outcome.RecordsOf("ring"))
            {
                ulong most = ring.Number("heartbeat") * (ulong)(cores - 1) * PerTurnWhenFullMax;
                expect.That(ring.Number("sent") <= most, $"the rings were not full: {ring.Line}");
            }
        });
        run.Count("messages", PairReport.From(outcome.Records).Sum(pair => (long)pair.Received));
    }
}
