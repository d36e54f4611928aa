using Atoll.Linker.Binary;

namespace Atoll.Linker.Tests.Dwarf;

/// <summary>Examples of DWARF 4, 7.6 "Variable Length Data", figures 22 and 23.</summary>
public sealed class LebTests
{
    [Theory]
    [InlineData(2UL, new byte[] { 2 })]
    [InlineData(127UL, new byte[] { 127 })]
    [InlineData(128UL, new byte[] { 0 + 0x80, 1 })]
    [InlineData(129UL, new byte[] { 1 + 0x80, 1 })]
    [InlineData(130UL, new byte[] { 2 + 0x80, 1 })]
    [InlineData(12857UL, new byte[] { 57 + 0x80, 100 })]
    [InlineData(ulong.MaxValue, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1 })]
    public void UnsignedNumberIsThatOfTheStandard(ulong value, byte[] encoded)
    {
        Assert.Equal(encoded, new ByteBuilder().Uleb(value).ToArray());
        ByteCursor cursor = new(encoded);
        Assert.Equal(value, cursor.Uleb());
        Assert.True(cursor.IsAtEnd && !cursor.Failed);
    }

    [Theory]
    [InlineData(2L, new byte[] { 2 })]
    [InlineData(-2L, new byte[] { 0x7E })]
    [InlineData(127L, new byte[] { 127 + 0x80, 0 })]
    [InlineData(-127L, new byte[] { 1 + 0x80, 0x7F })]
    [InlineData(128L, new byte[] { 0 + 0x80, 1 })]
    [InlineData(-128L, new byte[] { 0 + 0x80, 0x7F })]
    [InlineData(129L, new byte[] { 1 + 0x80, 1 })]
    [InlineData(-129L, new byte[] { 0x7F + 0x80, 0x7E })]
    [InlineData(long.MinValue, new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F })]
    public void SignedNumberIsThatOfTheStandard(long value, byte[] encoded)
    {
        Assert.Equal(encoded, new ByteBuilder().Sleb(value).ToArray());
        ByteCursor cursor = new(encoded);
        Assert.Equal(value, cursor.Sleb());
        Assert.True(cursor.IsAtEnd && !cursor.Failed);
    }

    [Fact]
    public void NumberWithoutAnEndFails()
    {
        ByteCursor cutOff = new([0x80, 0x80]);
        cutOff.Uleb();
        Assert.True(cutOff.Failed);

        ByteCursor endless = new([.. Enumerable.Repeat((byte)0x80, 100)]);
        endless.Sleb();
        Assert.True(endless.Failed);
        Assert.True(endless.Position <= 10);
    }
}
