using System.Buffers.Binary;
using Atoll.TestVm.Image;

namespace Atoll.Vm.Tests.Image;

/// <summary>Program headers are read as the System V ABI lays them out.</summary>
public sealed class ElfImageTests
{
    [Fact]
    public void LoadSegment_HasItsAddressesAndAccess()
    {
        ElfSegment segment = Assert.Single(ElfImage.ReadSegments(File(type: 1, flags: 5)));

        Assert.Equal(new ElfSegment(0xFFFF_FFFF_8020_0000, 0x20_0000, 0x1801, 0x1800, IsWritable: false, IsExecutable: true) { FileOffset = 0x1000 }, segment);
        Assert.Equal(0xFFFF_FFFF_8020_2000, segment.PageEnd);
        Assert.True(segment.Holds(0xFFFF_FFFF_8020_1FFF));
        Assert.False(segment.Holds(0xFFFF_FFFF_8020_2000));
    }

    [Fact]
    public void Note_IsNoLoadSegment() => Assert.Empty(ElfImage.ReadSegments(File(type: 4, flags: 4)));

    [Fact]
    public void WrongFiles_AreRefused()
    {
        byte[] short32 = File(1, 5);
        short32[4] = 1;
        byte[] outside = File(1, 5);
        BinaryPrimitives.WriteUInt64LittleEndian(outside.AsSpan(32), 1 << 20);

        Assert.Throws<InvalidDataException>(() => ElfImage.ReadSegments([0x7F, (byte)'E']));
        Assert.Throws<InvalidDataException>(() => ElfImage.ReadSegments(short32));
        Assert.Throws<InvalidDataException>(() => ElfImage.ReadSegments(outside));
    }

    private static byte[] File(uint type, uint flags)
    {
        byte[] file = new byte[64 + 56];
        ((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(file);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 1);
        Span<byte> header = file.AsSpan(64);
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], 0x1000);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], 0xFFFF_FFFF_8020_0000);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], 0x20_0000);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], 0x1800);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], 0x1801);
        return file;
    }
}
