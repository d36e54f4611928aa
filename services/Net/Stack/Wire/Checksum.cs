using System;

namespace Atoll.Services.Net.Stack;

/// <summary>The Internet checksum. Source: RFC 1071, and RFC 9293 "Checksum" for the pseudo header.</summary>
internal static class Checksum
{
    /// <summary>Adds bytes to a sum. Only the last piece may have an odd length. 128 KiB fit without overflow.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        int even = bytes.Length & ~1;
        for (int offset = 0; offset < even; offset += 2)
        {
            sum += BigEndian.ReadUInt16(bytes, offset);
        }

        return even == bytes.Length ? sum : sum + ((uint)bytes[even] << 8);
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
