using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Writes TCP headers.</summary>
internal static class TcpHeader
{
    /// <summary>Fills in the header and the checksum of a segment whose options and payload are there already.</summary>
    /// <param name="bytes">The whole segment.</param>
    /// <param name="segment">Ports, numbers, flags and window; a length of 0 means no options.</param>
    /// <param name="route">The addresses, which the checksum covers.</param>
    public static void Write(Span<byte> bytes, in TcpSegment segment, in Ipv4Route route)
    {
        int headerBytes = segment.HeaderLength == 0 ? TcpSegment.HeaderBytes : segment.HeaderLength;
        BigEndian.WriteUInt16(bytes, 0, segment.SourcePort);
        BigEndian.WriteUInt16(bytes, 2, segment.DestinationPort);
        BigEndian.WriteUInt32(bytes, 4, segment.Sequence);
        BigEndian.WriteUInt32(bytes, 8, segment.Acknowledgment);
        bytes[12] = (byte)((headerBytes / 4) << 4);
        bytes[13] = (byte)segment.Flags;
        BigEndian.WriteUInt16(bytes, 14, segment.Window);
        BigEndian.WriteUInt32(bytes, 16, 0);
        uint sum = Checksum.PseudoHeader(route.Source, route.Destination, Ipv4Header.ProtocolTcp, bytes.Length);
        BigEndian.WriteUInt16(bytes, 16, Checksum.Finish(Checksum.Add(sum, bytes)));
    }
}
