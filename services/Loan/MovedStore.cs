using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>Untyped memory that came from another core, and the pages that were made of it.</summary>
[NonCopyable]
internal struct MovedStore
{
    /// <summary>log2 of its bytes: more than a kernel zeroes in one system call.</summary>
    internal const byte SizeBits = 18;

    private const byte HalfBits = SizeBits - 1;
    private const uint FirstPlace = 0;
    private const uint SecondPlace = 1;
    private const uint PageBytes = 4096;

    private OwnSlot _memory;
    private OwnSlot _half;
    private OwnSlot _low;
    private OwnSlot _high;

    /// <summary>Takes slots. It has nothing yet.</summary>
    internal void Begin(ref SlotRow row)
    {
        _memory = row.Take();
        _half = row.Take();
        _low = row.Take();
        _high = row.Take();
    }

    /// <summary>Takes the memory that the other end of a channel has given.</summary>
    internal bool Take(ref RingChannel channel) => channel.Accept(ref _memory) == ChannelResult.Done;

    /// <summary>Makes a page of the first half and one of the second, looks what is on them, and writes to every word.</summary>
    /// <param name="space">Slot of the address space.</param>
    /// <param name="pattern">What to write.</param>
    /// <param name="pages">How many there are.</param>
    /// <returns>Words that were not zero.</returns>
    internal ulong Fill(uint space, uint pattern, out ulong pages)
    {
        UntypedMemory memory = new(_memory.Address);
        pages = 0;
        bool isMade = _half.Make(memory, CapabilityType.Untyped, HalfBits) == SystemResult.Ok
            && _low.Make(new UntypedMemory(_half.Address), CapabilityType.Frame, ObjectSize.FrameBits) == SystemResult.Ok
            && _high.Make(memory, CapabilityType.Frame, ObjectSize.FrameBits) == SystemResult.Ok
            && memory.Reset() != SystemResult.Ok;
        return isMade ? Fill(ref _low, space, FirstPlace, pattern, ref pages) + Fill(ref _high, space, SecondPlace, pattern, ref pages) : 0;
    }

    /// <summary>Says whether anything of it is there still.</summary>
    internal bool Look() => _memory.Look() | _half.Look() | _low.Look() | _high.Look();

    /// <summary>Deletes all of it.</summary>
    internal void GiveUp()
    {
        _memory.Clear();
        _low.Clear();
        _high.Clear();
        _half.Clear();
    }

    private static ulong Fill(ref readonly OwnSlot frame, uint space, uint place, uint pattern, ref ulong pages)
    {
        if (RegisterPage.Map(new MemoryFrame(frame.Address), space, place, out RegisterPage page) != SystemResult.Ok)
        {
            return 0;
        }

        pages++;
        ulong dirty = 0;
        for (uint at = 0; at < PageBytes; at += sizeof(uint))
        {
            dirty += page.Read32(at) == 0 ? 0UL : 1;
            page.Write32(at, pattern);
        }

        return dirty;
    }
}
