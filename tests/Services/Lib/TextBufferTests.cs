using System.Text;
using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Lib;

/// <summary>Text that programs make: numbers as people write them, and never a byte too many.</summary>
public sealed class TextBufferTests
{
    [Theory]
    [InlineData(0UL, "0", "0x0")]
    [InlineData(10UL, "10", "0xa")]
    [InlineData(4096UL, "4096", "0x1000")]
    [InlineData(ulong.MaxValue, "18446744073709551615", "0xffffffffffffffff")]
    public void Numbers(ulong value, string expectedDecimal, string expectedHex)
    {
        TextBuffer text = default;
        text.Add(value);
        text.Add(" "u8);
        text.AddHex(value);
        Assert.Equal($"{expectedDecimal} {expectedHex}", Written(in text));
    }

    [Fact]
    public void Columns()
    {
        TextBuffer text = default;
        text.AddPadded("ab"u8, 4);
        text.AddAligned(7, 3);
        text.AddPadded("longer"u8, 4);
        text.AddAligned(1234, 3);
        Assert.Equal("ab    7longer1234", Written(in text));
    }

    [Fact]
    public void WhatIsTooLong_IsCut()
    {
        TextBuffer text = default;
        for (int i = 0; i < TextBuffer.Capacity; i++)
        {
            text.Add("x"u8);
        }

        text.Add("overflow"u8);
        text.Add(12345);
        Assert.Equal(new string('x', TextBuffer.Capacity), Written(in text));
    }

    private static string Written(in TextBuffer text) => Encoding.ASCII.GetString(TextBuffer.View(in text));
}
