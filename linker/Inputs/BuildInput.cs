namespace Atoll.Linker.Inputs;

/// <summary>Something from outside the repository that the image was made with.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">Algorithm, colon, hash.</param>
public sealed record BuildInput(BuildInputKind Kind, string Name, string Version, string Hash)
{
    /// <summary>Whether name and version can be told apart in a line: no blank, no control character, not empty.</summary>
    public bool IsWellFormed => IsWord(Name) && IsWord(Version) && IsWord(Hash);

    /// <summary>One line of the note.</summary>
    public override string ToString() => $"{(Kind == BuildInputKind.Tool ? "tool" : "package")} {Name} {Version} {Hash}";

    private static bool IsWord(string text) =>
        text.Length > 0 && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));
}

/// <summary>What an input is.</summary>
public enum BuildInputKind
{
    /// <summary>A program that is installed on the building machine.</summary>
    Tool,

    /// <summary>A package that NuGet restores.</summary>
    Package,
}
