using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Slots that hold the last capability to a CNode or Thread whose contents are being deleted, first come
/// first served.</summary>
/// <remarks>The links are in the slots (<see cref="CapabilitySlot.Badge"/> before, <see cref="CapabilitySlot.Other"/>
/// behind), so they need no memory of their own.</remarks>
[NonCopyable]
public struct DyingList
{
    private ObjectPointer<CapabilitySlot> _first;
    private ObjectPointer<CapabilitySlot> _last;

    /// <summary>Whether nothing is dying.</summary>
    public readonly bool IsEmpty => _first.IsNull;

    /// <summary>The slot whose container is taken apart next.</summary>
    public readonly ObjectPointer<CapabilitySlot> First => _first;

    /// <summary>Turns the last capability to a container into a record of its death, in the same slot.</summary>
    /// <param name="slot">A CNode or Thread.</param>
    /// <param name="slotCount">Slots of the container that are to be looked at.</param>
    internal void Add(ObjectPointer<CapabilitySlot> slot, uint slotCount)
    {
        ref CapabilitySlot record = ref slot.Value;
        record.Type = CapabilityType.Dying;
        record.Rights = CapabilityRights.None;
        record.Extra = slotCount;
        record.Badge = _last.Address;
        record.Other = 0;
        if (_last.IsNull)
        {
            _first = slot;
        }
        else
        {
            _last.Value.Other = slot.Address;
        }

        _last = slot;
    }

    /// <summary>Takes a record out.</summary>
    internal void Remove(ObjectPointer<CapabilitySlot> slot)
    {
        ref CapabilitySlot record = ref slot.Value;
        Join(new(record.Badge), new(record.Other));
    }

    /// <summary>A record lies in another slot now.</summary>
    internal void Moved(ObjectPointer<CapabilitySlot> slot)
    {
        ref CapabilitySlot record = ref slot.Value;
        Join(new(record.Badge), slot);
        Join(slot, new(record.Other));
    }

    /// <summary>Two slots have exchanged their records.</summary>
    internal void Swapped(ObjectPointer<CapabilitySlot> first, ObjectPointer<CapabilitySlot> second)
    {
        Rename(ref first.Value, first.Address, second.Address);
        Rename(ref second.Value, first.Address, second.Address);
        Moved(first);
        Moved(second);
    }

    // Neighbours of one another now name themselves.
    private static void Rename(ref CapabilitySlot record, ulong first, ulong second)
    {
        record.Badge = record.Badge == first ? second : record.Badge == second ? first : record.Badge;
        record.Other = record.Other == first ? second : record.Other == second ? first : record.Other;
    }

    // A record's links are its neighbours' addresses, and the list's ends where it has none.
    private void Join(ObjectPointer<CapabilitySlot> before, ObjectPointer<CapabilitySlot> behind)
    {
        if (before.IsNull)
        {
            _first = behind;
        }
        else
        {
            before.Value.Other = behind.Address;
        }

        if (behind.IsNull)
        {
            _last = before;
        }
        else
        {
            behind.Value.Badge = before.Address;
        }
    }
}
