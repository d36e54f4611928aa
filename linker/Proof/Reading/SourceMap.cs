using Atoll.Linker.Diagnostics;
using Atoll.Linker.Dwarf;

namespace Atoll.Linker.Proof.Reading;

/// <summary>Lines of source by address, from the image's own DWARF. It names culprits and proves nothing.</summary>
public sealed class SourceMap
{
    private readonly (ulong Address, SourceLine? Line)[] _lines;

    private SourceMap(IEnumerable<(ulong Address, SourceLine? Line)> lines) =>
        _lines = [.. lines.OrderBy(line => line.Address)];

    /// <summary>Reads the line table; a damaged one names nothing.</summary>
    public static SourceMap Read(WrittenImage image)
    {
        List<(ulong, SourceLine?)> lines = [];
        foreach (LineUnit unit in LineProgramReader.Read(image.ContentOf(".debug_line"), out _) ?? [])
        {
            foreach (LineRow row in unit.Rows)
            {
                bool isLine = !row.IsEnd && row.Line > 0;
                string? file = unit.FileOf(row);
                lines.Add((row.Address, isLine && file is not null ? new SourceLine(file, (int)row.Line) : null));
            }
        }

        return new SourceMap(lines);
    }

    /// <summary>The line that the instruction at an address comes from, or null.</summary>
    public SourceLine? At(ulong address)
    {
        int low = 0;
        int high = _lines.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _lines[middle].Address <= address ? (middle + 1, high) : (low, middle);
        }

        return low > 0 ? _lines[low - 1].Line : null;
    }
}
