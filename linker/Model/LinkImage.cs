using Atoll.Linker.Diagnostics;
using Atoll.Linker.Dwarf;

namespace Atoll.Linker.Model;

/// <summary>The image under construction: what passes read and leave behind.</summary>
public sealed class LinkImage(LinkRequest request)
{
    /// <summary>What to link.</summary>
    public LinkRequest Request => request;

    /// <summary>Findings. The link stops after the pass that makes the first one.</summary>
    public DiagnosticBag Diagnostics { get; } = new();

    /// <summary>Objects that were read.</summary>
    public List<InputObject> Objects { get; } = [];

    /// <summary>Fragments as pieces.</summary>
    public List<FragmentPiece> Fragments { get; } = [];

    /// <summary>Global symbols.</summary>
    public SymbolTable Symbols { get; } = new();

    /// <summary>Symbols that keep what they reach: those of the profile and of the request.</summary>
    public List<string> Roots { get; } = [.. request.Profile.Roots, .. request.Roots];

    /// <summary>Segments in order of address: boot code, boot read-only, boot data, text, read-only, data.</summary>
    public OutputSegments Segments { get; } = new();

    /// <summary>Call frame information of kept code.</summary>
    public List<FrameDescription> Frames { get; } = [];

    /// <summary>Rows of the unwind table, in order of address, before addresses are known.</summary>
    public List<UnwindEntry> UnwindEntries { get; } = [];

    /// <summary>Sections that no loader loads: debug information.</summary>
    public List<DebugSection> DebugSections { get; } = [];

    /// <summary>Where each unit of an object's line section begins in the image's.</summary>
    public Dictionary<(InputObject Input, int Offset), uint> LineUnitOffsets { get; } = [];

    /// <summary>Lines of source by address, ascending.</summary>
    public List<AddressLine> Lines { get; } = [];

    /// <summary>The file.</summary>
    public byte[] File { get; set; } = [];

    /// <summary>All pieces: objects in order, then fragments.</summary>
    public IEnumerable<Piece> Pieces => Objects.SelectMany(input => input.Pieces).Concat<Piece>(Fragments);

    /// <summary>The line of source of a place in a piece, if debug information tells it.</summary>
    public static SourceLine? LineAt(Piece piece, ulong offset) =>
        piece is ObjectPiece compiled ? compiled.Input.LineAt(compiled, offset) : null;
}

/// <summary>One row of the unwind table, before addresses are known.</summary>
/// <param name="Piece">Piece it lies in.</param>
/// <param name="Row">The row, its offset relative to the piece.</param>
public readonly record struct UnwindEntry(Piece Piece, CallFrameRow Row);

/// <summary>A section that no loader loads.</summary>
/// <param name="Name">Name.</param>
/// <param name="Content">Bytes, relocated.</param>
/// <param name="Type">SHT_…</param>
/// <param name="AlignmentBytes">Alignment in the file.</param>
public sealed record DebugSection(
    string Name, byte[] Content, uint Type = Elf.ElfNative.SHT_PROGBITS, ulong AlignmentBytes = 1);

/// <summary>The line of source that begins at an address. No line: what follows has no source.</summary>
/// <param name="Address">Virtual address.</param>
/// <param name="Line">Line of source, or null.</param>
public readonly record struct AddressLine(ulong Address, SourceLine? Line);
