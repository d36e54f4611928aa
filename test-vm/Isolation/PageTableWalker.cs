using static Atoll.TestVm.Isolation.PageTableEntry;

namespace Atoll.TestVm.Isolation;

/// <summary>Reads 4-level page tables from a memory dump the way a CPU does. Shares no code with the kernel.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "4-Level Paging" and "Determination of Access Rights".</remarks>
public sealed class PageTableWalker
{
    // A table that points to itself multiplies mappings; no honest instance comes near this many.
    private const int MappingsMax = 200_000;

    private readonly PhysicalMemory _memory;
    private readonly List<Mapping> _mappings = [];
    private readonly List<TablePage> _tables = [];
    private readonly List<string> _defects = [];

    private PageTableWalker(PhysicalMemory memory) => _memory = memory;

    /// <summary>Walks everything below a CR3 value.</summary>
    public static AddressSpace Walk(PhysicalMemory memory, ulong cr3)
    {
        var walker = new PageTableWalker(memory);
        ulong root = cr3 & AddressMask;
        walker.WalkTable(root, level: 4, firstVirtual: 0, new Rights(true, true, true));
        return new AddressSpace(root, walker._mappings, walker._tables, walker._defects);
    }

    private void WalkTable(ulong table, int level, ulong firstVirtual, Rights above)
    {
        if (!_memory.HasPage(table))
        {
            _defects.Add($"level {level} table at 0x{table:x}, for 0x{Canonical(firstVirtual):x}, is not in memory");
            return;
        }

        _tables.Add(new TablePage(table, level, Canonical(firstVirtual)));
        ulong span = 1UL << (12 + (9 * (level - 1)));
        for (ulong index = 0; index < 512 && _mappings.Count < MappingsMax; index++)
        {
            ulong entryAddress = table + (index * 8);
            ulong entry = _memory.Word(entryAddress);
            if ((entry & Present) == 0)
            {
                continue;
            }

            ulong address = firstVirtual + (index * span);
            Rights rights = above.Below(entry);
            if (level == 1 || (level <= 3 && (entry & LargePage) != 0))
            {
                ulong physical = entry & AddressMask & ~(span - 1);
                _mappings.Add(new Mapping(
                    Canonical(address), physical, span, rights.Write, rights.Execute, rights.User,
                    (entry & CacheDisable) != 0, entryAddress));
            }
            else
            {
                WalkTable(entry & AddressMask, level - 1, address, rights);
            }
        }
    }

    private static ulong Canonical(ulong address) => (ulong)((long)(address << 16) >> 16);

    private readonly record struct Rights(bool Write, bool Execute, bool User)
    {
        public Rights Below(ulong entry) => new(
            Write && (entry & Writable) != 0,
            Execute && (entry & NoExecute) == 0,
            User && (entry & PageTableEntry.User) != 0);
    }
}
