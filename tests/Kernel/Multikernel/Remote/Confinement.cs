using Atoll.Abi;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What a hostile kernel was ever given, by its home: whatever happens by its word must be within that.</summary>
internal sealed class Confinement(Func<uint, bool> isHostile)
{
    private readonly Dictionary<(uint Home, ulong Object), CapabilityRights> _given = [];

    /// <summary>Notes what a home has given to the hostile one until now.</summary>
    public void Note(RemotePrograms home)
    {
        for (uint number = 0; number < home.Remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref home.Remote.Exports[number];
            if (entry.State != CrossingState.None && isHostile(entry.Peer) && entry.Way != CrossingWay.Giver)
            {
                (uint, ulong) key = (home.Member.Number, entry.Slot.Object);
                _given[key] = _given.GetValueOrDefault(key) | entry.Slot.Rights;
            }
        }
    }

    /// <summary>Whether it had, or has, an object with all of these rights.</summary>
    public bool Had(RemotePrograms home, ulong what, CapabilityRights rights)
    {
        Note(home);
        return _given.TryGetValue((home.Member.Number, what), out CapabilityRights had) && (rights & ~had) == CapabilityRights.None;
    }

    /// <summary>Nobody has by its giving what it never had, nor with more rights.</summary>
    public void AssertGivesWhatItHad(RemotePrograms home)
    {
        for (uint number = 0; number < home.Remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref home.Remote.Exports[number];
            bool isGiven = entry.State == CrossingState.Held && entry.Way == CrossingWay.Passed && isHostile(entry.Giver);
            Assert.True(
                !isGiven || Had(home, entry.Slot.Object, entry.Slot.Rights),
                $"core {entry.Giver} has given export {number} of core {home.Member.Number} to core {entry.Peer}, and never had it with these rights");
        }
    }
}
