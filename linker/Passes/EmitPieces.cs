using System.Buffers.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Map;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Makes the bytes of every segment: copies and relocates what was compiled, asks fragments for
/// theirs.</summary>
/// <remarks>
/// The high half comes first: the boot copy of data is a copy of what is emitted then.
/// Source: psABI, "Relocation": S + A for R_X86_64_64; S + A - P for R_X86_64_PC32 and, without a PLT, R_X86_64_PLT32.
/// </remarks>
public static class EmitPieces
{
    /// <summary>INT3 between functions: whatever runs into padding stops at once.</summary>
    private const byte CodePadding = 0xCC;

    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (OutputSegment segment in image.Segments.High.Concat(image.Segments.Boot))
        {
            if (segment.Access == SegmentAccess.Execute)
            {
                segment.Content.AsSpan().Fill(CodePadding);
            }

            foreach (Piece piece in segment.Pieces.Where(piece => !piece.IsZero))
            {
                Emit(image, segment, piece);
            }
        }
    }

    private static void Emit(LinkImage image, OutputSegment segment, Piece piece)
    {
        Span<byte> bytes = segment.BytesOf(piece);
        if (piece is ObjectPiece compiled)
        {
            compiled.Bytes.CopyTo(bytes);
            foreach (ElfRelocation relocation in compiled.Relocations)
            {
                Relocate(image, compiled, relocation, bytes[(int)(relocation.Offset - compiled.Offset)..]);
            }

            foreach (InlinedStub inlined in compiled.InlinedStubs)
            {
                inlined.Bytes.CopyTo(bytes[(int)inlined.Offset..]);
            }
        }
        else if (piece is FragmentPiece made)
        {
            EmitFragment(image, made, bytes);
        }
    }

    private static void EmitFragment(LinkImage image, FragmentPiece piece, Span<byte> bytes)
    {
        byte[] emitted;
        try
        {
            emitted = piece.Fragment.Emit(new FragmentContext(image, piece));
        }
        catch (Exception exception) when (
            exception is InvalidOperationException or OverflowException or ArgumentException)
        {
            ReportBroken(image, piece, exception.Message);
            return;
        }

        if (emitted.Length != bytes.Length)
        {
            ReportBroken(image, piece, $"it has {emitted.Length} bytes, but {bytes.Length} in the layout");
            return;
        }

        emitted.CopyTo(bytes);
    }

    private static void ReportBroken(LinkImage image, FragmentPiece piece, string why) =>
        image.Diagnostics.Report(
            DiagnosticCatalogue.FragmentBroken, $"'{piece.Name}' cannot be emitted: {why}.", piece.Name);

    private static void Relocate(LinkImage image, ObjectPiece piece, ElfRelocation relocation, Span<byte> field)
    {
        ulong target = piece.Input.Resolve(relocation)!.Address;
        ulong value = unchecked(target + (ulong)piece.Input.AddendOf(relocation));
        ulong place = piece.Address + (relocation.Offset - piece.Offset);
        switch (relocation.Type)
        {
            case ElfNative.R_X86_64_64:
                BinaryPrimitives.WriteUInt64LittleEndian(field, value);
                return;

            case ElfNative.R_X86_64_PC32:
            case ElfNative.R_X86_64_PLT32:
                long distance = unchecked((long)(value - place));
                BinaryPrimitives.WriteInt32LittleEndian(field, unchecked((int)distance));
                if (distance != (int)distance)
                {
                    string distant = $"0x{value:x} from 0x{place:x}";
                    Report(image, DiagnosticCatalogue.RelocationOverflow, piece, relocation, distant);
                }

                return;

            default:
                Report(image, DiagnosticCatalogue.UnknownRelocation, piece, relocation, "in loaded code or data");
                return;
        }
    }

    private static void Report(
        LinkImage image, DiagnosticDescriptor descriptor, ObjectPiece piece, ElfRelocation relocation, string what)
    {
        ElfFile file = piece.Input.File;
        ElfSymbol target = file.Symbols[relocation.SymbolIndex];
        // The symbol of a section has no name of its own.
        string symbol = target is { Name: "", IsDefinedInSection: true } ? file.Sections[target.SectionIndex].Name : target.Name;
        ulong offset = relocation.Offset - piece.Offset;
        image.Diagnostics.Report(
            descriptor,
            $"'{MethodNames.Readable(piece.Name)}'+0x{offset:x} refers to '{symbol}' "
            + $"by {ElfNative.RelocationName(relocation.Type)}: {what}.",
            symbol,
            piece.Name,
            LinkImage.LineAt(piece, offset));
    }
}
