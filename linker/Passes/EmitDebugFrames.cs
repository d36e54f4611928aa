using Atoll.Linker.Binary;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Writes call frame information for debuggers: what ILC made for kept functions, and rows of
/// fragments.</summary>
/// <remarks>
/// As <c>.debug_frame</c> and not as <c>.eh_frame</c>: the kernel has its own table, so this one need not be loaded.
/// The data of exception handling is left out. Source: DWARF 4, 6.4.1 "Structure of Call Frame Information".
/// </remarks>
public static class EmitDebugFrames
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        CallFrameWriter writer = new();
        foreach (FrameDescription frame in image.Frames)
        {
            writer.Add(frame.Common, frame.Piece.Address + frame.Offset, frame.LengthBytes, frame.Instructions);
        }

        foreach (FragmentPiece piece in image.Fragments.Where(piece => piece.IsKept && piece.Fragment.IsCode))
        {
            foreach (FrameDescription frame in FragmentFrames.Of(piece))
            {
                writer.Add(frame.Common, piece.Address + frame.Offset, frame.LengthBytes, frame.Instructions);
            }
        }

        if (writer.Length > 0)
        {
            image.DebugSections.Add(new DebugSection(DebugSectionNames.Frames, writer.ToArray()));
        }
    }
}
