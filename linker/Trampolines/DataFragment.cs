using System.Buffers.Binary;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>A table that the processor or a trampoline reads.</summary>
/// <param name="name">Symbol of the first byte.</param>
/// <param name="place">Segment.</param>
/// <param name="sizeBytes">Exact size.</param>
/// <param name="alignmentBytes">Alignment, a power of two.</param>
/// <param name="references">Symbols whose addresses the table holds.</param>
public abstract class DataFragment(
    string name, FragmentPlace place, int sizeBytes, int alignmentBytes, params string[] references) : Fragment
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override FragmentPlace Place => place;

    /// <inheritdoc/>
    public override int SizeBytes => sizeBytes;

    /// <inheritdoc/>
    public override int AlignmentBytes => alignmentBytes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => references;

    /// <inheritdoc/>
    public override bool IsCode => false;

    /// <inheritdoc/>
    public sealed override byte[] Emit(IFragmentContext context)
    {
        byte[] bytes = new byte[sizeBytes];
        Fill(bytes, context);
        return bytes;
    }

    /// <summary>Writes the table into zeroed bytes.</summary>
    protected abstract void Fill(Span<byte> bytes, IFragmentContext context);

    /// <summary>Writes one 64-bit entry of a table of such.</summary>
    protected static void WriteEntry(Span<byte> bytes, int index, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(index * sizeof(ulong))..], value);
}
