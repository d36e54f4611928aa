using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Passes;

/// <summary>Symbols for where segments begin and end.</summary>
public static class Boundaries
{
    private static readonly (string Name, Func<OutputSegments, ulong> AddressOf)[] s_boundaries =
    [
        (SymbolNames.TextStart, segments => segments.Text.Address),
        (SymbolNames.TextEnd, segments => segments.Text.EndAddress),
        (SymbolNames.ReadOnlyStart, segments => segments.ReadOnly.Address),
        (SymbolNames.ReadOnlyEnd, segments => segments.ReadOnly.EndAddress),
        (SymbolNames.DataStart, segments => segments.Data.Address),
        (SymbolNames.DataEnd, segments => segments.Data.EndAddress),
        (SymbolNames.DataFileEnd, segments => segments.Data.Address + (ulong)segments.Data.Content.Length),
        (SymbolNames.DataLoadStart, segments => segments.Data.PhysicalAddress),
        (SymbolNames.BootCodeStart, segments => segments.BootCode.Address),
        (SymbolNames.BootCodeEnd, segments => segments.BootCode.EndAddress),
        ("__boot_start", segments => segments.BootCode.Address),
        ("__boot_end", segments => segments.BootData.EndAddress),
    ];

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => s_boundaries.Select(boundary => boundary.Name);

    /// <summary>Gives them their addresses.</summary>
    public static void Assign(LinkImage image)
    {
        foreach ((string name, Func<OutputSegments, ulong> addressOf) in s_boundaries)
        {
            image.Symbols.Find(name)!.BoundaryAddress = addressOf(image.Segments);
        }
    }
}
