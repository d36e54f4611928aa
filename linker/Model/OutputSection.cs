namespace Atoll.Linker.Model;

/// <summary>A loaded section of the image.</summary>
/// <param name="name">Name.</param>
/// <param name="pieces">What it holds, in order of address.</param>
public sealed class OutputSection(string name, List<Piece> pieces)
{
    /// <summary>Name.</summary>
    public string Name => name;

    /// <summary>What it holds, in order of address.</summary>
    public IReadOnlyList<Piece> Pieces => pieces;

    /// <summary>Whether it has no bytes in the file.</summary>
    public bool IsZero => pieces.TrueForAll(piece => piece.IsZero);

    /// <summary>Whether it is a note.</summary>
    public bool IsNote => pieces.Exists(piece => piece is FragmentPiece { Fragment: INote });

    /// <summary>Largest alignment of a piece.</summary>
    public ulong AlignmentBytes => pieces.Max(piece => piece.AlignmentBytes);

    /// <summary>Virtual address.</summary>
    public ulong Address { get; set; }

    /// <summary>Bytes in memory.</summary>
    public ulong SizeBytes { get; set; }
}
