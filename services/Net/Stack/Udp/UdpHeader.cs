using System;

namespace Atoll.Services.Net.Stack;

/// <summary>UDP headers. Source: RFC 768; RFC 1122, "User Datagram Protocol".</summary>
internal static class UdpHeader
{
    public const int Bytes = 8;

    /// <summary>Fills in the header in front of a payload that is there already.</summary>
    public static void Write(Span<byte> datagram, in Ipv4Route route, ushort sourcePort, ushort destinationPort)
    {
        BigEndian.WriteUInt16(datagram, 0, sourcePort);
        BigEndian.WriteUInt16(datagram, 2, destinationPort);
        BigEndian.WriteUInt16(datagram, 4, datagram.Length);
        BigEndian.WriteUInt16(datagram, 6, 0);
        uint sum = Checksum.PseudoHeader(route.Source, route.Destination, Ipv4Header.ProtocolUdp, datagram.Length);
        ushort checksum = Checksum.Finish(Checksum.Add(sum, datagram));
        BigEndian.WriteUInt16(datagram, 6, checksum == 0 ? 0xFFFF : checksum);
    }

    /// <summary>Reads a header and checks length and checksum; a checksum of 0 means that there is none.</summary>
    public static FrameOutcome Check(ReadOnlySpan<byte> datagram, in Ipv4Header ip, out int length)
    {
        length = datagram.Length < Bytes ? 0 : BigEndian.ReadUInt16(datagram, 4);
        if (length < Bytes || length > datagram.Length)
        {
            return FrameOutcome.UdpBadLength;
        }

        if (BigEndian.ReadUInt16(datagram, 6) == 0)
        {
            return FrameOutcome.None;
        }

        uint sum = Checksum.PseudoHeader(ip.Source, ip.Destination, Ipv4Header.ProtocolUdp, length);
        return Checksum.Finish(Checksum.Add(sum, datagram.Slice(0, length))) == 0 ? FrameOutcome.None : FrameOutcome.UdpBadChecksum;
    }
}
