using Atoll.Linker.Diagnostics;

namespace Atoll.Linker.Model;

/// <summary>What a link gives: an image with its map, or at least one finding.</summary>
/// <param name="Diagnostics">Findings; none on success.</param>
public sealed record LinkResult(IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The ELF file, or null.</summary>
    public byte[]? Image { get; init; }

    /// <summary>The text of the map, or null.</summary>
    public string? Map { get; init; }

    /// <summary>Sizes, or null.</summary>
    public ImageSizes? Sizes { get; init; }

    /// <summary>Whether there is an image.</summary>
    public bool Succeeded => Image is not null;
}

/// <summary>Sizes of an image in bytes, without padding to pages.</summary>
/// <param name="Text">Code that runs after boot.</param>
/// <param name="ReadOnly">Constants.</param>
/// <param name="Data">Statics that are not zero at first: copied for each instance.</param>
/// <param name="Zero">Statics that are zero at first.</param>
/// <param name="Boot">Boot segment.</param>
/// <param name="File">The file with its debug information.</param>
public sealed record ImageSizes(ulong Text, ulong ReadOnly, ulong Data, ulong Zero, ulong Boot, ulong File)
{
    /// <summary>Bytes of an image without debug information: text, read-only data and data.</summary>
    public ulong Image => Text + ReadOnly + Data;

    /// <summary>Measures a finished image.</summary>
    public static ImageSizes Of(LinkImage image)
    {
        OutputSegments segments = image.Segments;
        ulong data = (ulong)segments.Data.Content.Length;
        return new ImageSizes(
            segments.Text.MemoryBytes,
            segments.ReadOnly.MemoryBytes,
            data,
            segments.Data.MemoryBytes - data,
            segments.Boot.Aggregate(0UL, (sum, segment) => sum + segment.PagedBytes),
            (ulong)image.File.Length);
    }
}
