using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Dwarf;

/// <summary>The source lines of an object's pieces.</summary>
public sealed class ObjectLines
{
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
            foreach (LineRow row in unit.Rows)
            {
                bool isAnchored = !row.IsEnd && row.AnchorPosition >= 0;
                if (isAnchored && anchors.TryGetValue((ulong)row.AnchorPosition, out ElfRelocation anchor))
                {
                    lines.Add(input, unit, row, anchor);
                }
            }
        }

        foreach (List<PieceLine> rows in lines._rows.Values)
        {
            rows.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        }

        return lines;
    }

    /// <summary>Rows of a piece, ascending.</summary>
    public IReadOnlyList<PieceLine> Of(ObjectPiece piece) => _rows.GetValueOrDefault(piece) ?? [];

    /// <summary>The line of an offset in a piece; what comes before the first row is the prologue and belongs to
    /// it.</summary>
    public SourceLine? Find(ObjectPiece piece, ulong offset)
    {
        PieceLine? found = null;
        foreach (PieceLine line in Of(piece))
        {
            if (line.Offset > offset && found is not null)
            {
                break;
            }

            found = line;
        }

        return found?.Source;
    }

    private void Add(InputObject input, LineUnit unit, LineRow row, ElfRelocation anchor)
    {
        ElfRelocation moved = anchor with { Addend = unchecked(anchor.Addend + (long)row.Delta) };
        if (input.ResolveField(moved) is not { Piece: ObjectPiece piece } place)
        {
            return;
        }

        if (!_rows.TryGetValue(piece, out List<PieceLine>? rows))
        {
            _rows.Add(piece, rows = []);
        }

        rows.Add(new PieceLine(place.Offset, unit, row));
    }
}

/// <summary>One row of a line table in terms of a piece.</summary>
/// <param name="Offset">Offset in the piece.</param>
/// <param name="Unit">Unit that it comes from.</param>
/// <param name="Row">The row.</param>
public readonly record struct PieceLine(ulong Offset, LineUnit Unit, LineRow Row)
{
    /// <summary>The line, unless the row says that there is none.</summary>
    public SourceLine? Source => Row.Line > 0 && Row.Line <= int.MaxValue && Unit.FileOf(Row) is { } file
        ? new SourceLine(file, (int)Row.Line)
        : null;
}
