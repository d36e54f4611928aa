using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>Operand of LGDT for 32-bit code: the kernel's GDT at its load address. 6 bytes.</summary>
/// <remarks>
/// In compatibility mode LGDT takes a 32-bit base, which cannot name the high half. Loading CS from the pristine copy
/// writes nothing there: the accessed bits are set.
/// </remarks>
public sealed class BootGdtPointer()
    : DataFragment(Symbol, FragmentPlace.BootReadOnly, sizeBytes: 6, alignmentBytes: 16, GlobalDescriptorTable.Symbol)
{
    /// <summary>Symbol of the pseudo-descriptor.</summary>
    public const string Symbol = "boot_gdt_pointer";

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        ulong table = LoadAddress.Of(context.AddressOf(GlobalDescriptorTable.Symbol));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, ImageLayout.GlobalDescriptorTableBytes - 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[2..], checked((uint)table));
    }
}
