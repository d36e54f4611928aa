using System;

namespace Atoll.Services.Http.Engine;

/// <summary>What a Range field asks for.</summary>
[MustUse]
internal enum RangeResult
{
    /// <summary>Nothing that is answered in parts: all of it is.</summary>
    Whole,

    /// <summary>One part.</summary>
    Part,

    /// <summary>A part that does not exist.</summary>
    Unsatisfiable,
}

/// <summary>
/// Reads Range. Several parts at once, other units and what is malformed are answered with the whole. Source: RFC 9110, "Range Requests".
/// </summary>
internal static class ByteRange
{
    /// <summary>Reads a Range field.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="length">Bytes that there are.</param>
    /// <param name="first">First byte of the part.</param>
    /// <param name="count">Its length.</param>
    public static RangeResult Read(ReadOnlySpan<byte> value, ulong length, out ulong first, out ulong count)
    {
        ReadOnlySpan<byte> unit = "bytes="u8;
        first = 0;
        count = length;
        if (value.Length <= unit.Length || !Ascii.IsName(value.Slice(0, unit.Length), unit))
        {
            return RangeResult.Whole;
        }

        ReadOnlySpan<byte> range = value.Slice(unit.Length, value.Length - unit.Length);
        int dash = Ascii.Find(range, 0, (byte)'-');
        if (dash == range.Length)
        {
            return RangeResult.Whole;
        }

        ReadOnlySpan<byte> from = range.Slice(0, dash);
        ReadOnlySpan<byte> to = range.Slice(dash + 1, range.Length - dash - 1);
        return dash == 0 ? ReadSuffix(to, length, out first, out count) : ReadFrom(from, to, length, out first, out count);
    }

    private static RangeResult ReadSuffix(ReadOnlySpan<byte> last, ulong length, out ulong first, out ulong count)
    {
        first = 0;
        count = length;
        if (!Ascii.TryNumber(last, out ulong wanted))
        {
            return RangeResult.Whole;
        }

        if (wanted == 0 || length == 0)
        {
            return RangeResult.Unsatisfiable;
        }

        count = wanted < length ? wanted : length;
        first = length - count;
        return RangeResult.Part;
    }

    private static RangeResult ReadFrom(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, ulong length, out ulong first, out ulong count)
    {
        count = length;
        ulong last = ulong.MaxValue;
        if (!Ascii.TryNumber(from, out first) || (to.Length != 0 && !Ascii.TryNumber(to, out last)) || last < first)
        {
            first = 0;
            return RangeResult.Whole;
        }

        if (first >= length)
        {
            return RangeResult.Unsatisfiable;
        }

        last = last < length ? last : length - 1;
        count = last - first + 1;
        return RangeResult.Part;
    }
}
