using Atoll.Abi;

namespace Atoll.Linker.Bundle;

/// <summary>One image of a bundle.</summary>
/// <param name="Name">Name, once in a bundle.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Content">The image's file.</param>
public sealed record BundledImage(string Name, BundleKind Kind, ReadOnlyMemory<byte> Content);

/// <summary>What names in a bundle look like.</summary>
internal static class BundleName
{
    /// <summary>Whether a name fits its field, has something to show and no control characters.</summary>
    public static bool IsGood(string name) =>
        name.Length > 0 && !name.Any(char.IsControl) && !name.Contains('\uFFFD')
        && System.Text.Encoding.UTF8.GetByteCount(name) < ProgramName.SizeBytes;
}
