using System;

namespace Atoll.Services.VirtioNet;

/// <summary>Which share of the stacks a frame that came is for: all frames of a flow have the same, and so has an ICMP error about it.</summary>
/// <remarks>
/// A share is reckoned from the flow as the network sees it: the other host's address and port, and our port. Ports that are drawn to call from (RFC 6335, "Port Number Ranges": dynamic) are
/// dealt out to the stacks by their number alone, so that a stack knows without any peer which ports are its own. What has no ports, and what comes in pieces, is for share 0.
/// The header may change while it is read, because a device wrote it: the worst is a frame in a stack that does not know its flow.
/// Sources: RFC 791, "Internet Header Format"; RFC 792, "Destination Unreachable Message"; RFC 826; RFC 2131, "Protocol Summary"; RFC 9293, "Header Format".
/// </remarks>
public static class FlowSteering
{
    /// <summary>The first of the ports that are dealt out by their number.</summary>
    public const ushort DrawnPortMin = 49152;

    private const int TypeAt = 12;
    private const int PacketAt = 14;
    private const ushort Ipv4 = 0x0800;
    private const ushort Arp = 0x0806;
    private const int ArpOperationAt = PacketAt + 6;
    private const ushort ArpReply = 2;
    private const int HeaderBytesMin = 20;
    private const int PortBytes = 4;
    private const int PiecesAt = 6;
    private const ushort PieceMask = 0x3FFF;
    private const int ProtocolAt = 9;
    private const int SourceAt = 12;
    private const int DestinationAt = 16;
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const int IcmpHeaderBytes = 8;
    private const ushort DhcpClientPort = 68;
    private const int FlagsAt = 13;
    private const byte Syn = 0x02;
    private const byte OpeningMask = 0x17;

    /// <summary>The flow of a frame.</summary>
    /// <param name="frame">The frame, without its check sequence.</param>
    /// <param name="shares">How many there are, 1 at least.</param>
    public static FrameFlow Of(ReadOnlySpan<byte> frame, uint shares) =>
        shares <= 1 || frame.Length < PacketAt + HeaderBytesMin || Read16(frame, TypeAt) != Ipv4
            ? default
            : OfPacket(frame.Slice(PacketAt, frame.Length - PacketAt), shares);

    /// <summary>Whether a frame is an ARP reply, which any stack may wait for.</summary>
    public static bool IsArpReply(ReadOnlySpan<byte> frame) =>
        frame.Length >= Lib.LinkMessage.NeighborBytes && Read16(frame, TypeAt) == Arp && Read16(frame, ArpOperationAt) == ArpReply;

    /// <summary>The share of a flow.</summary>
    /// <param name="address">The other host's.</param>
    /// <param name="port">The other host's.</param>
    /// <param name="own">Our port.</param>
    /// <param name="shares">How many there are, 1 at least.</param>
    public static uint OfFlow(uint address, ushort port, ushort own, uint shares)
    {
        uint flow = own >= DrawnPortMin ? own : Mix(address, ((uint)port << 16) | own);
        return shares == 0 ? 0 : flow % shares;
    }

    // A port that is drawn to call from is called by nobody. So with its two highest bits a datagram's caller is never that of a connection.
    private static FrameFlow Flow(uint address, ushort port, ushort own, uint shares, byte protocol, bool begins = false)
    {
        uint called = protocol == Tcp ? own : (uint)own | DrawnPortMin;
        ulong caller = own >= DrawnPortMin ? 0 : ((ulong)address << 32) | ((ulong)port << 16) | called;
        return new FrameFlow(OfFlow(address, port, own, shares), caller, begins);
    }

    private static FrameFlow OfPacket(ReadOnlySpan<byte> packet, uint shares)
    {
        int header = HeaderBytes(packet);
        bool isWhole = (Read16(packet, PiecesAt) & PieceMask) == 0;
        if (!isWhole || header < HeaderBytesMin || packet.Length < header + PortBytes)
        {
            return default;
        }

        byte protocol = packet[ProtocolAt];
        if (protocol == Icmp)
        {
            return OfError(packet.Slice(header, packet.Length - header), shares);
        }

        ushort port = Read16(packet, header);
        ushort own = Read16(packet, header + 2);
        bool isFlow = protocol == Tcp || (protocol == Udp && own != DhcpClientPort);
        bool begins = protocol == Tcp && packet.Length > header + FlagsAt && (packet[header + FlagsAt] & OpeningMask) == Syn;
        return isFlow ? Flow(Read32(packet, SourceAt), port, own, shares, protocol, begins) : default;
    }

    // An error has the beginning of the packet that it is about, which we have sent: our port is its source.
    private static FrameFlow OfError(ReadOnlySpan<byte> message, uint shares)
    {
        const byte unreachable = 3;
        const byte timeExceeded = 11;
        const byte badParameter = 12;
        if (message.Length < IcmpHeaderBytes + HeaderBytesMin || message[0] is not (unreachable or timeExceeded or badParameter))
        {
            return default;
        }

        ReadOnlySpan<byte> about = message.Slice(IcmpHeaderBytes, message.Length - IcmpHeaderBytes);
        int header = HeaderBytes(about);
        if (header < HeaderBytesMin || about.Length < header + PortBytes || about[ProtocolAt] is not (Tcp or Udp))
        {
            return default;
        }

        return Flow(Read32(about, DestinationAt), Read16(about, header + 2), Read16(about, header), shares, about[ProtocolAt]);
    }

    private static int HeaderBytes(ReadOnlySpan<byte> packet) => (packet[0] & 0xF) * sizeof(uint);

    // Two rounds of multiply and fold: neighbouring ports of one host fall into different shares.
    private static uint Mix(uint address, uint ports)
    {
        const uint first = 0x9E37_79B1;
        const uint second = 0x85EB_CA77;
        uint mixed = (address * first) ^ (ports * second);
        mixed = (mixed ^ (mixed >> 15)) * first;
        return mixed ^ (mixed >> 16);
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, int at) => (ushort)((bytes[at] << 8) | bytes[at + 1]);

    private static uint Read32(ReadOnlySpan<byte> bytes, int at) => ((uint)Read16(bytes, at) << 16) | Read16(bytes, at + 2);
}
