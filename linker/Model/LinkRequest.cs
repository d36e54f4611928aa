using Atoll.Linker.Inputs;
using Atoll.Linker.Profiles;

namespace Atoll.Linker.Model;

/// <summary>What to link.</summary>
public sealed class LinkRequest
{
    /// <summary>Objects in order; the order is that of the code in the image.</summary>
    public required IReadOnlyList<LinkInput> Objects { get; init; }

    /// <summary>What kind of image it becomes.</summary>
    public LinkProfile Profile { get; init; } = KernelProfile.Instance;

    /// <summary>Symbols that must be there besides the profile's.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Tools and packages from outside the repository, which the image is to name.</summary>
    public IReadOnlyList<BuildInput> Inputs { get; init; } = [];
}

/// <summary>One object file.</summary>
/// <param name="Name">Name for diagnostics. It does not reach the image.</param>
/// <param name="Bytes">Untrusted content.</param>
public sealed record LinkInput(string Name, ReadOnlyMemory<byte> Bytes);
