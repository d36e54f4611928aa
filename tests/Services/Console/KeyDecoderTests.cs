using System.Text;
using Atoll.Services.Console;

namespace Atoll.Services.Tests.Console;

/// <summary>Keys as terminals send them: XTerm Control Sequences, "PC-Style Function Keys"; ECMA-48.</summary>
public sealed class KeyDecoderTests
{
    [Theory]
    [InlineData("\r", Key.Enter)]
    [InlineData("\n", Key.Enter)]
    [InlineData("\t", Key.Tab)]
    [InlineData("\u007F", Key.Backspace)]
    [InlineData("\b", Key.Backspace)]
    [InlineData("\u0003", Key.Interrupt)]
    [InlineData("\u0004", Key.EndOfInput)]
    [InlineData("\u001B[A", Key.Up)]
    [InlineData("\u001BOA", Key.Up)]
    [InlineData("\u001B[B", Key.Down)]
    [InlineData("\u001B[C", Key.Right)]
    [InlineData("\u001B[D", Key.Left)]
    [InlineData("\u001B[1;5D", Key.Left)]
    [InlineData("\u001B[H", Key.Home)]
    [InlineData("\u001B[1~", Key.Home)]
    [InlineData("\u001B[F", Key.End)]
    [InlineData("\u001B[4~", Key.End)]
    [InlineData("\u001B[3~", Key.Delete)]
    [InlineData("\u001B[15~", Key.None)]
    [InlineData("\u001B[?", Key.None)]
    [InlineData("x", Key.Character)]
    public void OneKey(string sent, Key expected)
    {
        KeyDecoder decoder = default;
        byte[] bytes = Encoding.Latin1.GetBytes(sent);
        foreach (byte value in bytes[..^1])
        {
            Assert.Equal(Key.None, decoder.Take(value));
        }

        Assert.Equal(expected, decoder.Take(bytes[^1]));
        Assert.Equal(Key.Character, decoder.Take((byte)'y'));
        Assert.Equal((byte)'y', decoder.Character);
    }

    [Fact]
    public void CursorReport_TellsTheColumn()
    {
        KeyDecoder decoder = default;
        Key last = Key.None;
        foreach (byte value in "\u001B[24;132R"u8)
        {
            last = decoder.Take(value);
        }

        Assert.Equal(Key.CursorReport, last);
        Assert.Equal(132u, decoder.Column);
    }

    [Fact]
    public void AnyBytes_LeadNowhereBad()
    {
        Random random = new(1);
        KeyDecoder decoder = default;
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(Enum.IsDefined(decoder.Take((byte)random.Next(256))));
        }
    }
}
