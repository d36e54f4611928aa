using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Dwarf;

/// <summary>The source lines of an object's pieces.</summary>
public sealed class ObjectLines
{
    /// <summary>Rows of one place that are kept: the last one is its line, and a debugger looks at a few before it.</summary>
    private const int RowsPerOffsetMax = 4;

    private readonly Dictionary<ObjectPiece, List<PieceLine>> _rows = [];

    private ObjectLines(List<LineUnit> units) => Units = units;

    /// <summary>No lines.</summary>
    public static ObjectLines Empty { get; } = new([]);

    /// <summary>Units of the line section.</summary>
    public IReadOnlyList<LineUnit> Units { get; }

    /// <summary>Finds the piece of every row.</summary>
    /// <param name="input">Object with its pieces.</param>
    /// <param name="section">Its line section.</param>
    /// <param name="units">What was read from that.</param>
    public static ObjectLines Of(InputObject input, ElfSection section, List<LineUnit> units)
    {
        ObjectLines lines = new(units);
        Dictionary<ulong, ElfRelocation> anchors = [];
        foreach (ElfRelocation relocation in section.Relocations)
        {
            anchors.TryAdd(relocation.Offset, relocation);
        }

        foreach (LineUnit unit in units)
        {
            for (int index = 0; index < unit.Rows.Count; index++)
            {
                LineRow row = unit.Rows[index];
                bool isAnchored = !row.IsEnd && row.AnchorPosition >= 0;
                if (isAnchored && anchors.TryGetValue((ulong)row.AnchorPosition, out ElfRelocation anchor))
                {
                    lines.Add(input, unit, index, anchor);
                }
            }
        }

        foreach (List<PieceLine> rows in lines._rows.Values)
        {
            rows.Sort((left, right) => (left.Offset, left.RowIndex).CompareTo((right.Offset, right.RowIndex)));
        }

        return lines;
    }

    /// <summary>Rows of a piece, ascending.</summary>
    public IReadOnlyList<PieceLine> Of(ObjectPiece piece) => _rows.GetValueOrDefault(piece) ?? [];

    /// <summary>The line of an offset in a piece; what comes before the first row is the prologue and belongs to
    /// it.</summary>
    public SourceLine? Find(ObjectPiece piece, ulong offset)
    {
        IReadOnlyList<PieceLine> lines = Of(piece);
        int low = 0;
        int high = lines.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = lines[middle].Offset <= offset ? (middle + 1, high) : (low, middle);
        }

        return lines.Count > 0 ? lines[int.Max(low - 1, 0)].Source : null;
    }

    private void Add(InputObject input, LineUnit unit, int row, ElfRelocation anchor)
    {
        ElfRelocation moved = anchor with { Addend = unchecked(anchor.Addend + unit.Rows[row].Delta) };
        if (input.ResolveField(moved) is not { Piece: ObjectPiece piece } place)
        {
            return;
        }

        if (!_rows.TryGetValue(piece, out List<PieceLine>? rows))
        {
            _rows.Add(piece, rows = []);
        }

        PieceLine line = new((uint)place.Offset, row, unit);
        int first = rows.Count - RowsPerOffsetMax;
        if (first >= 0 && rows[first].Offset == line.Offset && rows[^1].Offset == line.Offset)
        {
            rows[^1] = line;
        }
        else
        {
            rows.Add(line);
        }
    }
}

/// <summary>One row of a line table in terms of a piece.</summary>
/// <param name="Offset">Offset in the piece.</param>
/// <param name="RowIndex">Index of the row in its unit.</param>
/// <param name="Unit">Unit that it comes from.</param>
public readonly record struct PieceLine(uint Offset, int RowIndex, LineUnit Unit)
{
    /// <summary>The row.</summary>
    public LineRow Row => Unit.Rows[RowIndex];

    /// <summary>The line, unless the row says that there is none.</summary>
    public SourceLine? Source => Unit.LineOf(Row);
}
