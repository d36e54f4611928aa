using System.Runtime.CompilerServices;
using Atoll.Base;
using Atoll.Cap;

namespace Atoll.Coordinator;

/// <summary>The records of channels: those that are free, and those whose ends have yet to be told something, in the order in which they came.</summary>
[NonCopyable]
public struct ChannelRecords
{
    /// <summary>The index of no record.</summary>
    public const uint None = uint.MaxValue;

    private ObjectArray<ChannelRecord> _records;
    private uint _used;

    // One more than the index of a record; 0: none.
    private uint _free;
    private uint _owing;
    private uint _lastOwing;
    private uint _owingCount;

    /// <summary>Records to look at: those beyond were never used.</summary>
    public readonly uint Used => _used;

    /// <summary>Records whose ends have yet to be told something.</summary>
    public readonly uint OwingCount => _owingCount;

    /// <summary>A record.</summary>
    /// <param name="index">Below <see cref="Used"/>.</param>
    public readonly ref ChannelRecord this[uint index] => ref _records[index];

    /// <summary>Begins with none used.</summary>
    /// <param name="address">Memory in the window; it need not be zeroed.</param>
    /// <param name="count">Records that fit there.</param>
    public void Begin(ulong address, uint count) => _records.Begin(address, count);

    /// <summary>Takes a record that is free, and zeroed.</summary>
    /// <remarks>There is one: each record has an end, and no core more ends than its share; or its turn in the list has not come.</remarks>
    /// <returns>Its index.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint Take()
    {
        if (_free == 0 && _used == _records.Count)
        {
            Sift();
        }

        if (_free == 0)
        {
            _records[_used] = default;
            return _used++;
        }

        uint index = _free - 1;
        _free = _records[index].Next;
        _records[index].Next = 0;
        return index;
    }

    /// <summary>Takes the record out of the list that was listed first.</summary>
    /// <returns>Its index; <see cref="OwingCount"/> must not be 0.</returns>
    public uint TakeOwing()
    {
        uint index = _owing - 1;
        _owing = _records[index].NextOwing;
        _owingCount--;
        _records[index].IsListed = false;
        return index;
    }

    /// <summary>Lets go of a record. What is still in the list of those to be told is free when its turn comes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Free(uint index)
    {
        ref ChannelRecord record = ref _records[index];
        bool isListed = record.IsListed;
        uint nextOwing = record.NextOwing;
        record = default;
        record.IsListed = isListed;
        record.NextOwing = nextOwing;
        if (!isListed)
        {
            record.Next = _free;
            _free = index + 1;
        }
    }

    /// <summary>Lists a record, if it is not: an end of it is to be told something.</summary>
    public void Owe(uint index)
    {
        ref ChannelRecord record = ref _records[index];
        if (record.IsListed)
        {
            return;
        }

        record.IsListed = true;
        if (_owingCount++ == 0)
        {
            _owing = index + 1;
        }
        else
        {
            _records[_lastOwing].NextOwing = index + 1;
        }

        _lastOwing = index;
    }

    // Lets go of those that stand in the list and have nobody to be told any more.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Sift()
    {
        for (uint left = _owingCount; left != 0; left--)
        {
            uint index = TakeOwing();
            if (_records[index].Stage == ChannelStage.Free)
            {
                Free(index);
            }
            else
            {
                Owe(index);
            }
        }
    }
}
