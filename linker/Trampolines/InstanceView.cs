using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>What the boot tables map in the high half: image and instance window, as in every instance.</summary>
public static class InstanceView
{
    /// <summary>Symbols that <see cref="Page"/> asks for.</summary>
    public static string[] References { get; } =
    [
        SymbolNames.TextStart,
        SymbolNames.TextEnd,
        SymbolNames.ReadOnlyStart,
        SymbolNames.ReadOnlyEnd,
        SymbolNames.DataStart,
        SymbolNames.DataEnd,
        SymbolNames.BootDataCopy,
        .. BootPages.All.Select(pages => pages.Name),
    ];

    /// <summary>Page-table entry for the page at a virtual address; 0 where nothing is.</summary>
    public static ulong Page(ulong address, IFragmentContext context)
    {
        if (IsIn(address, context, SymbolNames.TextStart, SymbolNames.TextEnd))
        {
            return LoadAddress.Of(address) | PageTableEntry.Code;
        }

        if (IsIn(address, context, SymbolNames.ReadOnlyStart, SymbolNames.ReadOnlyEnd))
        {
            return LoadAddress.Of(address) | PageTableEntry.ReadOnly;
        }

        if (IsIn(address, context, SymbolNames.DataStart, SymbolNames.DataEnd))
        {
            ulong offset = address - context.AddressOf(SymbolNames.DataStart);
            return (context.AddressOf(SymbolNames.BootDataCopy) + offset) | PageTableEntry.Data;
        }

        return address == ImageLayout.LocalApicPage
            ? IdentityMap.LocalApicPhysical | PageTableEntry.Device
            : PrivatePage(address, context);
    }

    private static ulong PrivatePage(ulong address, IFragmentContext context)
    {
        foreach (BootPages pages in BootPages.All)
        {
            ulong offset = address - pages.VirtualBase;
            if (offset < (ulong)pages.SizeBytes)
            {
                return (context.AddressOf(pages.Name) + offset) | PageTableEntry.Data;
            }
        }

        return 0;
    }

    private static bool IsIn(ulong address, IFragmentContext context, string start, string end) =>
        address >= context.AddressOf(start) && address < context.AddressOf(end);
}
