using Atoll.Abi;
using Atoll.Mm;

namespace Atoll.Provision;

/// <summary>The page tables that a starting core turns paging on with: the start page one to one, and text. Nothing writable.</summary>
/// <remarks>
/// Shared by all starting cores and never written by any, since accessed and dirty bits are set in advance. A core leaves
/// them with its first instruction in text. They must lie below 4 GiB: CR3 is loaded in 32-bit mode.
/// </remarks>
public static unsafe class StartTables
{
    /// <summary>Pages: one PML4, and three tables below it for each of the two addresses.</summary>
    public const uint PageCount = 7;

    /// <summary>Fills the tables in.</summary>
    /// <param name="memory">Reaches the pages.</param>
    /// <param name="tables">Physical address of <see cref="PageCount"/> zeroed pages.</param>
    /// <param name="image">The image.</param>
    public static void Build<[AllowLinear] TMemory>(ref TMemory memory, ulong tables, in ImageInfo image)
        where TMemory : struct, IPhysicalMemory
    {
        ulong low = tables + ImageLayout.PageSizeBytes;
        ulong high = tables + (4 * ImageLayout.PageSizeBytes);

        Link(ref memory, tables, ImageLayout.ApStartPage, 4, low);
        Link(ref memory, tables, ImageLayout.ImageBase, 4, high);
        BuildBranch(ref memory, low, ImageLayout.ApStartPage);
        BuildBranch(ref memory, high, ImageLayout.ImageBase);

        Page* lowest = memory.Open(low + (2 * ImageLayout.PageSizeBytes));
        Page.Entry(lowest, PageTableEntry.Index(ImageLayout.ApStartPage, 1)) =
            PageTableEntry.Leaf(ImageLayout.ApStartPage, PageRights.ReadExecute);

        lowest = memory.Open(high + (2 * ImageLayout.PageSizeBytes));
        for (ulong page = image.TextStart; page < image.TextEnd; page += ImageLayout.PageSizeBytes)
        {
            Page.Entry(lowest, PageTableEntry.Index(page, 1)) =
                PageTableEntry.Leaf(page - ImageLayout.ImageBase + ImageLayout.ImagePhysicalBase, PageRights.ReadExecute);
        }
    }

    private static void BuildBranch<[AllowLinear] TMemory>(ref TMemory memory, ulong pdpt, ulong address)
        where TMemory : struct, IPhysicalMemory
    {
        Link(ref memory, pdpt, address, 3, pdpt + ImageLayout.PageSizeBytes);
        Link(ref memory, pdpt + ImageLayout.PageSizeBytes, address, 2, pdpt + (2 * ImageLayout.PageSizeBytes));
    }

    private static void Link<[AllowLinear] TMemory>(ref TMemory memory, ulong table, ulong address, int level, ulong next)
        where TMemory : struct, IPhysicalMemory =>
        Page.Entry(memory.Open(table), PageTableEntry.Index(address, level)) = PageTableEntry.Table(next);
}
