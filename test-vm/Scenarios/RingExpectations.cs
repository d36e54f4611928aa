using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>What holds when neighbours have exchanged a fixed number of messages.</summary>
public static class RingExpectations
{
    /// <summary>Every live instance has sent and received exactly what its links say, with no error.</summary>
    /// <returns>Messages received in all.</returns>
    public static ulong ExactCounts(Expectations expect, VmOutcome outcome, IReadOnlyList<int> cores, ulong messagesPerLink)
    {
        IReadOnlyList<LinkReport> links = Neighbours(outcome);
        IReadOnlyList<SerialRecord> rings = outcome.RecordsOf("ring");
        expect.Equal(
            string.Join(' ', cores.Order()),
            string.Join(' ', rings.Select(record => record.SmallNumber("core")).Order()),
            "cores that reported @ring");
        ulong received = 0;
        foreach (SerialRecord ring in rings)
        {
            int core = ring.SmallNumber("core");
            ulong outgoing = (ulong)links.Count(link => link.Producer == core) * messagesPerLink;
            ulong incoming = (ulong)links.Count(link => link.Consumer == core) * messagesPerLink;
            expect.Equal(outgoing, ring.Number("sent"), $"messages that core {core} sent");
            expect.Equal(incoming, ring.Number("received"), $"messages that core {core} received");
            expect.Equal(0UL, ring.Number("errors"), $"errors of core {core}");
            received += ring.Number("received");
        }

        return received;
    }

    /// <summary>The links make one ring through all these cores: each sends to one and receives from one.</summary>
    public static void OneRing(Expectations expect, VmOutcome outcome, IReadOnlyList<int> cores)
    {
        Dictionary<int, int> next = [];
        foreach (LinkReport link in Neighbours(outcome))
        {
            expect.That(next.TryAdd(link.Producer, link.Consumer), $"core {link.Producer} has two right-hand neighbours");
        }

        HashSet<int> visited = [];
        int core = cores.Min();
        while (visited.Add(core) && next.TryGetValue(core, out int neighbour))
        {
            core = neighbour;
        }

        expect.That(
            visited.SetEquals(cores) && core == cores.Min(),
            $"the links make no ring through cores {string.Join(' ', cores)}: {string.Join(' ', visited)} and then {core}");
    }

    private static IReadOnlyList<LinkReport> Neighbours(VmOutcome outcome) =>
        [.. LinkReport.From(outcome.Records).Where(link => link.Kind == "neighbour")];
}
