using Atoll.Linker.Binary;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Tables;

/// <summary>The note that makes the image bootable: where a PVH boot loader enters, in 32-bit mode.</summary>
/// <remarks>Source: Xen, "x86/HVM direct boot ABI"; System V ABI, "Note Section".</remarks>
public sealed class PvhNote : Fragment, INote
{
    /// <summary>Symbol of the note.</summary>
    public const string Symbol = "pvh_note";

    private const string Owner = "Xen";

    /// <inheritdoc/>
    public string SectionName => ".note.Xen";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.BootReadOnly;

    /// <inheritdoc/>
    public override int AlignmentBytes => sizeof(uint);

    /// <inheritdoc/>
    public override int SizeBytes => Write(0).Length;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [PvhEntry.Symbol];

    /// <inheritdoc/>
    public override bool IsCode => false;

    /// <inheritdoc/>
    public override byte[] Emit(IFragmentContext context) => Write(checked((uint)context.AddressOf(PvhEntry.Symbol)));

    private static byte[] Write(uint entry) => new ByteBuilder()
        .U32((uint)Owner.Length + 1).U32(sizeof(uint)).U32(ElfNative.XEN_ELFNOTE_PHYS32_ENTRY)
        .String(Owner).U32(entry).ToArray();
}
