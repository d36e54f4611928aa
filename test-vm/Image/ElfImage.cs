using System.Buffers.Binary;

namespace Atoll.TestVm.Image;

/// <summary>A loadable segment of an ELF file.</summary>
/// <param name="Virtual">p_vaddr.</param>
/// <param name="Physical">p_paddr.</param>
/// <param name="SizeBytes">p_memsz.</param>
/// <param name="FileBytes">p_filesz.</param>
/// <param name="IsWritable">PF_W.</param>
/// <param name="IsExecutable">PF_X.</param>
public sealed record ElfSegment(
    ulong Virtual, ulong Physical, ulong SizeBytes, ulong FileBytes, bool IsWritable, bool IsExecutable)
{
    /// <summary>p_offset: where its bytes begin in the file.</summary>
    public ulong FileOffset { get; init; }

    /// <summary>Virtual end, rounded up to whole pages.</summary>
    public ulong PageEnd => (Virtual + SizeBytes + 4095) & ~4095UL;

    /// <summary>Whether a virtual address lies in one of its pages.</summary>
    public bool Holds(ulong address) => address >= Virtual && address < PageEnd;

    /// <summary>Bytes of its whole pages.</summary>
    public ulong PageBytes => PageEnd - Virtual;
}

/// <summary>Reads the program headers of a 64-bit ELF file (System V ABI, "Program Header").</summary>
public static class ElfImage
{
    private const uint PT_LOAD = 1;
    private const uint PF_X = 1;
    private const uint PF_W = 2;

    /// <summary>Reads a file's loadable segments.</summary>
    /// <exception cref="InvalidDataException">It is no 64-bit little-endian ELF file.</exception>
    public static IReadOnlyList<ElfSegment> ReadSegments(string path) => ReadSegments(File.ReadAllBytes(path));

    /// <summary>Reads loadable segments.</summary>
    /// <exception cref="InvalidDataException">It is no 64-bit little-endian ELF file, or is cut short.</exception>
    public static IReadOnlyList<ElfSegment> ReadSegments(ReadOnlySpan<byte> file)
    {
        // e_ident: magic, ELFCLASS64, ELFDATA2LSB.
        if (file.Length < 64 || !file[..6].SequenceEqual<byte>([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        }

        ulong tableOffset = BinaryPrimitives.ReadUInt64LittleEndian(file[32..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(file[54..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[56..]);
        if (entrySize < 56 || tableOffset + ((ulong)entrySize * (ulong)count) > (ulong)file.Length)
        {
            throw new InvalidDataException("program headers lie outside the file");
        }

        List<ElfSegment> segments = [];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = file[((int)tableOffset + (i * entrySize))..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == PT_LOAD)
            {
                segments.Add(Read(header));
            }
        }

        return segments;
    }

    private static ElfSegment Read(ReadOnlySpan<byte> header)
    {
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        return new ElfSegment(
            Virtual: BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
            Physical: BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
            SizeBytes: BinaryPrimitives.ReadUInt64LittleEndian(header[40..]),
            FileBytes: BinaryPrimitives.ReadUInt64LittleEndian(header[32..]),
            IsWritable: (flags & PF_W) != 0,
            IsExecutable: (flags & PF_X) != 0)
        {
            FileOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
        };
    }
}
