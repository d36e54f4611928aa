using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Who must have learnt of whose death, from the order in which links were made and instances died.</summary>
/// <remarks>
/// A link is on the console when the coordinator makes it, which is before either end has it: a death right after that may end
/// it before the other end was told, so an instance may know of fewer deaths, by the number of such links. The
/// coordinator's own links are up before their instance does anything, so its count is exact.
/// </remarks>
public sealed class DeathHistory
{
    private const int Coordinator = 0;

    private readonly HashSet<(int, int)> _links = [];
    private readonly HashSet<(int, int)> _fresh = [];
    private readonly Dictionary<int, int> _learnt = [];
    private readonly Dictionary<int, int> _mayHaveMissed = [];
    private int _deaths;

    /// <summary>Goes through all records in order.</summary>
    public static DeathHistory Follow(IEnumerable<SerialRecord> records)
    {
        var history = new DeathHistory();
        foreach (SerialRecord record in records)
        {
            if (record.Name == "link")
            {
                history.Link(record.SmallNumber("producer"), record.SmallNumber("consumer"));
            }
            else if (record.Name == "death")
            {
                history.Death(record.SmallNumber("core"));
            }
            else if (record.Name == "survivor")
            {
                // The coordinator has taken turns since the last link was made.
                history._fresh.Clear();
            }
        }

        return history;
    }

    /// <summary>Compares with what each instance counted in its present life.</summary>
    public void Check(Expectations expect, VmOutcome outcome)
    {
        foreach (SerialRecord ring in outcome.RecordsOf("ring"))
        {
            int core = ring.SmallNumber("core");
            int counted = ring.SmallNumber("peers-died");
            int learnt = core == Coordinator ? _deaths : _learnt.GetValueOrDefault(core);
            int least = learnt - _mayHaveMissed.GetValueOrDefault(core);
            expect.That(
                counted <= learnt && counted >= least,
                $"core {core} counted {counted} deaths of peers; it was linked with {learnt} that died, {learnt - least} of them only just");
        }
    }

    private void Link(int producer, int consumer)
    {
        if (producer != Coordinator && consumer != Coordinator)
        {
            _links.Add((producer, consumer));
            _fresh.Add((producer, consumer));
        }
    }

    private void Death(int dead)
    {
        _deaths++;
        _learnt.Remove(dead);
        _mayHaveMissed.Remove(dead);
        foreach ((int peer, int _) in _links.Where(link => link.Item2 == dead).ToArray())
        {
            _learnt[peer] = _learnt.GetValueOrDefault(peer) + 1;
            bool isFresh = _fresh.Contains((peer, dead));
            _mayHaveMissed[peer] = _mayHaveMissed.GetValueOrDefault(peer) + (isFresh ? 1 : 0);
        }

        _links.RemoveWhere(link => link.Item1 == dead || link.Item2 == dead);
        _fresh.RemoveWhere(link => link.Item1 == dead || link.Item2 == dead);
    }
}
