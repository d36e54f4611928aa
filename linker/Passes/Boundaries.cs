using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Passes;

/// <summary>Symbols for where segments begin and end.</summary>
public static class Boundaries
{
    private static readonly (string Name, Func<OutputSegments, ulong> AddressOf)[] s_image =
    [
        (SymbolNames.TextStart, segments => segments.Text.Address),
        (SymbolNames.TextEnd, segments => segments.Text.EndAddress),
        (SymbolNames.ReadOnlyStart, segments => segments.ReadOnly.Address),
        (SymbolNames.ReadOnlyEnd, segments => segments.ReadOnly.EndAddress),
        (SymbolNames.DataStart, segments => segments.Data.Address),
        (SymbolNames.DataEnd, segments => segments.Data.EndAddress),
        (SymbolNames.DataFileEnd, segments => segments.Data.Address + (ulong)segments.Data.Content.Length),
    ];

    private static readonly (string Name, Func<OutputSegments, ulong> AddressOf)[] s_boot =
    [
        (SymbolNames.DataLoadStart, segments => segments.Data.PhysicalAddress),
        (SymbolNames.BootCodeStart, segments => segments.BootCode.Address),
        (SymbolNames.BootCodeEnd, segments => segments.BootCode.EndAddress),
        ("__boot_start", segments => segments.BootCode.Address),
        ("__boot_end", segments => segments.BootData.EndAddress),
    ];

    /// <summary>Names of a profile's boundaries.</summary>
    public static IEnumerable<string> Names(LinkProfile profile) => Of(profile).Select(boundary => boundary.Name);

    /// <summary>Gives them their addresses.</summary>
    public static void Assign(LinkImage image)
    {
        foreach ((string name, Func<OutputSegments, ulong> addressOf) in Of(image.Request.Profile))
        {
            image.Symbols.Find(name)!.BoundaryAddress = addressOf(image.Segments);
        }
    }

    private static IEnumerable<(string Name, Func<OutputSegments, ulong> AddressOf)> Of(LinkProfile profile) =>
        profile.Boot is null ? s_image : s_image.Concat(s_boot);
}
