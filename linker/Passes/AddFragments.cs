using Atoll.Linker.Model;
using Atoll.Linker.Tables;

namespace Atoll.Linker.Passes;

/// <summary>Adds what the linker makes itself: the fragments of the request and the tables that describe the
/// image.</summary>
public static class AddFragments
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        Fragment[] own =
        [
            new PvhNote(),
            new BuildIdNote(),
            new ImageInfoTable(image),
            new UnwindTable(image),
            new BootDataCopy(image),
        ];
        image.Roots.AddRange([PvhNote.Symbol, BuildIdNote.Symbol, ImageInfoTable.Symbol]);
        foreach (Fragment fragment in image.Request.Fragments.Concat(own))
        {
            image.Fragments.Add(new FragmentPiece(fragment, image.Symbols));
        }
    }
}
