using System.Runtime.CompilerServices;
using Atoll.Base;
using Atoll.Cap;

namespace Atoll.Coordinator;

/// <summary>Finds the records that wait for their second end, by a hash of what they wait for.</summary>
[NonCopyable]
public struct WaitingEnds
{
    /// <summary>Bytes of the table.</summary>
    public const uint SizeBytes = Heads * sizeof(uint);

    private const uint Heads = 1024;

    // One more than the index of the first record of a chain; 0: none.
    private ObjectArray<uint> _heads;

    /// <summary>Begins with nobody.</summary>
    /// <param name="address">Memory in the window; it need not be zeroed.</param>
    public void Begin(ulong address)
    {
        _heads.Begin(address, Heads);
        for (uint index = 0; index < Heads; index++)
        {
            _heads[index] = 0;
        }
    }

    /// <summary>A record begins to wait.</summary>
    /// <param name="records">All records.</param>
    /// <param name="index">It waits for an end on the core of its second, by its name.</param>
    public readonly void Add(ref ChannelRecords records, uint index)
    {
        ref ChannelRecord record = ref records[index];
        ref uint head = ref Head(record.First.Core, record.Second.Core, record.Name);
        record.Next = head;
        head = index + 1;
    }

    /// <summary>The end on a core that waits for one of another core.</summary>
    /// <param name="records">All records.</param>
    /// <param name="core">Where it waits.</param>
    /// <param name="peer">Whose end it waits for.</param>
    /// <param name="name">By this name.</param>
    /// <param name="number">Its number there; <see cref="ChannelRecords.None"/>: whichever came last.</param>
    /// <returns>Index of its record, or <see cref="ChannelRecords.None"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly uint Find(ref ChannelRecords records, uint core, uint peer, ulong name, uint number)
    {
        if (_heads.Count == 0)
        {
            // There are no channels in a machine without programs, whatever a member says.
            return ChannelRecords.None;
        }

        for (uint place = Head(core, peer, name); place != 0; place = records[place - 1].Next)
        {
            ref readonly ChannelRecord record = ref records[place - 1];
            bool isIt = record.First.Core == core && record.Second.Core == peer && record.Name == name;
            if (isIt && (number == ChannelRecords.None || record.First.Number == number))
            {
                return place - 1;
            }
        }

        return ChannelRecords.None;
    }

    /// <summary>Takes a record out of those that wait.</summary>
    /// <param name="records">All records.</param>
    /// <param name="index">One that waits.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly void Remove(ref ChannelRecords records, uint index)
    {
        ref ChannelRecord record = ref records[index];
        ref uint place = ref Head(record.First.Core, record.Second.Core, record.Name);
        while (place != index + 1)
        {
            place = ref records[place - 1].Next;
        }

        place = record.Next;
    }

    // Names of a system are numbers one after the other, and most channels lead from a core to few others.
    private readonly ref uint Head(uint core, uint peer, ulong name) => ref _heads[((uint)name + (core * 31) + (peer * 61)) % Heads];
}
