using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>What only the way to the first instance reaches goes into the boot segment, whose memory is free once that instance runs.</summary>
/// <remarks>
/// Before: pieces are kept or not. After: an instance's roots reach nothing of an object that lies in the boot segment. What the boot root itself is stays
/// in text: the boot segment's own code knows where to find it. Data stays data: an instance has a copy. Source: docs/image.md, "Boot code".
/// </remarks>
public static class FindBootCode
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        LinkProfile profile = image.Request.Profile;
        if (profile.Boot is null)
        {
            return;
        }

        HashSet<Piece> staying = ReachedFrom(image, image.Roots.Except(profile.BootRoots));
        staying.UnionWith(PiecesOf(image, profile.BootRoots));
        foreach (ObjectPiece piece in image.Pieces.OfType<ObjectPiece>())
        {
            piece.IsBootOnly = piece.IsKept && !staying.Contains(piece);
        }
    }

    private static HashSet<Piece> ReachedFrom(LinkImage image, IEnumerable<string> roots)
    {
        HashSet<Piece> reached = [.. PiecesOf(image, roots)];
        Queue<Piece> open = new(reached);
        while (open.TryDequeue(out Piece? referrer))
        {
            foreach (Reference reference in referrer.References)
            {
                if (reference.Target?.Piece is { } target && reached.Add(target))
                {
                    open.Enqueue(target);
                }
            }
        }

        return reached;
    }

    private static IEnumerable<Piece> PiecesOf(LinkImage image, IEnumerable<string> symbols) =>
        symbols.Select(symbol => image.Symbols.Find(symbol)?.Piece).OfType<Piece>();
}
