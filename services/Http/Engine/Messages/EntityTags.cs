using System;

namespace Atoll.Services.Http.Engine;

/// <summary>
/// Compares entity tags. Ours are strong: sixteen hexadecimal digits of what the representation is. Source: RFC 9110, "ETag".
/// </summary>
internal static class EntityTags
{
    private const int Digits = 16;

    /// <summary>Adds a tag in its quotes.</summary>
    public static void Write(ref ByteWriter to, ulong tag)
    {
        to.Add((byte)'"');
        to.AddHex(tag);
        to.Add((byte)'"');
    }

    /// <summary>Whether a list has a tag, or is an asterisk. Of a malformed list, only what stands before the mistake counts.</summary>
    /// <param name="value">The value of If-Match, If-None-Match or If-Range.</param>
    /// <param name="tag">Ours; 0: there is none.</param>
    /// <param name="mayBeWeak">Whether a weak tag with the same letters is the same.</param>
    public static bool Has(ReadOnlySpan<byte> value, ulong tag, bool mayBeWeak)
    {
        if (value.Length == 1 && value[0] == '*')
        {
            return true;
        }

        int next = 0;
        bool isFound = false;
        while (!isFound && TryNext(value, ref next, out bool isWeak, out ReadOnlySpan<byte> found))
        {
            isFound = tag != 0 && (mayBeWeak || !isWeak) && IsTag(found, tag);
        }

        return isFound;
    }

    private static bool TryNext(ReadOnlySpan<byte> value, ref int next, out bool isWeak, out ReadOnlySpan<byte> tag)
    {
        isWeak = false;
        tag = default;
        while (next < value.Length && (Ascii.IsBlank(value[next]) || value[next] == ','))
        {
            next++;
        }

        if (value.Length - next > 2 && value[next] == 'W' && value[next + 1] == '/')
        {
            isWeak = true;
            next += 2;
        }

        if (next >= value.Length || value[next] != '"')
        {
            return false;
        }

        int end = Ascii.Find(value, next + 1, (byte)'"');
        if (end == value.Length)
        {
            return false;
        }

        tag = value.Slice(next + 1, end - next - 1);
        next = end + 1;
        return true;
    }

    private static bool IsTag(ReadOnlySpan<byte> text, ulong tag)
    {
        bool isSame = text.Length == Digits;
        for (int index = 0; isSame && index < Digits; index++)
        {
            // Case matters: a tag is opaque, and ours has small letters.
            int digit = (int)(tag >> (60 - (4 * index))) & 0xF;
            isSame = text[index] == (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }

        return isSame;
    }
}
