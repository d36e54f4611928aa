using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Model;

namespace Atoll.Linker.Tables;

/// <summary>The sorted table of <see cref="UnwindRow"/>s that a panic walks the stack with.</summary>
public sealed class UnwindTable(LinkImage image) : Fragment
{
    /// <summary>Symbol of the table.</summary>
    public const string Symbol = "unwind_table";

    private const int RowBytes = 8;

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.ReadOnly;

    /// <inheritdoc/>
    public override int SizeBytes => image.UnwindEntries.Count * RowBytes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [];

    /// <inheritdoc/>
    public override bool IsCode => false;

    /// <inheritdoc/>
    public override byte[] Emit(IFragmentContext context)
    {
        ByteBuilder rows = new();
        foreach ((Piece piece, CallFrameRow row) in image.UnwindEntries)
        {
            ulong codeOffset = piece.Address + (ulong)row.CodeOffset - image.Segments.Text.Address;
            rows.U32((uint)codeOffset).U16((ushort)row.CfaOffset).U8((byte)row.Rule).U8((byte)row.FramePointerSlot);
        }

        return rows.ToArray();
    }
}
