using Atoll.Linker.Elf;

namespace Atoll.Linker.Inspect;

/// <summary>Which symbol each byte of a section belongs to.</summary>
internal static class SymbolCoverage
{
    /// <summary>Stretches of a section's file content that symbols of one type cover, in order, each byte
    /// once.</summary>
    /// <remarks>
    /// Of symbols that overlap the one that begins first wins, of those that begin together the largest. Symbols that
    /// do not lie
    /// inside the section are left out: the image is not trusted.
    /// </remarks>
    public static IEnumerable<(ElfSymbol Symbol, int Start, int Length)> Of(ElfFile file, ElfSection section, byte type)
    {
        ulong end = section.Address;
        ulong bytes = (ulong)section.Content.Length;
        foreach (ElfSymbol symbol in file.Symbols
            .Where(symbol => symbol.Type == type && symbol.SizeBytes > 0)
            .OrderBy(symbol => symbol.Value)
            .ThenByDescending(symbol => symbol.SizeBytes))
        {
            ulong start = symbol.Value - section.Address;
            if (symbol.Value >= end && start < bytes && symbol.SizeBytes <= bytes - start)
            {
                end = symbol.Value + symbol.SizeBytes;
                yield return (symbol, (int)start, (int)symbol.SizeBytes);
            }
        }
    }
}
