using System.Buffers.Binary;
using Atoll.Linker.Profiles;
using Atoll.Linker.Proof.Reading;
using Atoll.Linker.Tables;

namespace Atoll.Cli.Systems;

/// <summary>A segment of a program as Init loads it.</summary>
/// <param name="Address">Virtual address of its first page.</param>
/// <param name="MemoryBytes">Bytes in memory.</param>
/// <param name="FileBytes">Bytes in the file.</param>
/// <param name="IsWritable">Writable: Init copies it.</param>
public sealed record ProgramSegmentShape(ulong Address, ulong MemoryBytes, ulong FileBytes, bool IsWritable);

/// <summary>A program that was built: what its note says, and what a loader needs of its file.</summary>
/// <param name="Manifest">Its manifest, as the linker wrote it into the note.</param>
/// <param name="ManifestFile">The file that people write, for messages.</param>
/// <param name="Segments">Segments, in order.</param>
/// <param name="Content">The file up to its last loaded byte, without sections.</param>
public sealed record ProgramImage(
    ProgramRequest Manifest, string ManifestFile, IReadOnlyList<ProgramSegmentShape> Segments, ReadOnlyMemory<byte> Content)
{
    // ELF-64 Object File Format, "File header".
    private const int SectionTableOffset = 40;
    private const int SectionEntryBytes = 58;
    private const int SectionCount = 60;
    private const int SectionNames = 62;

    /// <summary>Reads a file of the linker.</summary>
    /// <param name="file">The file.</param>
    /// <param name="manifestFile">For messages.</param>
    /// <param name="why">Why it is no program.</param>
    /// <returns>Null when it is none.</returns>
    public static ProgramImage? Read(byte[] file, string manifestFile, out string why)
    {
        if (WrittenImageReader.Read(file, out why) is not { } image)
        {
            return null;
        }

        WrittenNote[] notes =
        [
            .. image.Notes.Where(note => note is { Owner: ProgramNote.Owner, Type: Abi.ProgramManifest.NoteType }),
        ];
        if (notes is not [var note])
        {
            why = $"it has {notes.Length} manifests in place of one";
            return null;
        }

        string? wrong = WrittenManifest.Read(note.Content.Span, out ProgramRequest manifest, out _);
        why = wrong is null ? "" : $"its manifest {wrong}";
        return wrong is null ? new ProgramImage(manifest, manifestFile, [.. image.Loads.Select(Shape)], Loaded(file, image)) : null;
    }

    private static ProgramSegmentShape Shape(WrittenSegment segment) =>
        new(segment.Address, segment.MemoryBytes, segment.FileBytes, segment.IsWritable);

    /// <summary>What is loaded: no sections, no symbols, nothing for debuggers.</summary>
    private static byte[] Loaded(byte[] file, WrittenImage image)
    {
        ulong end = image.Loads.Max(load => load.FileOffset + load.FileBytes);
        byte[] content = file[..(int)end];
        BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(SectionTableOffset), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(SectionEntryBytes), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(SectionCount), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(SectionNames), 0);
        return content;
    }
}
