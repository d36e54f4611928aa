using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Tables;

/// <summary>The data that the boot processor works on until it has an instance of its own: nothing spoils the pristine
/// data.</summary>
public sealed class BootDataCopy(LinkImage image) : Fragment
{
    /// <summary>Symbol of the copy.</summary>
    public const string Symbol = SymbolNames.BootDataCopy;

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.BootData;

    /// <inheritdoc/>
    public override int AlignmentBytes => (int)ImageLayout.PageSizeBytes;

    /// <inheritdoc/>
    /// <remarks>Known once data is laid out, which comes before the boot segment.</remarks>
    public override int SizeBytes => (int)image.Segments.Data.PagedBytes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [];

    /// <inheritdoc/>
    public override bool IsCode => false;

    /// <inheritdoc/>
    public override byte[] Emit(IFragmentContext context)
    {
        byte[] copy = new byte[SizeBytes];
        image.Segments.Data.Content.CopyTo(copy, 0);
        return copy;
    }
}
