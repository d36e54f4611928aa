using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Arch;

namespace Atoll.Console;

/// <summary>Writes text on the serial line. Only the instance that owns the UART may call it (docs/serial.md).</summary>
public static class SerialConsole
{
    /// <summary>Writes ASCII text.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Text(ReadOnlySpan<byte> text) => Uart.Write(text);

    /// <summary>Writes text that came from outside: anything but printable ASCII becomes a question mark.</summary>
    public static void Untrusted(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Uart.Write(text[i] is >= 0x20 and < 0x7F ? text.Slice(i, 1) : "?"u8);
        }
    }

    /// <summary>Writes a decimal number.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Decimal(ulong value)
    {
        Digits digits = default;
        int first = Digits.Capacity;
        do
        {
            digits[--first] = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value != 0);

        Uart.Write(Tail(ref digits, first));
    }

    /// <summary>Writes a number as 0x and hexadecimal digits, no leading zeros.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Hex(ulong value)
    {
        Digits digits = default;
        int first = Digits.Capacity;
        do
        {
            digits[--first] = HexDigit((uint)value & 15);
            value >>= 4;
        }
        while (value != 0);

        digits[--first] = (byte)'x';
        digits[--first] = (byte)'0';
        Uart.Write(Tail(ref digits, first));
    }

    /// <summary>Writes bytes as hexadecimal digits, two for each.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void HexBytes(ReadOnlySpan<byte> bytes)
    {
        Digits pair = default;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte value = At(bytes, i);
            pair[Digits.Capacity - 2] = HexDigit((uint)value >> 4);
            pair[Digits.Capacity - 1] = HexDigit((uint)value & 15);
            Uart.Write(Tail(ref pair, Digits.Capacity - 2));
        }
    }

    /// <summary>Ends the line.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void EndLine() => Uart.Write("\n"u8);

    /// <summary>Writes a line.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Line(ReadOnlySpan<byte> text)
    {
        Text(text);
        EndLine();
    }

    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "The caller has compared the index with the length, so the check in the indexer does not fail.")]
    private static byte At(ReadOnlySpan<byte> bytes, int index) => bytes[index];

    [InterruptSafe, NoPanic, NoBlock]
    private static byte HexDigit(uint digit) => (byte)(digit < 10 ? '0' + digit : 'a' + (digit - 10));

    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "The index into the array is checked, and the span ends where the array does.")]
    private static ReadOnlySpan<byte> Tail(ref Digits digits, int first) =>
        MemoryMarshal.CreateReadOnlySpan(ref digits[first], Digits.Capacity - first);

    /// <summary>Room for the longest number: 20 decimal digits.</summary>
    [InlineArray(Capacity)]
    private struct Digits
    {
        public const int Capacity = 20;

        private byte _digit0;
    }
}
