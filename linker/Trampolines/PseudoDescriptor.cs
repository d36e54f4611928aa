using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>Operand of LGDT or LIDT in 64-bit mode: 16-bit limit, 64-bit base. 10 bytes.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "Segment Descriptor Tables".</remarks>
/// <param name="name">Symbol of the pseudo-descriptor.</param>
/// <param name="table">Symbol of the table.</param>
/// <param name="tableBytes">Bytes of the table.</param>
public sealed class PseudoDescriptor(string name, string table, int tableBytes)
    : DataFragment(name, FragmentPlace.ReadOnly, sizeBytes: 10, alignmentBytes: 16, table)
{
    /// <summary>Symbol of the one for the GDT.</summary>
    public const string GdtPointer = "gdt_pointer";

    /// <summary>Symbol of the one for the IDT.</summary>
    public const string IdtPointer = "idt_pointer";

    /// <summary>Both pseudo-descriptors.</summary>
    public static IReadOnlyList<PseudoDescriptor> All { get; } =
    [
        new(GdtPointer, GlobalDescriptorTable.Symbol, ImageLayout.GlobalDescriptorTableBytes),
        new(IdtPointer, InterruptDescriptorTable.Symbol, InterruptDescriptorTable.Bytes),
    ];

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)(tableBytes - 1)));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[2..], context.AddressOf(table));
    }
}
