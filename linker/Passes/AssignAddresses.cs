using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Puts kept pieces into sections and segments and gives each its address.</summary>
/// <remarks>
/// Before: pieces are kept or not, sizes are fixed. After: addresses ascend, pieces are disjoint, and no page is
/// shared by two segments, so the kernel can map W^X page by page. Order is input order, objects first, then fragments;
/// data of larger alignment goes before that of smaller, so that no page is lost to padding. The high half comes first,
/// because the boot segment holds a copy of data. Source: docs/image.md, "Segments".
/// </remarks>
public static class AssignAddresses
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (IGrouping<OutputSegment, Piece> pieces in image.Pieces
            .Where(piece => piece.IsKept)
            .GroupBy(piece => image.Segments[piece.Place]))
        {
            pieces.Key.Sections.AddRange(Sections(pieces));
        }

        LinkProfile profile = image.Request.Profile;
        bool fits = Place(image, image.Segments.High, profile.Image)
            && (profile.Boot is null || Place(image, image.Segments.Boot, profile.Boot));
        if (fits)
        {
            Boundaries.Assign(image);
        }
    }

    /// <summary>Sections in the order of first appearance; then notes, which need little alignment; zeros
    /// last.</summary>
    private static IEnumerable<OutputSection> Sections(IEnumerable<Piece> pieces) => pieces
        .GroupBy(piece => piece.SectionName)
        .Select(group => new OutputSection(group.Key, [.. group.OrderBy(IsBehindEntry).ThenByDescending(OrderingAlignment)]))
        .OrderBy(section => section.IsZero ? 2 : section.IsNote ? 1 : 0);

    /// <summary>The boot segment begins with its entry, at the address that loaders without notes are told.</summary>
    private static bool IsBehindEntry(Piece piece) => piece is ObjectPiece { IsBootOnly: true, Place: FragmentPlace.BootCode };

    /// <summary>Code stays as it came: the compiler may have put callers beside callees.</summary>
    private static ulong OrderingAlignment(Piece piece) =>
        IsCode(piece) ? 0 : piece.AlignmentBytes;

    private static bool IsCode(Piece piece) => piece.Place is FragmentPlace.Text or FragmentPlace.BootCode;

    private static bool Place(LinkImage image, IReadOnlyList<OutputSegment> segments, AddressWindow window)
    {
        // Offsets from the base: addresses near the top of the address space must not wrap.
        ulong offset = 0;
        foreach (OutputSegment segment in segments)
        {
            segment.Address = window.VirtualBase + offset;
            segment.PhysicalAddress = window.PhysicalBase + offset;
            ulong sizeBytes = 0;
            ulong fileBytes = 0;
            foreach (OutputSection section in segment.Sections)
            {
                sizeBytes = PlaceSection(segment, section, sizeBytes);
                fileBytes = section.IsZero ? fileBytes : sizeBytes;
            }

            segment.MemoryBytes = sizeBytes;
            offset += segment.PagedBytes;
            if (offset > window.SizeBytes)
            {
                image.Diagnostics.Report(
                    DiagnosticCatalogue.ImageTooLarge,
                    $"The {window.Name} needs {offset} bytes up to {segment.Name}'s end, of {window.SizeBytes}.",
                    segment.Name);
                return false;
            }

            segment.Content = new byte[fileBytes];
        }

        return true;
    }

    /// <summary>Constants in an order that leaves few gaps: where one must be aligned, one that needs less and fits comes before it.</summary>
    private static IEnumerable<Piece> Packed(IReadOnlyList<Piece> pieces, ulong start)
    {
        List<Piece> left = [.. pieces];
        ulong end = start;
        while (left.Count > 0)
        {
            Piece next = left[0];
            ulong gap = Padding(next, end);
            Piece chosen = gap == 0 || IsCode(next)
                ? next
                : left.Where(piece => Padding(piece, end) + piece.SizeBytes <= gap).MinBy(piece => Padding(piece, end)) ?? next;
            left.Remove(chosen);
            end = Alignment.Up(end, chosen.AlignmentBytes) + chosen.SizeBytes;
            yield return chosen;
        }
    }

    private static ulong Padding(Piece piece, ulong end) => Alignment.Up(end, piece.AlignmentBytes) - end;

    /// <summary>Returns where the section ends in its segment.</summary>
    private static ulong PlaceSection(OutputSegment segment, OutputSection section, ulong offset)
    {
        ulong start = Alignment.Up(offset, section.AlignmentBytes);
        ulong end = start;
        foreach (Piece piece in Packed(section.Pieces, start))
        {
            end = Alignment.Up(end, piece.AlignmentBytes);
            piece.Address = segment.Address + end;
            end += piece.SizeBytes;
        }

        section.Address = segment.Address + start;
        section.SizeBytes = end - start;
        return end;
    }
}
