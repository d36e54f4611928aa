namespace Atoll.Linker.Model;

/// <summary>What a fragment may ask once layout has run.</summary>
/// <remarks>Answers only for symbols that the fragment has announced: those are the ones that are kept.</remarks>
public sealed class FragmentContext(LinkImage image, FragmentPiece piece) : IFragmentContext
{
    /// <inheritdoc/>
    public ulong Address => piece.Address;

    /// <inheritdoc/>
    public ulong AddressOf(string symbol) =>
        piece.Fragment.References.Contains(symbol) && image.Symbols.Find(symbol) is { } definition
            ? definition.Address
            : throw new InvalidOperationException($"it asks for '{symbol}' without having announced it");
}
