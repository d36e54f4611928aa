using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Cap;

/// <summary>What <see cref="FrameMapping.Decode"/> found right, for <see cref="FrameMapping.Commit"/>.</summary>
public struct FrameMapPlan
{
    internal ObjectPointer<CapabilitySlot> Frame;
    internal ObjectPointer<ulong> Entry;
    internal ulong Root;
    internal ulong SpaceNumber;
    internal ulong Address;
    internal ulong Value;
}

/// <summary>Maps frames into address spaces and takes them out.</summary>
/// <remarks>
/// A Frame capability maps its frame at one place at a time and remembers it: (number of the address space, address).
/// The memory is believed only while the
/// entry there still maps this frame: whoever takes out a page table, or ends an address space, need not find the frames in it.
/// </remarks>
public static class FrameMapping
{
    /// <summary>Checks a request to map a frame, and maps it.</summary>
    /// <param name="state">The instance's.</param>
    /// <param name="frame">A Frame capability.</param>
    /// <param name="space">A VSpace capability.</param>
    /// <param name="address">Argument 1.</param>
    /// <param name="rights">Argument 2.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Outcome Map(
        ref readonly CapabilityState state,
        ObjectPointer<CapabilitySlot> frame,
        ref readonly CapabilitySlot space,
        ulong address,
        ulong rights)
    {
        Outcome decoded = Decode(in state, frame, in space, address, rights, out FrameMapPlan plan);
        if (decoded.IsOk)
        {
            Commit(in plan);
        }

        return decoded;
    }

    /// <summary>Checks a request to map a frame. Mapping it again at the same place changes the rights.</summary>
    /// <param name="state">The instance's.</param>
    /// <param name="frame">A Frame capability.</param>
    /// <param name="space">A VSpace capability.</param>
    /// <param name="address">Argument 1.</param>
    /// <param name="rights">Argument 2.</param>
    /// <param name="plan">What to do, when the outcome is Ok.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Outcome Decode(
        ref readonly CapabilityState state,
        ObjectPointer<CapabilitySlot> frame,
        ref readonly CapabilitySlot space,
        ulong address,
        ulong rights,
        out FrameMapPlan plan)
    {
        plan = default;
        ref readonly CapabilitySlot slot = ref frame.Value;
        Outcome checkedOutcome = CheckArguments(in state, in slot, address, rights);
        if (!checkedOutcome.IsOk)
        {
            return checkedOutcome;
        }

        bool isThere = slot.SpaceNumber == space.SpaceNumber && slot.MappedAt == address;
        ObjectPointer<ulong> mapped = Locate(in state, in slot);
        if (!mapped.IsNull && !isThere)
        {
            return new Outcome(SystemResult.AlreadyMapped);
        }

        int level = LevelOf(slot.SizeBits);
        Outcome found = TableWalk.Find(space.Table, address, level, out plan.Entry);
        if (!found.IsOk)
        {
            return found;
        }

        if (mapped.IsNull && PageTableEntry.IsPresent(plan.Entry.Value))
        {
            return new Outcome(SystemResult.AddressTaken);
        }

        plan.Frame = frame;
        plan.Root = space.Table.Physical;
        plan.SpaceNumber = space.SpaceNumber;
        plan.Address = address;
        ulong leaf = PageTableEntry.UserLeaf(slot.Object, RightsOf(rights), level);
        plan.Value = IsDevice(in slot) ? PageTableEntry.Uncached(leaf) : leaf;
        return Outcome.Ok;
    }

    /// <summary>Maps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Commit(ref readonly FrameMapPlan plan)
    {
        bool replaces = PageTableEntry.IsPresent(plan.Entry.Value);
        Translation.Store(ref plan.Entry.Value, plan.Value);
        ref CapabilitySlot slot = ref plan.Frame.Value;
        slot.SpaceNumber = plan.SpaceNumber;
        slot.MappedAt = plan.Address;

        // What was not there before is in no TLB (Intel SDM Vol. 3A, "Optional Invalidation").
        if (replaces && Cpu.PageTables() == plan.Root)
        {
            Cpu.InvalidatePage(plan.Address);
        }
    }

    /// <summary>Takes out what this capability mapped.</summary>
    /// <returns>Ok or <see cref="SystemResult.NotMapped"/>: also when the table that it was in is gone.</returns>
    public static Outcome Unmap(ref readonly CapabilityState state, ObjectPointer<CapabilitySlot> frame) =>
        TakeOut(in state, ref frame.Value) ? Outcome.Ok : new Outcome(SystemResult.NotMapped);

    /// <summary>Takes out what a capability mapped, if anything, and makes it forget.</summary>
    internal static bool TakeOut(ref readonly CapabilityState state, ref CapabilitySlot slot)
    {
        ObjectPointer<ulong> entry = Locate(in state, in slot);
        bool isMapped = !entry.IsNull;
        if (isMapped)
        {
            Translation.Store(ref entry.Value, PageTableEntry.NotPresent);
            if (Cpu.PageTables() == state.Spaces.Find(slot.SpaceNumber).Physical)
            {
                Cpu.InvalidatePage(slot.MappedAt);
            }
        }

        slot.SpaceNumber = 0;
        slot.MappedAt = 0;
        return isMapped;
    }

    /// <summary>The entry by which a capability maps its frame; null when it does not.</summary>
    internal static ObjectPointer<ulong> Locate(ref readonly CapabilityState state, ref readonly CapabilitySlot slot)
    {
        ObjectPointer<PageTable> top = state.Spaces.Find(slot.SpaceNumber);
        int level = LevelOf(slot.SizeBits);
        if (top.IsNull || !TableWalk.Find(top, slot.MappedAt, level, out ObjectPointer<ulong> entry).IsOk)
        {
            return default;
        }

        ulong value = entry.Value;
        bool isLeaf = PageTableEntry.IsPresent(value) && PageTableEntry.IsLeaf(value, level);
        return isLeaf && PageTableEntry.Address(value) == slot.Object ? entry : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Outcome CheckArguments(
        ref readonly CapabilityState state, ref readonly CapabilitySlot slot, ulong address, ulong rights)
    {
        if (rights > (ulong)MapRights.ReadExecute || (rights == (ulong)MapRights.ReadExecute && IsDevice(in slot)))
        {
            return new Outcome(SystemResult.ArgumentInvalid, 2);
        }

        CapabilityRights needed = rights == (ulong)MapRights.ReadWrite
            ? CapabilityRights.Read | CapabilityRights.Write
            : CapabilityRights.Read;
        CapabilityRights missing = needed & ~slot.Rights;
        if (missing != CapabilityRights.None)
        {
            return new Outcome(SystemResult.RightMissing, (ulong)missing);
        }

        ulong size = 1UL << slot.SizeBits;
        if (!Bits.IsAligned(address, size))
        {
            return new Outcome(SystemResult.Unaligned, 1);
        }

        // A frame is at most 1 GiB, so the difference does not wrap.
        if (address < UserSpace.Start || address > UserSpace.End - size)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 1);
        }

        return slot.SizeBits == ObjectSize.HugeFrameBits && !state.HasHugePages
            ? new Outcome(SystemResult.Unavailable)
            : Outcome.Ok;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PageRights RightsOf(ulong rights) => (MapRights)rights switch
    {
        MapRights.ReadWrite => PageRights.ReadWrite,
        MapRights.ReadExecute => PageRights.ReadExecute,
        _ => PageRights.Read,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDevice(ref readonly CapabilitySlot frame) => (frame.Flags & SlotFlags.Device) != 0;

    // 12, 21 or 30 bits: the level of the table whose entry maps the frame.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LevelOf(byte sizeBits) => sizeBits switch
    {
        ObjectSize.FrameBits => PageTableEntry.SmallPageLevel,
        ObjectSize.LargeFrameBits => PageTableEntry.LargePageLevel,
        _ => PageTableEntry.HugePageLevel,
    };
}
