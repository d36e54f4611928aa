using System.Runtime.CompilerServices;
using Atoll.Cap;

namespace Atoll.Remote;

/// <summary>Records of capabilities that cross, and the list of those that need work.</summary>
/// <remarks>Every operation but <see cref="Begin"/> is a fixed number of steps, however many records there are.</remarks>
[PerCore]
[NonCopyable]
public struct CrossingTable
{
    private ObjectArray<CrossingEntry> _entries;
    private uint _used;
    private uint _free;
    private uint _listed;
    private uint _waiting;
    private uint _aside;

    /// <summary>Records that were ever used: those beyond are not initialised.</summary>
    public readonly uint Used => _used;

    /// <summary>Records that there may be.</summary>
    public readonly uint Capacity => _entries.Count;

    /// <summary>Records that are not free.</summary>
    public uint Count { get; private set; }

    /// <summary>Whether some need work that can be done at once.</summary>
    public readonly bool HasWork => (_listed | _aside) != 0;

    /// <summary>Whether some wait for room in a ring.</summary>
    public readonly bool AwaitsRoom => _waiting != 0;

    /// <summary>A record.</summary>
    /// <param name="number">Below <see cref="Used"/>.</param>
    public readonly ref CrossingEntry this[uint number] => ref _entries[number];

    /// <summary>Its slot.</summary>
    /// <param name="number">Below <see cref="Used"/>.</param>
    public readonly ObjectPointer<CapabilitySlot> Slot(uint number) => _entries.FirstOf<CapabilitySlot>(number);

    /// <summary>The record that a slot lies in.</summary>
    public readonly uint NumberOf(ObjectPointer<CapabilitySlot> slot) =>
        (uint)((slot.Address - _entries.FirstOf<CapabilitySlot>(0).Address) / CrossingEntry.SizeBytes);

    /// <summary>Gives the table its memory. Before, nothing crosses.</summary>
    /// <param name="address">In the window. It need not be zeroed: a record is, when it is used first.</param>
    /// <param name="capacity">Records.</param>
    public void Begin(ulong address, uint capacity) => _entries.Begin(address, capacity);

    /// <summary>Takes a free record, zeroed.</summary>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryTake(out uint number)
    {
        number = _free != 0 ? _free - 1 : _used;
        if (_free != 0)
        {
            _free = this[number].Next;
        }
        else if (_used == _entries.Count)
        {
            return false;
        }
        else
        {
            _used++;
        }

        this[number] = default;
        Count++;
        return true;
    }

    /// <summary>Gives a record back. It is in no list.</summary>
    public void Free(uint number)
    {
        ref CrossingEntry entry = ref this[number];
        entry.State = CrossingState.None;
        entry.Owes = CrossingDebts.None;
        entry.Next = _free;
        _free = number + 1;
        Count--;
    }

    /// <summary>A record needs work.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Enlist(uint number)
    {
        ref CrossingEntry entry = ref this[number];
        if (!entry.IsListed)
        {
            entry.IsListed = true;
            entry.Next = _listed;
            _listed = number + 1;
        }
    }

    /// <summary>A record that was taken from the list waits for room in a ring.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Defer(uint number)
    {
        ref CrossingEntry entry = ref this[number];
        entry.IsListed = true;
        entry.Next = _waiting;
        _waiting = number + 1;
    }

    /// <summary>A record that was taken from the list goes in another message than those before: it is looked at in the next round.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void SetAside(uint number)
    {
        ref CrossingEntry entry = ref this[number];
        entry.IsListed = true;
        entry.Next = _aside;
        _aside = number + 1;
    }

    /// <summary>A round is over, its message has gone. Those that were set aside come next, unless others are left.</summary>
    public void TakeUpAside()
    {
        if (_listed == 0)
        {
            _listed = _aside;
            _aside = 0;
        }
    }

    /// <summary>Takes the next record that needs work out of the list.</summary>
    [MustUse]
    public bool TryNext(out uint number)
    {
        number = _listed - 1;
        if (_listed == 0)
        {
            return false;
        }

        ref CrossingEntry entry = ref this[number];
        _listed = entry.Next;
        entry.Next = 0;
        entry.IsListed = false;
        return true;
    }

    /// <summary>Those that waited for room are tried again. Nothing when others come first.</summary>
    public void Retry()
    {
        if (_listed == 0)
        {
            _listed = _waiting;
            _waiting = 0;
        }
    }
}
