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

    /// <summary>Lowest level: its entries map 4 KiB.</summary>
    public const int SmallPageLevel = 1;

    /// <summary>Level whose entries can map 2 MiB.</summary>
    public const int LargePageLevel = 2;

    /// <summary>Level whose entries can map 1 GiB, where the CPU can (CPUID 80000001H:EDX[26]).</summary>
    public const int HugePageLevel = 3;

    private const ulong Present = 1;
    private const ulong Writable = 1UL << 1;
    private const ulong User = 1UL << 2;
    private const ulong WriteThrough = 1UL << 3;
    private const ulong CacheDisable = 1UL << 4;
    private const ulong Accessed = 1UL << 5;
    private const ulong Dirty = 1UL << 6;
    private const ulong PageSize = 1UL << 7;
    private const ulong ExecuteDisable = 1UL << 63;

    /// <summary>Points to the next lower table. Rights are decided in the leaf.</summary>
    /// <param name="physical">Page-aligned physical address of the table.</param>
    public static ulong Table(ulong physical)
    {
        Check.That((physical & ~AddressMask) == 0);
        return physical | Present | Writable | Accessed;
    }

    /// <summary>Points to the next lower table of a program's half. Rights are decided in the leaf.</summary>
    /// <param name="physical">Page-aligned physical address of the table.</param>
    public static ulong UserTable(ulong physical) => Table(physical) | User;

    /// <summary>Maps one 4 KiB page, for the kernel only.</summary>
    /// <param name="physical">Page-aligned physical address of the frame.</param>
    /// <param name="rights">What may be done with it.</param>
    public static ulong Leaf(ulong physical, PageRights rights) => Leaf(physical, rights, SmallPageLevel);

    /// <summary>Maps one page of any size, for the kernel only.</summary>
    /// <remarks>Accessed and dirty are set in advance, so that the CPU never writes a table.</remarks>
    /// <param name="physical">Physical address of the frame, aligned to the page's size.</param>
    /// <param name="rights">What may be done with it.</param>
    /// <param name="level">Level of the table: <see cref="SmallPageLevel"/>, <see cref="LargePageLevel"/> or
    /// <see cref="HugePageLevel"/>.</param>
    public static ulong Leaf(ulong physical, PageRights rights, int level)
    {
        Check.That((uint)(level - SmallPageLevel) <= HugePageLevel - SmallPageLevel);
        Check.That((physical & (~AddressMask | (PageBytes(level) - 1))) == 0);
        ulong entry = physical | Present | Accessed | Dirty | (level == SmallPageLevel ? 0 : PageSize);
        return rights switch
        {
            PageRights.ReadExecute => entry,
            PageRights.ReadWrite => entry | Writable | ExecuteDisable,
            PageRights.Device => entry | Writable | ExecuteDisable | CacheDisable | WriteThrough,
            _ => entry | ExecuteDisable,
        };
    }

    /// <summary>Maps one page of any size for a program. The kernel cannot touch it there, where the CPU has SMAP and
    /// SMEP.</summary>
    /// <inheritdoc cref="Leaf(ulong, PageRights, int)"/>
    public static ulong UserLeaf(ulong physical, PageRights rights, int level) => Leaf(physical, rights, level) | User;

    /// <summary>The same leaf, uncached: for a device's registers that a program may only read, say.</summary>
    public static ulong Uncached(ulong leaf) => leaf | CacheDisable | WriteThrough;

    /// <summary>Whether an entry maps anything or leads on.</summary>
    public static bool IsPresent(ulong entry) => (entry & Present) != 0;

    /// <summary>Whether a present entry maps a page, and does not lead to another table.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="level">Level of the table that it is in: 1 to 4.</param>
    public static bool IsLeaf(ulong entry, int level) =>
        level == SmallPageLevel || (level <= HugePageLevel && (entry & PageSize) != 0);

    /// <summary>Physical address of the page or table that a present entry leads to.</summary>
    public static ulong Address(ulong entry) => entry & AddressMask;

    /// <summary>Bytes that one entry of a level spans.</summary>
    /// <param name="level">Level of the table: 1 to 4.</param>
    public static ulong PageBytes(int level) => ImageLayout.PageSizeBytes << (9 * (level - SmallPageLevel));

    /// <summary>Index of the entry for <paramref name="virtualAddress"/>.</summary>
    /// <param name="virtualAddress">A canonical address.</param>
    /// <param name="level">1 for the page table, 4 for the PML4.</param>
    public static int Index(ulong virtualAddress, int level) => (int)((virtualAddress >> (3 + (9 * level))) & 511);
}
