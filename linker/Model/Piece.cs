namespace Atoll.Linker.Model;

/// <summary>The least that reachability keeps or drops and that layout places: a function, a datum, a
/// fragment.</summary>
public abstract class Piece
{
    /// <summary>Name for diagnostics and maps: the first symbol at its start.</summary>
    public abstract string Name { get; }

    /// <summary>Segment it belongs to.</summary>
    public abstract FragmentPlace Place { get; }

    /// <summary>Section of the image it belongs to.</summary>
    public abstract string SectionName { get; }

    /// <summary>Alignment, a power of two.</summary>
    public abstract ulong AlignmentBytes { get; }

    /// <summary>Bytes in memory. Fixed before addresses are assigned.</summary>
    public abstract ulong SizeBytes { get; }

    /// <summary>Whether it is zero and has no bytes in the file.</summary>
    public abstract bool IsZero { get; }

    /// <summary>What it refers to; each reference is resolved on its own, so that a missing one can be named.</summary>
    public abstract IEnumerable<Reference> References { get; }

    /// <summary>Call frame rows by offset in the piece, ascending; empty when there is no rule.</summary>
    public List<CallFrameRow> CallFrames { get; } = [];

    /// <summary>Whether a root reaches it.</summary>
    public bool IsKept { get; set; }

    /// <summary>Virtual address, once layout has run.</summary>
    public ulong Address { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>One mention of a symbol.</summary>
/// <param name="Symbol">Name; empty when the target has none.</param>
/// <param name="Target">What it resolves to; null when nobody defines it.</param>
/// <param name="Offset">Where in the referring piece, for source lines.</param>
public readonly record struct Reference(string Symbol, Definition? Target, ulong Offset);

/// <summary>A place in a piece.</summary>
/// <param name="Piece">The piece.</param>
/// <param name="Offset">Offset in it; its end is allowed.</param>
public readonly record struct PiecePlace(Piece Piece, ulong Offset);
