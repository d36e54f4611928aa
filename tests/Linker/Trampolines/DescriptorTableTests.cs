using System.Buffers.Binary;
using Atoll.Linker.Trampolines;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>GDT, IDT, TSS and their pseudo-descriptors, bit by bit.</summary>
/// <remarks>
/// Sources: Intel SDM Vol. 3A, "Segment Descriptors", "TSS Descriptor in 64-bit mode", "64-Bit Mode IDT",
/// "Task Management in 64-bit Mode", "Segment Descriptor Tables".
/// </remarks>
public class DescriptorTableTests
{
    private readonly TrampolineImage _image = new();

    [Theory]
    [InlineData(0x00, 0x0000_0000_0000_0000UL)]
    [InlineData(0x08, 0x00AF_9B00_0000_FFFFUL)] // G L, P DPL0 S code: execute, read, accessed
    [InlineData(0x10, 0x00CF_9300_0000_FFFFUL)] // G B, P DPL0 S data: read, write, accessed
    [InlineData(0x18, 0x0000_0000_0000_0000UL)]
    [InlineData(0x20, 0x00CF_F300_0000_FFFFUL)] // G B, P DPL3 S data: read, write, accessed
    [InlineData(0x28, 0x00AF_FB00_0000_FFFFUL)] // G L, P DPL3 S code: execute, read, accessed
    public void SegmentDescriptor(int selector, ulong expected) =>
        Assert.Equal(expected, BinaryPrimitives.ReadUInt64LittleEndian(_image.Emit("gdt").AsSpan(selector)));

    [Fact]
    public void TaskStateDescriptor()
    {
        byte[] gdt = _image.Emit("gdt");
        Span<byte> descriptor = gdt.AsSpan(0x30);
        ulong baseAddress = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[2..])
            | ((ulong)descriptor[4] << 16)
            | ((ulong)descriptor[7] << 24)
            | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]) << 32);

        Assert.Equal(0x40, gdt.Length);
        Assert.Equal(_image["tss"], baseAddress);
        Assert.Equal(103, BinaryPrimitives.ReadUInt16LittleEndian(descriptor)); // limit
        Assert.Equal(0x89, descriptor[5]); // P, DPL 0, available 64-bit TSS
        Assert.Equal(0, descriptor[6]); // limit bits 16 to 19, AVL, G
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(descriptor[12..]));
    }

    [Theory]
    [InlineData(4, 0xFFFF_FFFF_8030_3000UL)] // RSP0: above two pages of stack
    [InlineData(12, 0UL)] // RSP1
    [InlineData(20, 0UL)] // RSP2
    [InlineData(28, 0UL)] // reserved
    [InlineData(36, 0xFFFF_FFFF_8030_5000UL)] // IST1, double fault
    [InlineData(44, 0xFFFF_FFFF_8030_7000UL)] // IST2, NMI
    [InlineData(52, 0xFFFF_FFFF_8030_9000UL)] // IST3, machine check
    [InlineData(60, 0UL)] // IST4
    [InlineData(68, 0UL)]
    [InlineData(76, 0UL)]
    [InlineData(84, 0UL)] // IST7
    public void TaskStateStack(int offset, ulong expected) =>
        Assert.Equal(expected, BinaryPrimitives.ReadUInt64LittleEndian(_image.Emit("tss").AsSpan(offset)));

    [Fact]
    public void NoPortIsOpenToUserMode()
    {
        byte[] tss = _image.Emit("tss");
        Assert.Equal(104, tss.Length);
        Assert.True(BinaryPrimitives.ReadUInt16LittleEndian(tss.AsSpan(102)) > 103);
    }

    [Fact]
    public void TaskStateLiesInOnePage() =>
        Assert.Equal(_image["tss"] / 4096, (_image["tss"] + 103) / 4096);

    [Theory]
    [MemberData(nameof(InterruptEntryTests.Vectors), MemberType = typeof(InterruptEntryTests))]
    public void Gate(int vector)
    {
        Span<byte> gate = _image.Emit("idt").AsSpan(vector * 16, 16);
        ulong offset = BinaryPrimitives.ReadUInt16LittleEndian(gate)
            | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(gate[6..]) << 16)
            | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(gate[8..]) << 32);

        // Timer and doorbell in xAPIC mode have short ones.
        string entry = vector is 0x30 or 0xF0 ? "wake_entry" : "interrupt_entry";
        Assert.Equal(_image[$"{entry}_{vector}"], offset);
        Assert.Equal(0x08, BinaryPrimitives.ReadUInt16LittleEndian(gate[2..]));
        Assert.Equal(vector switch { 8 => 1, 2 => 2, 18 => 3, _ => 0 }, gate[4]);
        Assert.Equal(0x8E, gate[5]); // P, DPL 0, 64-bit interrupt gate
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(gate[12..]));
    }

    [Theory]
    [InlineData(PseudoDescriptor.GdtPointer, "gdt", 0x3F)]
    [InlineData(PseudoDescriptor.IdtPointer, "idt", 0xFFF)]
    public void PointerIsLimitAndBase(string name, string table, int limit)
    {
        byte[] pointer = _image.Emit(name);
        Assert.Equal(10, pointer.Length);
        Assert.Equal(limit, BinaryPrimitives.ReadUInt16LittleEndian(pointer));
        Assert.Equal(_image[table], BinaryPrimitives.ReadUInt64LittleEndian(pointer.AsSpan(2)));
    }

    [Fact]
    public void BootPointerNamesTheLoadAddress()
    {
        byte[] pointer = _image.Emit("boot_gdt_pointer");
        Assert.Equal(6, pointer.Length);
        Assert.Equal(0x3F, BinaryPrimitives.ReadUInt16LittleEndian(pointer));
        Assert.Equal(
            TrampolineImage.ToPhysical(_image["gdt"]),
            BinaryPrimitives.ReadUInt32LittleEndian(pointer.AsSpan(2)));
    }

    [Fact]
    public void InterruptTableFillsOnePage()
    {
        Assert.Equal(4096, _image.Emit("idt").Length);
        Assert.Equal(0UL, _image["idt"] % 4096);
    }
}
