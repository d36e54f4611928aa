using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Mm;
using Atoll.Syscall;

namespace Atoll.Root;

/// <summary>The root CNode while it is being filled: slots are taken one after the other, objects are made of one untyped.</summary>
internal struct RootBuilder
{
    private const int LevelsBelowTop = 3;

    private readonly ulong _node;
    private uint _next;
    private uint _memory;

    internal RootBuilder(ulong node)
    {
        _node = node;
        _next = RootSlot.First;
    }

    /// <summary>First slot that is free.</summary>
    internal readonly uint Next => _next;

    /// <summary>A slot of the root CNode.</summary>
    internal readonly ObjectPointer<CapabilitySlot> Slot(uint index)
    {
        Check.That(index < 1u << RootSlot.RootRadix);
        return CNode.Slot(RootCapabilities.SlotsAt(_node), index);
    }

    /// <summary>Takes slots.</summary>
    /// <returns>The first; 0 when there are not so many.</returns>
    internal uint Take(uint count)
    {
        uint first = _next;
        if (count > (1u << RootSlot.RootRadix) - first)
        {
            return 0;
        }

        _next += count;
        return first;
    }

    /// <summary>Objects are made of this untyped from now on.</summary>
    internal void UseMemory(uint untyped) => _memory = untyped;

    /// <summary>Makes objects.</summary>
    internal readonly RootResult Make(ref Microkernel kernel, uint at, CapabilityType type, byte sizeBits = 0, uint count = 1)
    {
        Outcome outcome;
        do
        {
            outcome = Retype.Do(
                ref kernel.Capabilities, Slot(_memory), RetypeRequest.Of(type, sizeBits, count), in Slot(RootSlot.CNode).Value, at);
        }
        while (outcome.Result == SystemResult.Again);

        return outcome.IsOk ? RootResult.Ready : RootResult.OutOfMemory;
    }

    /// <summary>Makes objects in slots that are taken for them.</summary>
    internal RootResult MakeNext(ref Microkernel kernel, CapabilityType type, out uint first, byte sizeBits = 0, uint count = 1)
    {
        first = Take(count);
        return first == 0 ? RootResult.OutOfMemory : Make(ref kernel, first, type, sizeBits, count);
    }

    /// <summary>Maps a frame in the first program's address space, with the page tables that it takes.</summary>
    internal RootResult Map(ref Microkernel kernel, uint frame, ulong address, MapRights rights)
    {
        for (int tables = 0; tables <= LevelsBelowTop; tables++)
        {
            Outcome outcome = FrameMapping.Map(
                in kernel.Capabilities, Slot(frame), in Slot(RootSlot.VSpace).Value, address, (ulong)rights);
            if (outcome.IsOk)
            {
                return RootResult.Ready;
            }

            if (outcome.Result != SystemResult.TableMissing)
            {
                return RootResult.FileInvalid;
            }

            RootResult added = AddTable(ref kernel, address, (int)outcome.Word);
            if (added != RootResult.Ready)
            {
                return added;
            }
        }

        return RootResult.FileInvalid;
    }

    private RootResult AddTable(ref Microkernel kernel, ulong address, int level)
    {
        RootResult made = MakeNext(ref kernel, CapabilityType.PageTable, out uint table);
        if (made != RootResult.Ready)
        {
            return made;
        }

        ulong start = Bits.AlignDown(address, PageTableEntry.PageBytes(level + 1));
        Outcome outcome = PageTableMapping.Decode(
            in kernel.Capabilities, Slot(table), in Slot(RootSlot.VSpace).Value, start, (ulong)level, out PageTableMapPlan plan);
        if (!outcome.IsOk)
        {
            return RootResult.FileInvalid;
        }

        PageTableMapping.Commit(in plan);
        return RootResult.Ready;
    }
}
