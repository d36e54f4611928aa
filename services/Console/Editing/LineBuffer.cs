using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Services.Console;

/// <summary>A line and the cursor in it.</summary>
public struct LineBuffer
{
    /// <summary>Most bytes of a line.</summary>
    public const int Capacity = 128;

    private Bytes _bytes;

    /// <summary>Bytes of the line.</summary>
    public int Length { get; private set; }

    /// <summary>Where the cursor is: 0 to <see cref="Length"/>.</summary>
    public int Cursor { get; private set; }

    /// <summary>The line.</summary>
    [Trusted(Safety = "The structure has Capacity bytes, and Length is never more.")]
    public static ReadOnlySpan<byte> View(ref readonly LineBuffer line) =>
        MemoryMarshal.CreateReadOnlySpan(in line._bytes[0], Capacity).Slice(0, line.Length);

    /// <summary>Another line, with the cursor behind it. What is too long is cut.</summary>
    public void Set(ReadOnlySpan<byte> text)
    {
        Length = text.Length < Capacity ? text.Length : Capacity;
        Cursor = Length;
        for (int index = 0; index < Length; index++)
        {
            _bytes[index] = text[index];
        }
    }

    /// <summary>Inserts a byte at the cursor.</summary>
    /// <returns>False: the line is full.</returns>
    public bool Insert(byte value)
    {
        if (Length == Capacity)
        {
            return false;
        }

        for (int index = Length; index > Cursor; index--)
        {
            _bytes[index] = _bytes[index - 1];
        }

        _bytes[Cursor] = value;
        Length++;
        Cursor++;
        return true;
    }

    /// <summary>Deletes bytes before the cursor.</summary>
    public void DeleteBefore(int count)
    {
        int taken = count < Cursor ? count : Cursor;
        Cursor -= taken;
        Close(taken);
    }

    /// <summary>Deletes bytes from the cursor on.</summary>
    public void DeleteAfter(int count)
    {
        int left = Length - Cursor;
        Close(count < left ? count : left);
    }

    /// <summary>Moves the cursor, as far as the line goes.</summary>
    public void MoveTo(int position) => Cursor = position < 0 ? 0 : position > Length ? Length : position;

    /// <summary>Bytes of the word before the cursor, and the spaces behind it.</summary>
    public readonly int WordBefore()
    {
        int at = Cursor;
        while (at > 0 && _bytes[at - 1] == ' ')
        {
            at--;
        }

        while (at > 0 && _bytes[at - 1] != ' ')
        {
            at--;
        }

        return Cursor - at;
    }

    private void Close(int gap)
    {
        for (int index = Cursor; index + gap < Length; index++)
        {
            _bytes[index] = _bytes[index + gap];
        }

        Length -= gap;
    }

    [InlineArray(Capacity)]
    private struct Bytes
    {
        private byte _byte0;
    }
}
