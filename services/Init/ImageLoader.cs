using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>Puts a program's image into its address space: text and constants where the bundle has them, data in pages of its own.</summary>
internal static class ImageLoader
{
    /// <summary>Loads.</summary>
    /// <param name="state">Init.</param>
    /// <param name="shelf">The program's.</param>
    /// <param name="image">Position in the bundle.</param>
    /// <param name="entry">Where it begins.</param>
    internal static LoadResult Load(ref InitState state, ref Shelf shelf, uint image, out ulong entry)
    {
        entry = 0;
        if (!state.Bundle.TryEntry(BundleKind.Program, image, out ulong offset, out ulong size)
            || !state.Bundle.TryView(offset, size, out ReadOnlySpan<byte> file))
        {
            return LoadResult.ImageMissing;
        }

        if (ProgramFile.ReadHeader(file, out entry, out uint headers) != ProgramFileResult.Valid)
        {
            return LoadResult.ImageInvalid;
        }

        for (uint index = 0; index < headers; index++)
        {
            if (ProgramFile.ReadSegment(file, index, out bool isLoaded, out ProgramSegment segment) != ProgramFileResult.Valid)
            {
                return LoadResult.ImageInvalid;
            }

            LoadResult loaded = isLoaded ? LoadSegment(ref state, ref shelf, offset, file, in segment) : LoadResult.Started;
            if (loaded != LoadResult.Started)
            {
                return loaded;
            }
        }

        return entry is >= UserSpace.Start and < UserSpace.End ? LoadResult.Started : LoadResult.ImageInvalid;
    }

    private static LoadResult LoadSegment(
        ref InitState state, ref Shelf shelf, ulong fileOffset, ReadOnlySpan<byte> file, ref readonly ProgramSegment segment)
    {
        for (uint page = 0; page < segment.Pages; page++)
        {
            ulong at = page * ImageLayout.PageSizeBytes;
            ulong left = segment.FileBytes > at ? segment.FileBytes - at : 0;
            LoadResult result = segment.Rights == MapRights.ReadWrite || left == 0
                ? LoadFresh(ref state, ref shelf, file, in segment, at, left)
                : shelf.MapCopy(state.Bundle.FrameOf(fileOffset + segment.FileOffset + at), segment.Address + at, segment.Rights);
            if (result != LoadResult.Started)
            {
                return result;
            }
        }

        return LoadResult.Started;
    }

    private static LoadResult LoadFresh(
        ref InitState state, ref Shelf shelf, ReadOnlySpan<byte> file, ref readonly ProgramSegment segment, ulong at, ulong left)
    {
        LoadResult made = shelf.MakePage(out uint frame);
        if (made == LoadResult.Started && left != 0)
        {
            int bytes = left < ImageLayout.PageSizeBytes ? (int)left : (int)ImageLayout.PageSizeBytes;
            made = state.Space.Fill(shelf.Address(frame), file.Slice((int)(segment.FileOffset + at), bytes));
        }

        return made == LoadResult.Started ? shelf.Map(frame, segment.Address + at, segment.Rights) : made;
    }
}
