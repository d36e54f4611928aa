using Atoll.Linker.Binary;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Writes line tables again: ILC makes one sequence of all code, the image has one for each kept
/// function.</summary>
public static class EmitSourceLines
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        ByteBuilder section = new();
        foreach (InputObject input in image.Objects)
        {
            foreach (LineProgramWriter unit in WriteUnits(input))
            {
                image.LineUnitOffsets.Add((input, unit.Unit.Offset), (uint)section.Length);
                section.Bytes(unit.ToArray());
            }
        }

        if (section.Length > 0)
        {
            image.DebugSections.Add(new DebugSection(DebugSectionNames.Line, section.ToArray()));
        }

        CollectAddressLines(image);
    }

    private static IEnumerable<LineProgramWriter> WriteUnits(InputObject input)
    {
        Dictionary<int, LineProgramWriter> writers = input.Lines.Units.ToDictionary(
            unit => unit.Offset, unit => new LineProgramWriter(unit));
        foreach (ObjectPiece piece in input.Pieces.Where(piece => piece.IsKept))
        {
            foreach (IGrouping<int, PieceLine> lines in input.Lines.Of(piece).GroupBy(line => line.Unit.Offset))
            {
                // The prologue has no row of its own: it belongs to the first line.
                IEnumerable<(ulong, LineRow)> rows =
                    lines.Select((line, index) => (index == 0 ? 0UL : line.Offset, line.Row));
                writers[lines.Key].AddSequence(piece.Address, rows, piece.SizeBytes);
            }
        }

        return input.Lines.Units.Select(unit => writers[unit.Offset]);
    }

    /// <summary>Lines by address for the map; between functions that have lines there are none.</summary>
    private static void CollectAddressLines(LinkImage image)
    {
        foreach (Piece piece in image.Segments.BootCode.Pieces.Concat(image.Segments.Text.Pieces))
        {
            if (piece is not ObjectPiece compiled)
            {
                continue;
            }

            bool isFirst = true;
            foreach (PieceLine line in compiled.Input.Lines.Of(compiled))
            {
                image.Lines.Add(new AddressLine(piece.Address + (isFirst ? 0 : line.Offset), line.Source));
                isFirst = false;
            }
        }
    }
}
