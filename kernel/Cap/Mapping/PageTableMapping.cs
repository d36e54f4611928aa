using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Cap;

/// <summary>What <see cref="PageTableMapping.Decode"/> found right, for <see cref="PageTableMapping.Commit"/>.</summary>
public struct PageTableMapPlan
{
    internal ObjectPointer<CapabilitySlot> Table;
    internal ObjectPointer<ulong> Entry;
    internal ulong SpaceNumber;
    internal ulong Address;
    internal int Level;
}

/// <summary>Enters page tables into address spaces and takes them out, with all that they map.</summary>
/// <remarks>
/// There is one capability to a page table, so it is in one place at a time and of one level. What was mapped through
/// a table that is out is unmapped
/// already: nothing leads to it any more. Its entries are cleared before it is entered again.
/// </remarks>
public static class PageTableMapping
{
    /// <summary>Checks a request to enter a table.</summary>
    /// <param name="state">The instance's.</param>
    /// <param name="table">A PageTable capability.</param>
    /// <param name="space">A VSpace capability.</param>
    /// <param name="address">Argument 1.</param>
    /// <param name="level">Argument 2.</param>
    /// <param name="plan">What to do, when the outcome is Ok.</param>
    public static Outcome Decode(
        ref readonly CapabilityState state,
        ObjectPointer<CapabilitySlot> table,
        ref readonly CapabilitySlot space,
        ulong address,
        ulong level,
        out PageTableMapPlan plan)
    {
        plan = default;
        if (level is 0 or >= TableWalk.TopLevel)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 2);
        }

        if (address >= UserSpace.End)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 1);
        }

        if (!Bits.IsAligned(address, PageTableEntry.PageBytes((int)level + 1)))
        {
            return new Outcome(SystemResult.Unaligned, 1);
        }

        if (!Locate(in state, in table.Value).IsNull)
        {
            return new Outcome(SystemResult.AlreadyMapped);
        }

        Outcome found = TableWalk.Find(space.Table, address, (int)level + 1, out plan.Entry);
        if (!found.IsOk)
        {
            return found;
        }

        if (PageTableEntry.IsPresent(plan.Entry.Value))
        {
            return new Outcome(SystemResult.AddressTaken);
        }

        plan.Table = table;
        plan.SpaceNumber = space.SpaceNumber;
        plan.Address = address;
        plan.Level = (int)level;
        return Outcome.Ok;
    }

    /// <summary>Enters the table.</summary>
    public static void Commit(ref readonly PageTableMapPlan plan)
    {
        ref CapabilitySlot slot = ref plan.Table.Value;

        // It was in a place that was taken away with it: what it mapped there must not come back here.
        if (slot.SpaceNumber != 0)
        {
            ObjectMemory.Clear(slot.Object, 1UL << ObjectSize.PageTableBits);
        }

        slot.SpaceNumber = plan.SpaceNumber;
        slot.MappedAt = plan.Address;
        slot.Extra = (uint)plan.Level;
        Translation.Store(ref plan.Entry.Value, PageTableEntry.UserTable(slot.Table.Physical));
    }

    /// <summary>Takes the table out, with all that it maps.</summary>
    /// <returns>Ok or <see cref="SystemResult.NotMapped"/>.</returns>
    public static Outcome Unmap(ref readonly CapabilityState state, ObjectPointer<CapabilitySlot> table)
    {
        ref CapabilitySlot slot = ref table.Value;
        bool wasUsed = slot.SpaceNumber != 0;
        bool isMapped = TakeOut(in state, ref slot);
        if (wasUsed)
        {
            ObjectMemory.Clear(slot.Object, 1UL << ObjectSize.PageTableBits);
        }

        return isMapped ? Outcome.Ok : new Outcome(SystemResult.NotMapped);
    }

    /// <summary>Takes the table out, if it is in, and makes the capability forget. Its entries stay as they are.</summary>
    internal static bool TakeOut(ref readonly CapabilityState state, ref CapabilitySlot slot)
    {
        ObjectPointer<ulong> entry = Locate(in state, in slot);
        bool isMapped = !entry.IsNull;
        if (isMapped)
        {
            Translation.Store(ref entry.Value, PageTableEntry.NotPresent);
            ulong root = state.Spaces.Find(slot.SpaceNumber).Physical;

            // Any number of pages is gone at once. Loading CR3 forgets them all, and the paging-structure caches.
            if (Cpu.PageTables() == root)
            {
                Cpu.UsePageTables(root);
            }
        }

        slot.SpaceNumber = 0;
        slot.MappedAt = 0;
        slot.Extra = 0;
        return isMapped;
    }

    /// <summary>The entry that points to a table; null when it is in no address space.</summary>
    internal static ObjectPointer<ulong> Locate(ref readonly CapabilityState state, ref readonly CapabilitySlot slot)
    {
        ObjectPointer<PageTable> top = state.Spaces.Find(slot.SpaceNumber);
        int above = (int)slot.Extra + 1;
        if (top.IsNull || !TableWalk.Find(top, slot.MappedAt, above, out ObjectPointer<ulong> entry).IsOk)
        {
            return default;
        }

        ulong value = entry.Value;
        bool isTable = PageTableEntry.IsPresent(value) && !PageTableEntry.IsLeaf(value, above);
        return isTable && PageTableEntry.Address(value) == slot.Table.Physical ? entry : default;
    }
}
