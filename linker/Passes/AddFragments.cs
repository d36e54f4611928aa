using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Adds what the linker makes itself: the trampolines of the profile and the tables that describe the
/// image.</summary>
public static class AddFragments
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        LinkProfile profile = image.Request.Profile;
        foreach (Fragment fragment in profile.Fragments(image).Concat(profile.Tables(image)))
        {
            image.Fragments.Add(new FragmentPiece(fragment, image.Symbols));
        }
    }
}
