using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Properties;

/// <summary>What is no function, and what no symbol and no header names, is empty.</summary>
/// <remarks>
/// Zeros in data and between the parts of the file. Between functions it is INT3 instead, so that whatever runs into
/// padding
/// stops at once: zeros would be executed as ADD.
/// </remarks>
public static class Padding
{
    private const byte Int3 = 0xCC;

    /// <summary>Checks.</summary>
    /// <returns>Bytes of padding examined.</returns>
    public static int Check(ProofContext proof)
    {
        int examined = proof.Image.Loads.Sum(load => CheckSegment(proof, load));
        return examined + CheckFile(proof);
    }

    private static int CheckSegment(ProofContext proof, WrittenSegment load)
    {
        // In code only what was decoded counts: a symbol that merely covers bytes says nothing about them.
        IEnumerable<(ulong Address, ulong SizeBytes)> known = load.IsExecutable
            ? proof.Code.Functions.Select(function => (function.Address, function.End - function.Address))
            : proof.Image.Symbols.Where(symbol => symbol.IsInSection).Select(symbol => (symbol.Address, symbol.SizeBytes));
        IEnumerable<FileRange> named = known
            .Where(place => load.Holds(place.Address))
            .Select(place => new FileRange(load.FileOffset + (place.Address - load.Address), place.SizeBytes));
        return CheckGaps(
            proof, load.FileOffset, load.FileOffset + load.FileBytes, named, load.IsExecutable ? Int3 : (byte)0);
    }

    private static int CheckFile(ProofContext proof)
    {
        IEnumerable<FileRange> named = proof.Image.Header.Ranges
            .Concat(proof.Image.Segments.Select(segment => new FileRange(segment.FileOffset, segment.FileBytes)))
            .Concat(proof.Image.Sections
                .Where(section => section.HasBytes)
                .Select(section => new FileRange(section.FileOffset, section.SizeBytes)));
        return CheckGaps(proof, 0, (ulong)proof.Image.Bytes.Length, named, 0);
    }

    /// <summary>Everything in a stretch of the file that no range covers must be the filler.</summary>
    private static int CheckGaps(ProofContext proof, ulong start, ulong end, IEnumerable<FileRange> named, byte filler)
    {
        int examined = 0;
        ulong position = start;
        foreach (FileRange range in named.OrderBy(range => range.Offset).Append(new FileRange(end, 0)))
        {
            // What is named may lie beyond the stretch: a damaged file says anything.
            ulong gapEnd = ulong.Min(range.Offset, end);
            if (gapEnd > position)
            {
                examined += CheckGap(proof, position, gapEnd, filler);
            }

            position = ulong.Max(position, range.End);
        }

        return examined;
    }

    private static int CheckGap(ProofContext proof, ulong start, ulong end, byte filler)
    {
        ReadOnlySpan<byte> gap = proof.Image.Bytes.Span[(int)start..(int)end];
        int bad = gap.IndexOfAnyExcept(filler);
        if (bad >= 0)
        {
            proof.Report(
                ProofDiagnostics.Padding,
                $"Padding at file offset 0x{start + (ulong)bad:x} holds 0x{gap[bad]:x2} in place of 0x{filler:x2}.");
        }

        return gap.Length;
    }
}
