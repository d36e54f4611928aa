using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>What the boot tables map one to one: the first 4 GiB, for what the firmware left there.</summary>
/// <remarks>
/// Writable and not executable, with three exceptions: boot code is executable and not writable; boot tables and other
/// boot constants, and the image with its pristine data, are only readable; the local APIC's registers are uncached.
/// </remarks>
public static class IdentityMap
{
    /// <summary>Physical address of the local APIC after reset.</summary>
    /// <remarks>Source: Intel SDM Vol. 3A, "Relocating the Local APIC Registers".</remarks>
    public const ulong LocalApicPhysical = 0xFEE0_0000;

    /// <summary>Symbols that <see cref="Page"/> asks for.</summary>
    public static string[] References { get; } =
    [
        SymbolNames.BootCodeStart,
        SymbolNames.BootCodeEnd,
        SymbolNames.BootDataCopy,
        SymbolNames.DataLoadStart,
        SymbolNames.DataStart,
        SymbolNames.DataFileEnd,
    ];

    /// <summary>Page-directory entry for 2 MiB, counted from physical 0.</summary>
    public static ulong LargePage(int index)
    {
        ulong physical = (ulong)index * ImageLayout.TableSpanBytes;
        // One memory type per frame: the high half maps the same registers uncached.
        ulong rights = physical == LocalApicPhysical ? PageTableEntry.Device : PageTableEntry.Data;
        return physical | rights | PageTableEntry.LargePage;
    }

    /// <summary>Page-table entry for the page at a physical address.</summary>
    public static ulong Page(ulong physical, IFragmentContext context) => physical | RightsOf(physical, context);

    private static ulong RightsOf(ulong physical, IFragmentContext context)
    {
        ulong bootCodeEnd = context.AddressOf(SymbolNames.BootCodeEnd);
        if (Overlaps(physical, context.AddressOf(SymbolNames.BootCodeStart), bootCodeEnd))
        {
            return PageTableEntry.Code;
        }

        // Boot constants lie between boot code and the only boot data.
        if (Overlaps(physical, bootCodeEnd, context.AddressOf(SymbolNames.BootDataCopy)))
        {
            return PageTableEntry.ReadOnly;
        }

        ulong dataFileBytes = context.AddressOf(SymbolNames.DataFileEnd) - context.AddressOf(SymbolNames.DataStart);
        ulong imageEnd = context.AddressOf(SymbolNames.DataLoadStart) + dataFileBytes;
        return Overlaps(physical, ImageLayout.ImagePhysicalBase, imageEnd)
            ? PageTableEntry.ReadOnly
            : PageTableEntry.Data;
    }

    private static bool Overlaps(ulong page, ulong start, ulong end) =>
        page + ImageLayout.PageSizeBytes > start && page < end;
}
