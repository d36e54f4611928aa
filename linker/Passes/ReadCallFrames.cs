using Atoll.Linker.Diagnostics;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Reads the objects' call frame information and keeps that of kept code. Fragments bring theirs
/// along.</summary>
public static class ReadCallFrames
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (InputObject input in image.Objects)
        {
            if (input.File.FindSection(DebugSectionNames.ExceptionFrames) is not { Content.Length: > 0 } section)
            {
                continue;
            }

            if (CallFrameReader.Read(input, section) is not { } frames)
            {
                Report(image, input.Name, "cannot be read");
                continue;
            }

            foreach (FrameDescription frame in frames.Where(frame => frame.Piece.IsKept))
            {
                Add(image, frame);
            }
        }

        foreach (Piece piece in image.Frames.Select(frame => frame.Piece).Distinct())
        {
            piece.CallFrames.Sort((left, right) => left.CodeOffset.CompareTo(right.CodeOffset));
        }
    }

    private static void Add(LinkImage image, FrameDescription frame)
    {
        if (CallFrameMachine.Run(frame.Common, frame.Instructions.Span, frame.LengthBytes) is not { } rows)
        {
            Report(image, frame.Piece.Name, "has an instruction that is damaged or not supported");
            return;
        }

        image.Frames.Add(frame);
        frame.Piece.CallFrames
            .AddRange(rows.Select(row => row with { CodeOffset = row.CodeOffset + (int)frame.Offset }));
    }

    private static void Report(LinkImage image, string where, string what) =>
        image.Diagnostics.Report(
            DiagnosticCatalogue.MalformedCallFrames, $"The call frame information of '{where}' {what}.", null, where);
}
