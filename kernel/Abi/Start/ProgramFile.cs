using System;

namespace Atoll.Abi;

/// <summary>Every outcome of reading a program's file.</summary>
[MustUse]
public enum ProgramFileResult : byte
{
    /// <summary>It can be loaded.</summary>
    Valid,

    /// <summary>Shorter than its headers.</summary>
    Truncated,

    /// <summary>No ELF file for x86-64 with 64-bit headers.</summary>
    NotElf,

    /// <summary>More segments than <see cref="ProgramFile.SegmentsMax"/>, or none.</summary>
    SegmentCount,

    /// <summary>A segment lies outside of the file, of the lower half, or of whole pages, or is writable and executable.</summary>
    SegmentInvalid,

    /// <summary>Segments overlap, or are not in order.</summary>
    SegmentOrder,

    /// <summary>The entry lies in no executable segment.</summary>
    EntryInvalid,
}

/// <summary>What a segment of a program asks for.</summary>
public struct ProgramSegment
{
    /// <summary>Virtual address: a page.</summary>
    public ulong Address;

    /// <summary>Bytes in memory; what the file does not hold is zero.</summary>
    public ulong MemoryBytes;

    /// <summary>Offset in the file: a page.</summary>
    public ulong FileOffset;

    /// <summary>Bytes in the file.</summary>
    public ulong FileBytes;

    /// <summary>How it is mapped.</summary>
    public MapRights Rights;

    /// <summary>Pages that it fills.</summary>
    public readonly uint Pages => (uint)((MemoryBytes + ImageLayout.PageSizeBytes - 1) / ImageLayout.PageSizeBytes);
}

/// <summary>A program's file, as the linker writes it: which pages go where. Every byte is untrusted.</summary>
/// <remarks>Source: System V ABI, "Object Files", "Program Header"; ELF-64 Object File Format.</remarks>
public static class ProgramFile
{
    /// <summary>Most segments of a program: text, read-only data, data.</summary>
    public const int SegmentsMax = 4;

    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const uint MagicValue = 0x464C_457F;
    private const uint Class64LittleEndian = 0x0001_0102;
    private const ulong MachineX64 = 62;
    private const ulong PT_LOAD = 1;
    private const ulong PF_X = 1;
    private const ulong PF_W = 2;

    /// <summary>Reads the header: entry, and how many program headers there are.</summary>
    /// <param name="file">The file, at least up to its last loaded byte.</param>
    /// <param name="entry">Where the program begins.</param>
    /// <param name="headers">Program headers, not all of them segments to load.</param>
    public static ProgramFileResult ReadHeader(ReadOnlySpan<byte> file, out ulong entry, out uint headers)
    {
        entry = 0;
        headers = 0;
        if (file.Length < HeaderBytes)
        {
            return ProgramFileResult.Truncated;
        }

        if (Read(file, 0, 4) != MagicValue || (Read(file, 4, 3)) != (Class64LittleEndian & 0xFF_FFFF)
            || Read(file, 18, 2) != MachineX64 || Read(file, 32, 8) != HeaderBytes || Read(file, 54, 2) != ProgramHeaderBytes)
        {
            return ProgramFileResult.NotElf;
        }

        headers = (uint)Read(file, 56, 2);
        if (HeaderBytes + ((ulong)headers * ProgramHeaderBytes) > (ulong)file.Length)
        {
            return ProgramFileResult.Truncated;
        }

        entry = Read(file, 24, 8);
        return ProgramFileResult.Valid;
    }

    /// <summary>Reads a program header.</summary>
    /// <param name="file">A file whose header is valid.</param>
    /// <param name="index">Below the number of headers.</param>
    /// <param name="isLoaded">Whether it is a segment to load.</param>
    /// <param name="segment">The segment, when it is.</param>
    public static ProgramFileResult ReadSegment(ReadOnlySpan<byte> file, uint index, out bool isLoaded, out ProgramSegment segment)
    {
        int at = HeaderBytes + ((int)index * ProgramHeaderBytes);
        segment = default;
        isLoaded = Read(file, at, 4) == PT_LOAD;
        if (!isLoaded)
        {
            return ProgramFileResult.Valid;
        }

        ulong flags = Read(file, at + 4, 4);
        segment.FileOffset = Read(file, at + 8, 8);
        segment.Address = Read(file, at + 16, 8);
        segment.FileBytes = Read(file, at + 32, 8);
        segment.MemoryBytes = Read(file, at + 40, 8);
        segment.Rights = (flags & PF_W) != 0 ? MapRights.ReadWrite : (flags & PF_X) != 0 ? MapRights.ReadExecute : MapRights.Read;
        bool isWritableCode = (flags & (PF_W | PF_X)) == (PF_W | PF_X);
        return isWritableCode || !Fits(in segment, (ulong)file.Length) ? ProgramFileResult.SegmentInvalid : ProgramFileResult.Valid;
    }

    private static bool Fits(ref readonly ProgramSegment segment, ulong fileBytes)
    {
        const ulong page = ImageLayout.PageSizeBytes - 1;
        return ((segment.Address | segment.FileOffset) & page) == 0
            && segment.FileOffset <= fileBytes && segment.FileBytes <= fileBytes - segment.FileOffset
            && segment.FileBytes <= segment.MemoryBytes && segment.MemoryBytes is > 0 and <= ProgramManifest.SizeMax
            && segment.Address >= UserSpace.Start && segment.Address <= UserSpace.End - ProgramManifest.SizeMax;
    }

    /// <summary>A little-endian number at any alignment.</summary>
    /// <param name="file">Where it stands.</param>
    /// <param name="at">Its first byte.</param>
    /// <param name="bytes">How many it has: 1 to 8.</param>
    public static ulong Read(ReadOnlySpan<byte> file, int at, int bytes)
    {
        ulong value = 0;
        for (int i = bytes - 1; i >= 0; i--)
        {
            value = (value << 8) | file[at + i];
        }

        return value;
    }
}
