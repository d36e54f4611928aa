using System;
using Atoll.Arch;

namespace Atoll.Boot;

/// <summary>Writes text on the serial line. Only the instance that owns the UART may call it (docs/serial.md).</summary>
public static class SerialConsole
{
    /// <summary>Writes ASCII text.</summary>
    public static void Text(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Uart.Write(text[i]);
        }
    }

    /// <summary>Writes text that came from outside: anything but printable ASCII becomes a question mark.</summary>
    public static void Untrusted(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Uart.Write(text[i] is >= 0x20 and < 0x7F ? text[i] : (byte)'?');
        }
    }

    /// <summary>Writes a decimal number.</summary>
    public static void Decimal(ulong value)
    {
        ulong divisor = 1;
        while (value / divisor >= 10)
        {
            divisor *= 10;
        }

        for (; divisor != 0; divisor /= 10)
        {
            Uart.Write((byte)('0' + (value / divisor % 10)));
        }
    }

    /// <summary>Writes a number as 0x and hexadecimal digits, no leading zeros.</summary>
    public static void Hex(ulong value)
    {
        Text("0x"u8);
        int shift = 60;
        while (shift > 0 && value >> shift == 0)
        {
            shift -= 4;
        }

        for (; shift >= 0; shift -= 4)
        {
            HexDigit((uint)(value >> shift) & 15);
        }
    }

    /// <summary>Writes bytes as hexadecimal digits, two for each.</summary>
    public static void HexBytes(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            HexDigit((uint)bytes[i] >> 4);
            HexDigit((uint)bytes[i] & 15);
        }
    }

    /// <summary>Ends the line.</summary>
    public static void EndLine() => Uart.Write((byte)'\n');

    /// <summary>Writes a line.</summary>
    public static void Line(ReadOnlySpan<byte> text)
    {
        Text(text);
        EndLine();
    }

    private static void HexDigit(uint digit) => Uart.Write((byte)(digit < 10 ? '0' + digit : 'a' + (digit - 10)));
}
