using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Cuts loaded sections into pieces, so that reachability can keep a function and drop its
/// neighbour.</summary>
/// <remarks>
/// A piece begins at each symbol and ends at the next, or where a function symbol's size says so: what follows up to
/// the next symbol is padding. A symbol inside a sized function does not cut it. Data symbols have no size in ILC's
/// objects. ILC leaves no relocation for a relative reference from one datum to another of the same section. The only
/// ones known are in a type's description, for the type loader, which no image has; all else in data is R_X86_64_64.
/// </remarks>
public static class SplitSections
{
    private const string UnwindSection = ".eh_frame";

    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (InputObject input in image.Objects)
        {
            ILookup<int, ElfSymbol> symbols = input.File.Symbols
                .Where(symbol => symbol.IsDefinedInSection && symbol.Type != ElfNative.STT_SECTION)
                .ToLookup(symbol => (int)symbol.SectionIndex);
            for (int index = 0; index < input.File.Sections.Count; index++)
            {
                ElfSection section = input.File.Sections[index];
                if (IsProgram(section) && MayBeMapped(image, input, section))
                {
                    input.Add(section, Split(input, section, symbols[index]));
                    AssignRelocations(image, input, section);
                }
            }
        }
    }

    private static bool IsProgram(ElfSection section) =>
        section.IsLoaded && section.SizeBytes > 0 && section.Name != UnwindSection
        && section.Type is ElfNative.SHT_PROGBITS or ElfNative.SHT_NOBITS;

    private static bool MayBeMapped(LinkImage image, InputObject input, ElfSection section)
    {
        bool isZeroOutsideData = section.IsZero && !section.IsWritable;
        if ((section.IsExecutable && section.IsWritable) || isZeroOutsideData)
        {
            image.Diagnostics.Report(
                DiagnosticCatalogue.WritableAndExecutable,
                isZeroOutsideData
                    ? $"Section '{section.Name}' of '{input.Name}' is zero and cannot be written."
                    : $"Section '{section.Name}' of '{input.Name}' is writable and executable.",
                section.Name,
                input.Name);
            return false;
        }

        return true;
    }

    private static List<ObjectPiece> Split(InputObject input, ElfSection section, IEnumerable<ElfSymbol> symbols)
    {
        List<ObjectPiece> pieces = [];
        IGrouping<ulong, ElfSymbol>[] starts =
        [
            .. symbols
                .GroupBy(symbol => symbol.Value)
                .Where(group => group.Key < section.SizeBytes)
                .OrderBy(group => group.Key),
        ];
        ulong firstStart = starts.Length > 0 ? starts[0].Key : section.SizeBytes;
        if (firstStart > 0)
        {
            pieces.Add(new ObjectPiece(input, section, 0, firstStart, section.Name));
        }

        ulong end = 0;
        for (int index = 0; index < starts.Length; index++)
        {
            ulong start = starts[index].Key;
            if (start < end)
            {
                continue;
            }

            end = start + starts[index].Max(symbol => symbol.SizeBytes);
            if (end == start)
            {
                end = index + 1 < starts.Length ? starts[index + 1].Key : section.SizeBytes;
            }

            pieces.Add(new ObjectPiece(input, section, start, end - start, NameOf(starts[index])));
        }

        return pieces;
    }

    /// <summary>Of several names for one place, ILC's own: it is the method's, and what RuntimeExport adds is an
    /// alias.</summary>
    private static string NameOf(IEnumerable<ElfSymbol> symbols) => symbols
        .OrderBy(symbol => symbol.Visibility != ElfNative.STV_HIDDEN)
        .ThenBy(symbol => symbol.Name, StringComparer.Ordinal)
        .First().Name;

    private static void AssignRelocations(LinkImage image, InputObject input, ElfSection section)
    {
        foreach (ElfRelocation relocation in section.Relocations)
        {
            ObjectPiece? piece = input.PieceAt(section, relocation.Offset);
            ulong width = (ulong)ElfNative.RelocationBytes(relocation.Type);
            if (piece is null || relocation.Offset + width > piece.Offset + piece.SizeBytes)
            {
                image.Diagnostics.Report(
                    DiagnosticCatalogue.MalformedElf,
                    $"'{input.Name}' cannot be read: the relocation at "
                    + $"{section.Name}+0x{relocation.Offset:x} is in no function or object.",
                    referrer: input.Name);
                return;
            }

            piece.Relocations.Add(relocation);
        }
    }
}
