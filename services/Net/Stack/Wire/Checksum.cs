using System;
using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>The Internet checksum. Source: RFC 1071, and RFC 9293 "Checksum" for the pseudo header.</summary>
internal static class Checksum
{
    private const int BytesAtOnce = sizeof(uint);
    private const int WordsAtOnce = 8;

    /// <summary>Adds bytes to a sum. Only the last piece may have an odd length. 128 KiB fit without overflow.</summary>
    /// <remarks>
    /// Four at a time, in the processor's own order: the sum of swapped numbers is the swapped sum, and words of any width fold to it (RFC 1071, "Byte Order
    /// Independence" and "Parallel Summation").
    /// </remarks>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        int offset = bytes.Length & ~(BytesAtOnce - 1);
        sum += Swapped(SumOfWords(bytes));
        for (; bytes.Length - offset >= 2; offset += 2)
        {
            sum += BigEndian.ReadUInt16(bytes, offset);
        }

        return offset == bytes.Length ? sum : sum + ((uint)bytes[offset] << 8);
    }

    /// <summary>Sum of the pseudo header that UDP and TCP cover.</summary>
    public static uint PseudoHeader(Ipv4Address source, Ipv4Address destination, byte protocol, int length) =>
        (source.Value >> 16) + (source.Value & 0xFFFF) + (destination.Value >> 16) + (destination.Value & 0xFFFF) + protocol + (uint)length;

    /// <summary>Folds the carries and takes the complement: what stands in the packet. Over a right packet it is 0.</summary>
    public static ushort Finish(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    // 2^32 of them fit.
    [Trusted(Safety = "Only whole words within the span are read, and any bytes are a number.")]
    private static ulong SumOfWords(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        int left = bytes.Length / BytesAtOnce;
        if (left != 0)
        {
            // The place moves on, so that each word is a load and an addition: no index is reckoned.
            ref uint next = ref Unsafe.As<byte, uint>(ref Unsafe.AsRef(in bytes[0]));
            for (; left >= WordsAtOnce; left -= WordsAtOnce)
            {
                sum += next;
                sum += Unsafe.Add(ref next, 1);
                sum += Unsafe.Add(ref next, 2);
                sum += Unsafe.Add(ref next, 3);
                sum += Unsafe.Add(ref next, 4);
                sum += Unsafe.Add(ref next, 5);
                sum += Unsafe.Add(ref next, 6);
                sum += Unsafe.Add(ref next, 7);
                next = ref Unsafe.Add(ref next, WordsAtOnce);
            }

            for (; left != 0; left--)
            {
                sum += next;
                next = ref Unsafe.Add(ref next, 1);
            }
        }

        return sum;
    }

    private static uint Swapped(ulong sum)
    {
        sum = (sum & uint.MaxValue) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (uint)(((sum & 0xFF) << 8) | (sum >> 8));
    }
}
