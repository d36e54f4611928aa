using System.Security.Cryptography;
using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Tables;

namespace Atoll.Linker.Passes;

/// <summary>Names the image by its content: the first 20 bytes of the SHA-256 of the file in which the id is still
/// zero.</summary>
public static class StampBuildId
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        byte[] id = SHA256.HashData(image.File)[..BuildId.SizeBytes];
        Stamp(image, BuildIdNote.Symbol, BuildIdNote.IdOffset, id);
        Stamp(image, ImageInfoTable.Symbol, ImageInfoTable.IdOffset, id);
    }

    private static void Stamp(LinkImage image, string symbol, int offset, byte[] id)
    {
        Piece piece = image.Symbols.Find(symbol)!.Piece!;
        OutputSegment segment = image.Segments[piece.Place];
        id.CopyTo(segment.BytesOf(piece)[offset..]);
        id.CopyTo(image.File, (int)(segment.FileOffset + (piece.Address - segment.Address)) + offset);
    }
}
