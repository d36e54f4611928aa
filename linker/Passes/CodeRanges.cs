using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Where ranges of an object's code are in the image, once pieces have addresses.</summary>
public sealed class CodeRanges
{
    private readonly Dictionary<ElfSection, ObjectPiece[][]> _kept = [];

    /// <summary>The addresses that a range of the object has become.</summary>
    /// <returns>None when nothing of it was kept, or it is of no code. A range over several functions is cut to those that were kept, and is two when some of them are
    /// boot code.</returns>
    public IReadOnlyList<(ulong From, ulong To)> Of(InputObject input, ElfRelocation begin, ElfRelocation end)
    {
        PiecePlace? first = input.ResolveField(begin);
        PiecePlace? last = input.ResolveField(end, isEnd: true);
        if (first is { Piece: { } piece } && last is { Piece: { } same } && piece == same)
        {
            return piece.IsKept ? [(piece.Address + first.Value.Offset, piece.Address + last.Value.Offset)] : [];
        }

        ElfSymbol symbol = input.File.Symbols[begin.SymbolIndex];
        bool isOfCode = symbol.IsDefinedInSection && input.File.Sections[symbol.SectionIndex].IsExecutable;
        if (begin.SymbolIndex != end.SymbolIndex || !isOfCode)
        {
            return [];
        }

        ulong from = unchecked(symbol.Value + (ulong)begin.Addend);
        ulong to = unchecked(symbol.Value + (ulong)end.Addend);
        return [.. KeptOf(input, input.File.Sections[symbol.SectionIndex]).SelectMany(kept => Cut(kept, from, to))];
    }

    // Pieces of one segment keep the order of the object.
    private static IEnumerable<(ulong From, ulong To)> Cut(ObjectPiece[] kept, ulong from, ulong to)
    {
        int begins = FirstAtOrBehind(kept, from, piece => piece.Offset);
        int ends = FirstAtOrBehind(kept, unchecked(to + 1), piece => piece.Offset + piece.SizeBytes) - 1;
        return begins <= ends ? [(kept[begins].Address, kept[ends].Address + kept[ends].SizeBytes)] : [];
    }

    private ObjectPiece[][] KeptOf(InputObject input, ElfSection section)
    {
        if (!_kept.TryGetValue(section, out ObjectPiece[][]? kept))
        {
            kept = [.. input.PiecesOf(section).Where(piece => piece.IsKept).GroupBy(piece => piece.IsBootOnly).Select(group => group.ToArray())];
            _kept.Add(section, kept);
        }

        return kept;
    }

    private static int FirstAtOrBehind(ObjectPiece[] pieces, ulong offset, Func<ObjectPiece, ulong> offsetOf)
    {
        int low = 0;
        int high = pieces.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = offsetOf(pieces[middle]) < offset ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
