using System;

namespace Atoll.Services.Net.Stack;

/// <summary>The Internet checksum. Source: RFC 1071, and RFC 9293 "Checksum" for the pseudo header.</summary>
internal static class Checksum
{
    private const int BytesAtOnce = 8;

    /// <summary>Adds bytes to a sum. Only the last piece may have an odd length. 128 KiB fit without overflow.</summary>
    /// <remarks>Eight at a time, whose last is looked at first: then the others are known to be there, and cost two instructions each.</remarks>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        uint high = 0;
        uint low = 0;
        int offset = 0;
        for (; bytes.Length - offset >= BytesAtOnce; offset += BytesAtOnce)
        {
            ReadOnlySpan<byte> eight = bytes.Slice(offset, BytesAtOnce);
            low += eight[7];
            low += (uint)eight[5] + eight[3] + eight[1];
            high += (uint)eight[6] + eight[4] + eight[2] + eight[0];
        }

        for (; bytes.Length - offset >= 2; offset += 2)
        {
            sum += BigEndian.ReadUInt16(bytes, offset);
        }

        sum += (high << 8) + low;
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
}
