using System;

namespace Atoll.Services.Http.Engine;

/// <summary>Writes text into a room. What does not fit is not written, and then <see cref="IsCut"/> says so.</summary>
/// <param name="room">Where to.</param>
public ref struct ByteWriter(Span<byte> room)
{
    private const int TagDigits = 16;
    private readonly Span<byte> _room = room;

    /// <summary>Bytes that were written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether something was left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Bytes that can still be written.</summary>
    public readonly int Free => _room.Length - Length;

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Text => _room.Slice(0, Length);

    /// <summary>Adds text: all of it or nothing.</summary>
    public void Add(scoped ReadOnlySpan<byte> text)
    {
        if (text.Length > Free)
        {
            IsCut = true;
            return;
        }

        text.CopyTo(_room.Slice(Length, text.Length));
        Length += text.Length;
    }

    /// <summary>Adds one byte.</summary>
    public void Add(byte value)
    {
        if (Free == 0)
        {
            IsCut = true;
            return;
        }

        _room[Length++] = value;
    }

    /// <summary>Adds a decimal number.</summary>
    public void Add(ulong value)
    {
        ulong unit = 1;
        while (value / 10 >= unit)
        {
            unit *= 10;
        }

        for (; unit != 0; unit /= 10)
        {
            Add((byte)('0' + (value / unit % 10)));
        }
    }

    /// <summary>Adds a number below 100 as two digits.</summary>
    public void AddTwoDigits(uint value)
    {
        Add((byte)('0' + (value / 10 % 10)));
        Add((byte)('0' + (value % 10)));
    }

    /// <summary>Adds 64 bits as sixteen hexadecimal digits.</summary>
    public void AddHex(ulong value) => AddHex(value, TagDigits);

    /// <summary>Forgets what was written behind a length, and that something was left out.</summary>
    public void CutBack(int length)
    {
        Length = length;
        IsCut = false;
    }

    internal void AddHex(ulong value, int digits)
    {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        {
            int digit = (int)(value >> shift) & 0xF;
            Add((byte)(digit < 10 ? '0' + digit : 'a' + digit - 10));
        }
    }
}
