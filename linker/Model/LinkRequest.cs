using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Model;

/// <summary>What to link.</summary>
public sealed class LinkRequest
{
    /// <summary>Objects in order; the order is that of the code in the image.</summary>
    public required IReadOnlyList<LinkInput> Objects { get; init; }

    /// <summary>Code and tables that the linker makes itself.</summary>
    public IReadOnlyList<Fragment> Fragments { get; init; } = Catalogue.All;

    /// <summary>Symbols that must be there and keep what they reach (docs/image.md, "Symbols").</summary>
    public IReadOnlyList<string> Roots { get; init; } =
        [PvhEntry.Symbol, SymbolNames.BootMain, SymbolNames.InstanceMain, SymbolNames.Trap];
}

/// <summary>One object file.</summary>
/// <param name="Name">Name for diagnostics. It does not reach the image.</param>
/// <param name="Bytes">Untrusted content.</param>
public sealed record LinkInput(string Name, ReadOnlyMemory<byte> Bytes);
