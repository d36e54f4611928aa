using System;

namespace Atoll.Services.Http.Engine;

/// <summary>
/// What bytes are in HTTP, and how texts of them compare. Source: RFC 9110, "Whitespace", "Tokens"; RFC 9112, "Field Syntax".
/// </summary>
internal static class Ascii
{
    public const byte Tab = 9;
    public const byte LineFeed = 10;
    public const byte CarriageReturn = 13;
    public const byte Space = 32;
    private const byte CaseBit = 0x20;
    private const byte Delete = 127;

    public static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';

    public static bool IsBlank(byte value) => value is Space or Tab;

    /// <summary>Whether a byte may stand in a field's value or a chunk's extension: everything but controls; obsolete text may.</summary>
    public static bool IsText(byte value) => value == Tab || (value >= Space && value != Delete);

    /// <summary>Whether a byte may stand in a request's target: what can be seen, but no '#'.</summary>
    public static bool IsTarget(byte value) => value is > Space and < Delete and not (byte)'#';

    /// <summary>Whether a byte may stand in a token.</summary>
    public static bool IsToken(byte value) =>
        IsAlphanumeric(value) || value is (byte)'!' or (byte)'#' or (byte)'$' or (byte)'%' or (byte)'&'
        or (byte)'\'' or (byte)'*' or (byte)'+' or (byte)'-' or (byte)'.' or (byte)'^' or (byte)'_' or (byte)'`' or (byte)'|' or (byte)'~';

    /// <summary>Whether a byte may stand in a host with its port. Source: RFC 3986, "Host".</summary>
    public static bool IsHost(byte value) => IsAlphanumeric(value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' or (byte)'%'
        or (byte)'!' or (byte)'$' or (byte)'&' or (byte)'\'' or (byte)'(' or (byte)')' or (byte)'*' or (byte)'+' or (byte)';' or (byte)'='
        or (byte)':' or (byte)'[' or (byte)']';

    /// <summary>Value of a hexadecimal digit; -1: it is none.</summary>
    public static int HexValue(byte value)
    {
        if (IsDigit(value))
        {
            return value - '0';
        }

        int letter = value | CaseBit;
        return letter is >= 'a' and <= 'f' ? letter - 'a' + 10 : -1;
    }

    public static bool AreEqual(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        bool isEqual = first.Length == second.Length;
        for (int index = 0; isEqual && index < first.Length; index++)
        {
            isEqual = first[index] == second[index];
        }

        return isEqual;
    }

    /// <summary>Compares without regard to case.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="lower">Small letters, digits and signs.</param>
    public static bool IsName(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        bool isEqual = text.Length == lower.Length;
        for (int index = 0; isEqual && index < text.Length; index++)
        {
            isEqual = ToLower(text[index]) == lower[index];
        }

        return isEqual;
    }

    /// <summary>Cuts blanks off both ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int first = 0;
        int end = text.Length;
        while (first < end && IsBlank(text[first]))
        {
            first++;
        }

        while (end > first && IsBlank(text[end - 1]))
        {
            end--;
        }

        return text.Slice(first, end - first);
    }

    /// <summary>Position of the first such byte from a place on; the length when there is none.</summary>
    public static int Find(ReadOnlySpan<byte> text, int from, byte wanted)
    {
        int index = from;
        while (index < text.Length && text[index] != wanted)
        {
            index++;
        }

        return index;
    }

    /// <summary>Reads a decimal number, which stays at <see cref="ulong.MaxValue"/> when it is larger.</summary>
    /// <returns>False: these are not digits, one at least.</returns>
    public static bool TryNumber(ReadOnlySpan<byte> digits, out ulong value)
    {
        const ulong beforeLast = ulong.MaxValue / 10;
        value = 0;
        for (int index = 0; index < digits.Length; index++)
        {
            if (!IsDigit(digits[index]))
            {
                return false;
            }

            value = value >= beforeLast ? ulong.MaxValue : (value * 10) + digits[index] - '0';
        }

        return digits.Length != 0;
    }

    private static byte ToLower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | CaseBit) : value;

    private static bool IsAlphanumeric(byte value) => IsDigit(value) || (value | CaseBit) is >= 'a' and <= 'z';
}
