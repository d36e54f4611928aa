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

    /// <summary>A program has the note only.</summary>
    private static void Stamp(LinkImage image, string symbol, int offset, byte[] id)
    {
        if (image.Symbols.Find(symbol)?.Piece is not { } piece)
        {
            return;
        }

        OutputSegment segment = image.Segments[piece.Place];
        id.CopyTo(segment.BytesOf(piece)[offset..]);
        id.CopyTo(image.File, (int)(segment.FileOffset + (piece.Address - segment.Address)) + offset);
    }
}
