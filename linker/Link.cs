using Atoll.Linker.Map;
using Atoll.Linker.Model;
using Atoll.Linker.Passes;

namespace Atoll.Linker;

/// <summary>The link, as a table of contents: read this file to learn the whole linker.</summary>
public static class Link
{
    private static readonly Action<LinkImage>[] s_passes =
    [
        // Bytes become objects; from here on every index and offset in them is known to be good.
        ReadObjects.Run,

        // ILC puts all code in one section. Symbols cut it into functions, and data into objects: the pieces.
        SplitSections.Run,

        // ILC has resolved calls within the section; pieces move, so they become relocations again.
        RecoverCodeReferences.Run,

        // Source lines, so that later findings can name them.
        ReadSourceLines.Run,

        // Trampolines, tables and notes that the linker makes itself.
        AddFragments.Run,

        // Every global name gets its one definition. Beyond this point, no new symbols.
        ResolveSymbols.Run,

        // Calls of a single instruction become that instruction.
        InlineStubs.Run,

        // What a kernel cannot contain, reachable or not.
        CheckDefinitions.Run,

        // From the roots on: what they reach is kept; what kept code cannot have is an error.
        MarkReachable.Run,

        // What is needed until the first instance runs, and never again.
        FindBootCode.Run,

        // How to unwind from each kept function. Beyond this point, only the boot copy of data changes its size.
        ReadCallFrames.Run,
        PlanUnwindTable.Run,

        // Sections, segments, addresses.
        AssignAddresses.Run,

        // Bytes for the final addresses.
        EmitPieces.Run,

        // Debug information for what was kept.
        EmitSourceLines.Run,
        EmitDebugInfo.Run,
        CheckLocations.Run,
        EmitDebugFrames.Run,

        // What the proof is to hold the image to.
        EmitClaims.Run,

        // What the image was made with.
        EmitInputs.Run,

        // One file; its name is its content.
        WriteImage.Run,
        StampBuildId.Run,
    ];

    /// <summary>Runs every pass in order and stops after the first one that reports a finding.</summary>
    /// <returns>Image and map, or findings.</returns>
    public static LinkResult Run(LinkRequest request)
    {
        LinkImage image = new(request);
        foreach (Action<LinkImage> pass in s_passes)
        {
            pass(image);
            if (image.Diagnostics.HasAny)
            {
                return new LinkResult(image.Diagnostics.Found);
            }
        }

        return new LinkResult([]) { Image = image.File, Map = MapWriter.Write(image), Sizes = ImageSizes.Of(image) };
    }
}
