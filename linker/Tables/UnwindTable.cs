using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;

namespace Atoll.Linker.Tables;

/// <summary>The sorted table of <see cref="UnwindRow"/>s that a panic walks the stack with.</summary>
public sealed class UnwindTable(LinkImage image) : Fragment
{
    /// <summary>Symbol of the table.</summary>
    public const string Symbol = "unwind_table";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.ReadOnly;

    /// <inheritdoc/>
    public override int SizeBytes => image.UnwindEntries.Count * UnwindRow.SizeBytes;

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
            ulong before = piece.Place == FragmentPlace.BootCode ? TextBytes - image.Segments.BootCode.Address : 0 - image.Segments.Text.Address;
            uint offset = (uint)(piece.Address + (ulong)row.CodeOffset + before) & UnwindRow.CodeOffsetMax;
            rows.U32(new UnwindRow(offset, row.Rule, (uint)row.CfaOffset, (uint)row.FramePointerSlot).Word);
        }

        ReportUnlessCovered();
        return rows.ToArray();
    }

    private ulong TextBytes => image.Segments.Text.EndAddress - image.Segments.Text.Address;

    // Beyond this text has no rows, and the last would be taken for those of the first.
    private void ReportUnlessCovered()
    {
        ulong bytes = TextBytes + image.Segments.BootCode.EndAddress - image.Segments.BootCode.Address;
        if (bytes > UnwindRow.CodeOffsetMax + 1UL)
        {
            image.Diagnostics.Report(
                DiagnosticCatalogue.ImageTooLarge,
                $"Text and boot code have {bytes} bytes, and the unwind table can tell of {UnwindRow.CodeOffsetMax + 1UL} (kernel/Abi/Image/UnwindRow.cs).",
                Symbol);
        }
    }
}
