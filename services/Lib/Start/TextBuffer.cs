using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Services.Lib;

/// <summary>A text that is being made, up to <see cref="Capacity"/> bytes. What is too long is cut.</summary>
public struct TextBuffer
{
    /// <summary>Most bytes.</summary>
    public const int Capacity = 512;

    private const int DigitsMax = 20;
    private const int HexDigits = 16;

    private Bytes _bytes;

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The text.</summary>
    [Trusted(Safety = "The structure has Capacity bytes, and Length is never more.")]
    public static ReadOnlySpan<byte> View(ref readonly TextBuffer text) =>
        MemoryMarshal.CreateReadOnlySpan(in text._bytes[0], Capacity).Slice(0, text.Length);

    /// <summary>Forgets the text.</summary>
    public void Clear() => Length = 0;

    /// <summary>Adds text.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            Add(text[index]);
        }
    }

    /// <summary>Adds text, and spaces up to a width.</summary>
    public void AddPadded(ReadOnlySpan<byte> text, int width)
    {
        Add(text);
        AddSpaces(width - text.Length);
    }

    /// <summary>Adds a decimal number.</summary>
    public void Add(ulong value) => AddAligned(value, 0);

    /// <summary>Adds a decimal number, with spaces before it up to a width.</summary>
    public void AddAligned(ulong value, int width)
    {
        Digits digits = default;
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value != 0 && count < DigitsMax);

        AddSpaces(width - count);
        while (count > 0)
        {
            Add(digits[--count]);
        }
    }

    /// <summary>Adds a number as 0x and hexadecimal digits, no leading zeros.</summary>
    public void AddHex(ulong value)
    {
        Add("0x"u8);
        bool hasBegun = false;
        for (int shift = (HexDigits - 1) * 4; shift >= 0; shift -= 4)
        {
            uint digit = (uint)(value >> shift) & 15;
            hasBegun |= digit != 0 || shift == 0;
            if (hasBegun)
            {
                Add((byte)(digit < 10 ? '0' + digit : 'a' + digit - 10));
            }
        }
    }

    private void AddSpaces(int count)
    {
        for (int index = 0; index < count; index++)
        {
            Add((byte)' ');
        }
    }

    private void Add(byte value)
    {
        if (Length < Capacity)
        {
            _bytes[Length++] = value;
        }
    }

    [InlineArray(Capacity)]
    private struct Bytes
    {
        private byte _byte0;
    }

    [InlineArray(DigitsMax)]
    private struct Digits
    {
        private byte _digit0;
    }
}
