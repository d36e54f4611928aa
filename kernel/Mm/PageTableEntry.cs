using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Mm;

/// <summary>What an instance may do with a page. There is no writable and executable.</summary>
public enum PageRights : byte
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>Read and execute.</summary>
    ReadExecute,

    /// <summary>Read and write.</summary>
    ReadWrite,

    /// <summary>Read and write device registers, uncached.</summary>
    Device,
}

/// <summary>Entries of 4-level page tables.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging", "Paging-Structure Entries".</remarks>
public static class PageTableEntry
{
    /// <summary>Entries in a table.</summary>
    public const int PerTable = 512;

    /// <summary>Physical address bits of an entry.</summary>
    public const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>An entry that maps nothing.</summary>
    public const ulong NotPresent = 0;

    private const ulong Present = 1;
    private const ulong Writable = 1UL << 1;
    private const ulong WriteThrough = 1UL << 3;
    private const ulong CacheDisable = 1UL << 4;
    private const ulong Accessed = 1UL << 5;
    private const ulong Dirty = 1UL << 6;
    private const ulong ExecuteDisable = 1UL << 63;

    /// <summary>Points to the next lower table. Rights are decided in the leaf.</summary>
    /// <param name="physical">Page-aligned physical address of the table.</param>
    public static ulong Table(ulong physical)
    {
        Check.That((physical & ~AddressMask) == 0);
        return physical | Present | Writable | Accessed;
    }

    /// <summary>Maps one 4 KiB page.</summary>
    /// <remarks>Accessed and dirty are set in advance, so that the CPU never writes a table.</remarks>
    /// <param name="physical">Page-aligned physical address of the frame.</param>
    /// <param name="rights">What may be done with it.</param>
    public static ulong Leaf(ulong physical, PageRights rights)
    {
        Check.That((physical & ~AddressMask) == 0);
        ulong entry = physical | Present | Accessed | Dirty;
        return rights switch
        {
            PageRights.ReadExecute => entry,
            PageRights.ReadWrite => entry | Writable | ExecuteDisable,
            PageRights.Device => entry | Writable | ExecuteDisable | CacheDisable | WriteThrough,
            _ => entry | ExecuteDisable,
        };
    }

    /// <summary>Index of the entry for <paramref name="virtualAddress"/>.</summary>
    /// <param name="virtualAddress">A canonical address.</param>
    /// <param name="level">1 for the page table, 4 for the PML4.</param>
    public static int Index(ulong virtualAddress, int level) => (int)((virtualAddress >> (3 + (9 * level))) & 511);
}
