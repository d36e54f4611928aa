using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Names in DNS messages. Source: RFC 1035, "Domain name representation" and "Message compression".</summary>
internal static class DnsName
{
    private const int LabelMax = 63;

    // A name of 255 octets has at most 127 labels; more steps are a loop of pointers.
    private const int StepsMax = 128;
    private const int PointerBits = 0xC0;

    /// <summary>Turns "a.b" into labels.</summary>
    /// <returns>Bytes written; 0 if it is no name.</returns>
    public static int Encode(ReadOnlySpan<byte> text, Span<byte> to)
    {
        int label = 0;
        int length = text.Length > 0 && text[text.Length - 1] == '.' ? text.Length - 1 : text.Length;
        if (length == 0 || length > to.Length - 2)
        {
            return 0;
        }

        for (int index = 0; index <= length; index++)
        {
            if (index < length && text[index] != '.')
            {
                to[index + 1] = text[index];
                continue;
            }

            int labelBytes = index - label;
            if (labelBytes is 0 or > LabelMax)
            {
                return 0;
            }

            to[label] = (byte)labelBytes;
            label = index + 1;
        }

        to[length + 1] = 0;
        return length + 2;
    }

    /// <summary>Finds the end of a name in a message.</summary>
    /// <returns>The offset behind it; -1 if it leaves the message.</returns>
    public static int Skip(ReadOnlySpan<byte> message, int offset)
    {
        for (int step = 0; step < StepsMax && offset < message.Length; step++)
        {
            int length = message[offset];
            if (length == 0)
            {
                return offset + 1;
            }

            if ((length & PointerBits) == PointerBits)
            {
                return offset + 2 <= message.Length ? offset + 2 : -1;
            }

            if ((length & PointerBits) != 0)
            {
                return -1;
            }

            offset += 1 + length;
        }

        return -1;
    }

    /// <summary>Whether two names of a message are the same, whatever their case and compression.</summary>
    public static bool AreSame(ReadOnlySpan<byte> message, int left, int right)
    {
        for (int step = 0; step < StepsMax; step++)
        {
            left = Follow(message, left);
            right = Follow(message, right);
            if (left < 0 || right < 0 || message[left] != message[right])
            {
                return false;
            }

            int length = message[left];
            if (length == 0)
            {
                return true;
            }

            if (left + length >= message.Length || right + length >= message.Length || !IsSameLabel(message, left, right, length))
            {
                return false;
            }

            left += 1 + length;
            right += 1 + length;
        }

        return false;
    }

    // Goes where pointers lead; -1 if that is nowhere.
    private static int Follow(ReadOnlySpan<byte> message, int offset)
    {
        for (int step = 0; step < StepsMax && offset >= 0 && offset < message.Length; step++)
        {
            if ((message[offset] & PointerBits) == 0)
            {
                return offset;
            }

            if ((message[offset] & PointerBits) != PointerBits || offset + 1 >= message.Length)
            {
                return -1;
            }

            offset = BigEndian.ReadUInt16(message, offset) & 0x3FFF;
        }

        return -1;
    }

    private static bool IsSameLabel(ReadOnlySpan<byte> message, int left, int right, int length)
    {
        for (int index = 1; index <= length; index++)
        {
            if (Lower(message[left + index]) != Lower(message[right + index]))
            {
                return false;
            }
        }

        return true;
    }

    private static int Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? letter + 32 : letter;
}
