using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Puts a program's image into its address space: text and constants where the bundle has them, data in pages of its own.</summary>
internal static class ImageLoader
{
    /// <summary>Loads.</summary>
    /// <param name="state">Init.</param>
    /// <param name="shelf">The program's.</param>
    /// <param name="image">Position in the bundle.</param>
    /// <param name="entry">Where it begins.</param>
    internal static StartFailure Load(ref InitState state, ref Shelf shelf, uint image, out ulong entry)
    {
        entry = 0;
        if (!state.Bundle.TryEntry(BundleKind.Program, image, out ulong offset, out ulong size)
            || !state.Bundle.TryView(offset, size, out ReadOnlySpan<byte> file))
        {
            return StartFailure.ImageMissing;
        }

        if (ProgramFile.ReadHeader(file, out entry, out uint headers) != ProgramFileResult.Valid)
        {
            return StartFailure.ImageInvalid;
        }

        for (uint index = 0; index < headers; index++)
        {
            if (ProgramFile.ReadSegment(file, index, out bool isLoaded, out ProgramSegment segment) != ProgramFileResult.Valid)
            {
                return StartFailure.ImageInvalid;
            }

            StartFailure loaded = isLoaded ? LoadSegment(ref state, ref shelf, offset, file, in segment) : StartFailure.None;
            if (loaded != StartFailure.None)
            {
                return loaded;
            }
        }

        return entry is >= UserSpace.Start and < UserSpace.End ? StartFailure.None : StartFailure.ImageInvalid;
    }

    private static StartFailure LoadSegment(
        ref InitState state, ref Shelf shelf, ulong fileOffset, ReadOnlySpan<byte> file, ref readonly ProgramSegment segment)
    {
        for (uint page = 0; page < segment.Pages; page++)
        {
            ulong at = page * ImageLayout.PageSizeBytes;
            ulong left = segment.FileBytes > at ? segment.FileBytes - at : 0;
            StartFailure result = segment.Rights == MapRights.ReadWrite || left == 0
                ? LoadFresh(ref state, ref shelf, file, in segment, at, left)
                : shelf.MapCopy(state.Bundle.FrameOf(fileOffset + segment.FileOffset + at), segment.Address + at, segment.Rights);
            if (result != StartFailure.None)
            {
                return result;
            }
        }

        return StartFailure.None;
    }

    private static StartFailure LoadFresh(
        ref InitState state, ref Shelf shelf, ReadOnlySpan<byte> file, ref readonly ProgramSegment segment, ulong at, ulong left)
    {
        StartFailure made = shelf.MakePage(out uint frame);
        if (made == StartFailure.None && left != 0)
        {
            int bytes = left < ImageLayout.PageSizeBytes ? (int)left : (int)ImageLayout.PageSizeBytes;
            made = state.Space.Fill(shelf.Address(frame), file.Slice((int)(segment.FileOffset + at), bytes));
        }

        return made == StartFailure.None ? shelf.Map(frame, segment.Address + at, segment.Rights) : made;
    }
}
