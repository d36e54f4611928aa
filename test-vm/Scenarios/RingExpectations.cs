using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>What holds when instances have exchanged a fixed number of messages in a ring: each sends to the next core.</summary>
public static class RingExpectations
{
    /// <summary>Every core reported, sent and received exactly the messages of its one partner on either side, with no error.</summary>
    /// <returns>Messages received in all.</returns>
    public static ulong ExactCounts(Expectations expect, VmOutcome outcome, IReadOnlyList<int> cores, ulong messages)
    {
        IReadOnlyList<SerialRecord> rings = outcome.RecordsOf("ring");
        expect.Equal(
            string.Join(' ', cores.Order()),
            string.Join(' ', rings.Select(record => record.SmallNumber("core")).Order()),
            "cores that reported @ring");
        ulong due = cores.Count > 1 ? messages : 0;
        ulong received = 0;
        foreach (SerialRecord ring in rings)
        {
            expect.Equal(due, ring.Number("sent"), $"messages that core {ring["core"]} sent");
            expect.Equal(due, ring.Number("received"), $"messages that core {ring["core"]} received");
            expect.Equal(0UL, ring.Number("errors"), $"errors of core {ring["core"]}");
            received += ring.Number("received");
        }

        return received;
    }

    /// <summary>Messages passed round one ring through all these cores and nowhere else: each sent to one and received from one.</summary>
    public static void OneRing(Expectations expect, VmOutcome outcome, IReadOnlyList<int> cores)
    {
        Dictionary<int, int> next = [];
        IReadOnlyList<PairReport> pairs = PairReport.From(outcome.Records);
        foreach (PairReport pair in pairs.Where(pair => pair.Sent > 0))
        {
            expect.That(next.TryAdd(pair.Core, pair.Peer), $"core {pair.Core} sent to two");
            expect.That(
                pairs.Any(other => other.Core == pair.Peer && other.Peer == pair.Core && other.Received == pair.Sent),
                $"what core {pair.Core} sent to core {pair.Peer} is not what that received");
        }

        HashSet<int> visited = [];
        int core = cores.Min();
        while (visited.Add(core) && next.TryGetValue(core, out int neighbour))
        {
            core = neighbour;
        }

        expect.That(
            visited.SetEquals(cores) && core == cores.Min(),
            $"messages did not pass round cores {string.Join(' ', cores)}: {string.Join(' ', visited)} and then {core}");
    }
}
