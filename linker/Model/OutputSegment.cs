using Atoll.Abi;
using Atoll.Linker.Binary;

namespace Atoll.Linker.Model;

/// <summary>What one program header loads: pages of one access kind.</summary>
/// <param name="name">Name in maps and summaries.</param>
/// <param name="access">Access that its pages get.</param>
public sealed class OutputSegment(string name, SegmentAccess access)
{
    /// <summary>Name in maps and summaries.</summary>
    public string Name => name;

    /// <summary>Access that its pages get.</summary>
    public SegmentAccess Access => access;

    /// <summary>Sections in order of address; those without bytes in the file come last.</summary>
    public List<OutputSection> Sections { get; } = [];

    /// <summary>Virtual address of the first page.</summary>
    public ulong Address { get; set; }

    /// <summary>Physical address that it is loaded at.</summary>
    public ulong PhysicalAddress { get; set; }

    /// <summary>Offset in the file, once it is written.</summary>
    public ulong FileOffset { get; set; }

    /// <summary>Bytes in memory, up to the end of the last piece.</summary>
    public ulong MemoryBytes { get; set; }

    /// <summary>Bytes that the file holds.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>End of the last page.</summary>
    public ulong EndAddress => Address + PagedBytes;

    /// <summary>Bytes in memory, in whole pages.</summary>
    public ulong PagedBytes => Alignment.Up(MemoryBytes, ImageLayout.PageSizeBytes);

    /// <summary>Pieces in order of address.</summary>
    public IEnumerable<Piece> Pieces => Sections.SelectMany(section => section.Pieces);

    /// <summary>The bytes of the file for a piece that has some.</summary>
    public Span<byte> BytesOf(Piece piece) =>
        Content.AsSpan((int)(piece.Address - Address), (int)piece.SizeBytes);
}

/// <summary>Access to pages. Writable and executable does not exist.</summary>
public enum SegmentAccess
{
    /// <summary>Read and execute.</summary>
    Execute,

    /// <summary>Read.</summary>
    Read,

    /// <summary>Read and write.</summary>
    Write,
}
