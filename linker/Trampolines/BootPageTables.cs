using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>The boot tables: an instance's view of the high half, and the first 4 GiB one to one.</summary>
/// <remarks>
/// Constants of the file: the linker knows every address, so the 32-bit entry only loads CR3.
/// One to one, 4 KiB pages cover the first 4 MiB, where rights differ from page to page (<see cref="IdentityMap"/>).
/// </remarks>
public static class BootPageTables
{
    /// <summary>Symbol of the PML4.</summary>
    public const string Root = "boot_pml4";

    private const string LowPdpt = "boot_low_pdpt";
    private const string LowDirectories = "boot_low_pds";
    private const string LowTables = "boot_low_pts";
    private const string HighPdpt = "boot_high_pdpt";
    private const string HighDirectory = "boot_high_pd";
    private const string HighTable = "boot_high_pt";

    /// <summary>Page directories for 4 GiB.</summary>
    private const int LowDirectoryCount = 4;

    /// <summary>Page tables for the boot segment and the image, which end below 4 MiB.</summary>
    private const int LowTableCount = 2;

    /// <summary>All paging structures.</summary>
    public static IReadOnlyList<BootPageTable> All { get; } =
    [
        new(Root, 1, [LowPdpt, HighPdpt], (index, context) =>
            index == 0 ? PointTo(context, LowPdpt, 0)
            : index == IndexIn(ImageLayout.ImageBase, level: 4) ? PointTo(context, HighPdpt, 0)
            : 0),
        new(LowPdpt, 1, [LowDirectories], (index, context) =>
            index < LowDirectoryCount ? PointTo(context, LowDirectories, index) : 0),
        new(LowDirectories, LowDirectoryCount, [LowTables], (index, context) =>
            index < LowTableCount ? PointTo(context, LowTables, index) : IdentityMap.LargePage(index)),
        new(LowTables, LowTableCount, IdentityMap.References, (index, context) =>
            IdentityMap.Page((ulong)index * ImageLayout.PageSizeBytes, context)),
        new(HighPdpt, 1, [HighDirectory], (index, context) =>
            index == IndexIn(ImageLayout.ImageBase, level: 3) ? PointTo(context, HighDirectory, 0) : 0),
        new(HighDirectory, 1, [HighTable], (index, context) =>
            index == IndexIn(ImageLayout.ImageBase, level: 2) ? PointTo(context, HighTable, 0) : 0),
        new(HighTable, 1, InstanceView.References, (index, context) =>
            InstanceView.Page(ImageLayout.ImageBase + ((ulong)index * ImageLayout.PageSizeBytes), context)),
    ];

    private static ulong PointTo(IFragmentContext context, string tables, int index) =>
        (context.AddressOf(tables) + ((ulong)index * ImageLayout.PageSizeBytes)) | PageTableEntry.Table;

    /// <summary>Index of an address in its paging structure: 4 for the PML4 down to 1 for the page table.</summary>
    private static int IndexIn(ulong address, int level) =>
        (int)(address >> (12 + (9 * (level - 1)))) & (PageTableEntry.Count - 1);
}
