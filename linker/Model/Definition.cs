namespace Atoll.Linker.Model;

/// <summary>What a symbol stands for: a place in a piece, or an address that layout gives.</summary>
/// <param name="Name">Symbol; empty for a place that a section symbol names.</param>
/// <param name="Piece">Piece it lies in; null for boundaries.</param>
/// <param name="Offset">Offset in the piece. Its end is allowed.</param>
/// <param name="SizeBytes">Size, 0 where the object tells none.</param>
/// <param name="IsFunction">Whether it is a function.</param>
public sealed record Definition(string Name, Piece? Piece, ulong Offset, ulong SizeBytes = 0, bool IsFunction = false)
{
    /// <summary>Bytes from the symbol to its end: its size, or what is left of the piece.</summary>
    public ulong ExtentBytes => SizeBytes > 0 || Piece is null ? SizeBytes : Piece.SizeBytes - Offset;

    /// <summary>Address of a boundary, once layout has run.</summary>
    public ulong BoundaryAddress { get; set; }

    /// <summary>Virtual address, once layout has run.</summary>
    public ulong Address => Piece is null ? BoundaryAddress : Piece.Address + Offset;
}
