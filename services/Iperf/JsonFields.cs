using System;

namespace Atoll.Services.Iperf;

/// <summary>Reads fields of the flat objects that iperf3 sends. Any bytes may come; what is no field is not found.</summary>
public static class JsonFields
{
    /// <summary>The number of the first field of a name.</summary>
    /// <param name="text">The object.</param>
    /// <param name="name">The name, without quotes.</param>
    /// <returns>0: there is none, or it is no number.</returns>
    public static ulong Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        int at = Find(text, name, 0);
        return at < text.Length ? Digits(text, at) : 0;
    }

    /// <summary>The numbers of all fields of a name together.</summary>
    /// <param name="text">Objects.</param>
    /// <param name="name">The name, without quotes.</param>
    public static ulong Sum(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        ulong sum = 0;
        for (int at = Find(text, name, 0); at < text.Length; at = Find(text, name, at))
        {
            sum += Digits(text, at);
        }

        return sum;
    }

    /// <summary>Whether the first field of a name is true.</summary>
    /// <param name="text">The object.</param>
    /// <param name="name">The name, without quotes.</param>
    public static bool IsTrue(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        int at = Find(text, name, 0);
        return StartsWith(text, at, "true"u8);
    }

    // Where the value of the next field of that name begins; the text's length: there is none.
    private static int Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, int from)
    {
        for (int at = from; at < text.Length; at++)
        {
            int behind = at + 1 + name.Length;
            if (text[at] == '"' && StartsWith(text, at + 1, name) && StartsWith(text, behind, "\":"u8))
            {
                int value = behind + 2;
                while (value < text.Length && text[value] is (byte)' ' or (byte)'\t')
                {
                    value++;
                }

                return value;
            }
        }

        return text.Length;
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> what)
    {
        bool does = at <= text.Length && text.Length - at >= what.Length;
        for (int index = 0; does && index < what.Length; index++)
        {
            does = text[at + index] == what[index];
        }

        return does;
    }

    // More digits than a number has are cut off.
    private static ulong Digits(ReadOnlySpan<byte> text, int at)
    {
        const int most = 18;
        ulong value = 0;
        for (int count = 0; count < most && at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; count++)
        {
            value = (value * 10) + text[at] - '0';
            at++;
        }

        return value;
    }
}
