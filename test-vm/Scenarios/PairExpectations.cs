using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>What holds for each pair of instances at the end of a run, by what both ends say.</summary>
public static class PairExpectations
{
    /// <summary>No instance received a message that was lost, doubled, reordered or changed, or refused one.</summary>
    public static void NoErrors(Expectations expect, VmOutcome outcome)
    {
        foreach (Serial.SerialRecord record in outcome.Records.Where(record => record.Name is "ring" or "pair"))
        {
            expect.Equal(0UL, record.Number("errors"), $"errors in '{record.Line}'");
        }

        foreach (Serial.SerialRecord ring in outcome.RecordsOf("ring"))
        {
            expect.Equal(0UL, ring.Number("refused"), $"messages refused in '{ring.Line}'");
        }
    }

    /// <summary>Every instance is linked with every other, and so many messages went each way.</summary>
    /// <returns>Messages received in all.</returns>
    public static ulong Matrix(Expectations expect, VmOutcome outcome, int cores, ulong messages)
    {
        IReadOnlyDictionary<(int Core, int Peer), PairReport> pairs = OrderedPairs(expect, outcome, cores);
        foreach (PairReport pair in pairs.Values)
        {
            expect.Equal(messages, pair.Sent, $"messages that core {pair.Core} sent to core {pair.Peer}");
            expect.Equal(messages, pair.Received, $"messages that core {pair.Core} received from core {pair.Peer}");
        }

        return pairs.Values.Aggregate(0UL, (sum, pair) => sum + pair.Received);
    }

    /// <summary>There is one report for each ordered pair of so many cores and no other.</summary>
    public static IReadOnlyDictionary<(int Core, int Peer), PairReport> OrderedPairs(
        Expectations expect, VmOutcome outcome, int cores)
    {
        var pairs = new Dictionary<(int Core, int Peer), PairReport>();
        foreach (PairReport pair in PairReport.From(outcome.Records))
        {
            expect.That(pairs.TryAdd((pair.Core, pair.Peer), pair), $"core {pair.Core} reports core {pair.Peer} twice");
        }

        expect.Equal(cores * (cores - 1), pairs.Count, "ordered pairs that are linked");
        expect.That(
            pairs.Keys.All(pair => pair.Core != pair.Peer && pair.Core < cores && pair.Peer < cores),
            "a core that does not exist is linked, or one with itself");
        return pairs;
    }
}
