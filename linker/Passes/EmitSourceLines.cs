using Atoll.Linker.Binary;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Writes line tables again: ILC makes one sequence of all code, the image has one for each kept function.</summary>
public static class EmitSourceLines
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        ByteBuilder section = new();
        foreach (InputObject input in image.Objects)
        {
            foreach (LineUnit unit in input.Lines.Units)
            {
                image.LineUnitOffsets.Add((input, unit.Offset), (uint)section.Length);
                section.Bytes(WriteUnit(input, unit));
            }
        }

        if (section.Length > 0)
        {
            image.DebugSections.Add(new DebugSection(DebugSectionNames.Line, section.ToArray()));
        }

        CollectAddressLines(image);
    }

    private static byte[] WriteUnit(InputObject input, LineUnit unit)
    {
        LineProgramWriter writer = new(unit);
        foreach (ObjectPiece piece in input.Pieces.Where(piece => piece.IsKept))
        {
            (ulong, LineRow)[] rows = [.. input.Lines.Of(piece).Where(line => line.Unit == unit).Select((line, index) =>
                (index == 0 ? 0 : line.Offset, line.Row))];
            if (rows.Length > 0)
            {
                writer.AddSequence(piece.Address, rows, piece.SizeBytes);
            }
        }

        return writer.ToArray();
    }

    /// <summary>Lines by address for the map; between functions that have lines there are none.</summary>
    private static void CollectAddressLines(LinkImage image)
    {
        foreach (Piece piece in image.Segments.Text.Pieces)
        {
            bool isFirst = true;
            foreach (PieceLine line in (piece as ObjectPiece)?.Input.Lines.Of((ObjectPiece)piece) ?? [])
            {
                // The prologue has no row of its own.
                image.Lines.Add(new AddressLine(piece.Address + (isFirst ? 0 : line.Offset), line.Source));
                isFirst = false;
            }
        }
    }
}
