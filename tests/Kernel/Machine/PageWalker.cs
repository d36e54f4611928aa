using Atoll.Boot;

namespace Atoll.Kernel.Tests.Machine;

/// <summary>A page that the tables map, with what every level together allows.</summary>
internal readonly record struct MappedPage(ulong Virtual, ulong Physical, string Rights, ulong Entry);

/// <summary>Walks page tables as a CPU does; shares no code with the kernel.</summary>
/// <remarks>
/// Source: Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging": writable and user need every level, execute disable
/// of one
/// level is enough; bits 51:12 are the address; reserved bits and page size in the PML4 must be 0.
/// </remarks>
internal sealed unsafe class PageWalker(HostPages memory)
{
    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong User = 4;
    private const ulong PageSize = 0x80;
    private const ulong NoExecute = 1UL << 63;
    private const ulong Address = 0x000F_FFFF_FFFF_F000;

    /// <summary>Tables visited, in order, the root first.</summary>
    public List<ulong> Tables { get; } = [];

    /// <summary>Everything mapped, by ascending virtual address.</summary>
    public List<MappedPage> Walk(ulong root)
    {
        List<MappedPage> pages = [];
        Walk(root, level: 4, prefix: 0, allowed: Writable | User, pages);
        return pages;
    }

    private void Walk(ulong table, int level, ulong prefix, ulong allowed, List<MappedPage> pages)
    {
        Tables.Add(table);
        ulong* entries = (ulong*)memory.Page((int)(table / HostPages.PageBytes));
        for (ulong index = 0; index < 512; index++)
        {
            ulong entry = entries[index];
            if ((entry & Present) == 0)
            {
                Assert.Equal(0UL, entry);
                continue;
            }

            // Bits 62:52 are ignored by the CPU but nobody's here: an entry with them set was not meant so.
            Assert.Equal(0UL, entry & ~(Address | NoExecute | 0xFFF));
            ulong here = (allowed & entry & (Writable | User)) | ((allowed | entry) & NoExecute);
            ulong address = prefix | (index << (3 + (9 * level)));
            if (level == 1)
            {
                pages.Add(new MappedPage(Canonical(address), entry & Address, Rights(here), entry));
                continue;
            }

            Assert.Equal(0UL, entry & PageSize);
            Walk(entry & Address, level - 1, address, here, pages);
        }
    }

    private static ulong Canonical(ulong address) => (ulong)((long)(address << 16) >> 16);

    private static string Rights(ulong bits) =>
        ((bits & Writable) != 0 ? "RW" : "R") + ((bits & NoExecute) == 0 ? "X" : "") + ((bits & User) != 0 ? "U" : "");
}
