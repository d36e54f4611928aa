using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Kernel.Tests.Base;

/// <summary>Values at any place of a span, and none beyond it.</summary>
public sealed class BytesTests
{
    [Theory]
    [InlineData(0, 0x0403_0201u)]
    [InlineData(1, 0x0504_0302u)]
    [InlineData(4, 0x0807_0605u)]
    public void Read_IsLittleEndianAtAnyOffset(int offset, uint expected) =>
        Assert.Equal(expected, Bytes.Read<uint>([1, 2, 3, 4, 5, 6, 7, 8], offset));

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Read_BeyondTheBytesIsACheck(int offset) =>
        Assert.Throws<CheckFailedException>(() => Bytes.Read<uint>([1, 2, 3, 4, 5, 6, 7, 8], offset));

    [Fact]
    public void Read_OfNothingIsACheck() => Assert.Throws<CheckFailedException>(() => Bytes.Read<byte>([], 0));
}
