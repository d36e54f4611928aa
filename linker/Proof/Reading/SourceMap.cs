using Atoll.Linker.Diagnostics;
using Atoll.Linker.Dwarf;

namespace Atoll.Linker.Proof.Reading;

/// <summary>Lines of source by address, from the image's own DWARF. It names culprits and proves nothing.</summary>
public sealed class SourceMap
{
    /// <summary>Rows of one address that are asked for a line.</summary>
    private const int RowsMax = 16;

    private readonly ulong[] _addresses;
    private readonly (LineUnit Unit, int Row)[] _rows;

    private SourceMap(IReadOnlyList<LineUnit> units)
    {
        _addresses = new ulong[units.Sum(unit => unit.Rows.Count)];
        _rows = new (LineUnit, int)[_addresses.Length];
        int count = 0;
        foreach (LineUnit unit in units)
        {
            for (int row = 0; row < unit.Rows.Count; row++)
            {
                _addresses[count] = unit.AddressOf(unit.Rows[row]);
                _rows[count++] = (unit, row);
            }
        }

        Array.Sort(_addresses, _rows);
    }

    /// <summary>Reads the line table; a damaged one names nothing.</summary>
    public static SourceMap Read(WrittenImage image) =>
        new(LineProgramReader.Read(image.ContentOf(".debug_line"), out _) ?? []);

    /// <summary>The line that the instruction at an address comes from, or null.</summary>
    public SourceLine? At(ulong address)
    {
        int low = 0;
        int high = _addresses.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _addresses[middle] <= address ? (middle + 1, high) : (low, middle);
        }

        // Where one sequence ends and the next begins at the same address, the one that begins counts.
        int last = int.Max(low - RowsMax, 0);
        for (int index = low - 1; index >= last && _addresses[index] == _addresses[low - 1]; index--)
        {
            (LineUnit unit, int row) = _rows[index];
            if (unit.LineOf(unit.Rows[row]) is { } line)
            {
                return line;
            }
        }

        return null;
    }
}
