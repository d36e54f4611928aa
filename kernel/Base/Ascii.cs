using System;
using System.Runtime.CompilerServices;

namespace Atoll.Base;

/// <summary>Comparing and reading text that came from outside. Never trusts a length it was not given.</summary>
public static class Ascii
{
    /// <summary>Whether both hold the same bytes.</summary>
    /// <remarks>A call: a decoder asks it once for each name that it knows.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length == right.Length && StartsWith(left, right);

    /// <summary>Whether <paramref name="text"/> begins with <paramref name="prefix"/>.</summary>
    public static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length > text.Length)
        {
            return false;
        }

        for (int i = 0; i < prefix.Length; i++)
        {
            if (text[i] != prefix[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Index of the first <paramref name="sought"/>, or -1.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text, byte sought)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == sought)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Reads a decimal number: digits only, at least one, no more than <paramref name="limit"/>.</summary>
    public static bool TryParseDecimal(ReadOnlySpan<byte> text, ulong limit, out ulong value)
    {
        value = 0;
        if (text.Length == 0)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            uint digit = (uint)text[i] - '0';
            if (digit > 9 || digit > limit || value > (limit - digit) / 10)
            {
                value = 0;
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }
}
