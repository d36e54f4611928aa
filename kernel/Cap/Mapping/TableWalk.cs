using Atoll.Abi;
using Atoll.Arch;
using Atoll.Mm;

namespace Atoll.Cap;

/// <summary>Finds entries of address spaces. Goes down at most three tables.</summary>
/// <remarks>Only this room writes entries, and only addresses of tables that retype made: so an entry that points to a
/// table can be followed.</remarks>
internal static class TableWalk
{
    /// <summary>Level of the table that a VSpace is.</summary>
    internal const int TopLevel = 4;

    /// <summary>Finds the entry for an address in the table of a level.</summary>
    /// <param name="top">The level 4 table.</param>
    /// <param name="address">A user address.</param>
    /// <param name="level">1 to 4.</param>
    /// <param name="entry">The entry, when the outcome is Ok.</param>
    /// <returns>Ok; <see cref="SystemResult.TableMissing"/> with the level of the missing table, or
    /// <see cref="SystemResult.AddressTaken"/> when a large frame lies there.</returns>
    internal static Outcome Find(ObjectPointer<PageTable> top, ulong address, int level, out ObjectPointer<ulong> entry)
    {
        ObjectPointer<PageTable> table = top;
        for (int at = TopLevel; at > level; at--)
        {
            ulong value = PageTable.Entry(table, Index(address, at)).Value;
            if (!PageTableEntry.IsPresent(value))
            {
                entry = default;
                return new Outcome(SystemResult.TableMissing, (ulong)at - 1);
            }

            if (PageTableEntry.IsLeaf(value, at))
            {
                entry = default;
                return new Outcome(SystemResult.AddressTaken);
            }

            table = new(PhysicalWindow.Base + PageTableEntry.Address(value));
        }

        entry = PageTable.Entry(table, Index(address, level));
        return Outcome.Ok;
    }

    private static ulong Index(ulong address, int level) => (ulong)PageTableEntry.Index(address, level);
}
