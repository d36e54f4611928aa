using System;

namespace Atoll.Services.Net.Stack;

/// <summary>What an IPv4 header says. Source: RFC 791, "Internet Header Format".</summary>
internal struct Ipv4Header
{
    public const int Bytes = 20;
    public const byte ProtocolIcmp = 1;
    public const byte ProtocolTcp = 6;
    public const byte ProtocolUdp = 17;
    public const byte TimeToLive = 64;
    public const ushort DontFragment = 0x4000;
    public const ushort MoreFragments = 0x2000;
    private const int OffsetMask = 0x1FFF;

    // Version 4, five words of header, no type of service.
    private const int VersionAndLength = 0x4500;

    public int HeaderBytes;
    public int TotalBytes;
    public ushort Identification;
    public bool HasMoreFragments;
    public int FragmentOffset;
    public byte Protocol;
    public Ipv4Address Source;
    public Ipv4Address Destination;

    public readonly bool IsFragment => HasMoreFragments || FragmentOffset != 0;

    /// <summary>Reads a header; the answer is <see cref="FrameOutcome.None"/> if it is a right one.</summary>
    public static FrameOutcome Read(ReadOnlySpan<byte> packet, out Ipv4Header header)
    {
        header = default;
        if (packet.Length < Bytes)
        {
            return FrameOutcome.Ipv4TooShort;
        }

        header.HeaderBytes = (packet[0] & 0xF) * 4;
        header.TotalBytes = BigEndian.ReadUInt16(packet, 2);
        if (packet[0] >> 4 != 4)
        {
            return FrameOutcome.Ipv4BadVersion;
        }

        if (header.HeaderBytes < Bytes || header.HeaderBytes > header.TotalBytes || header.TotalBytes > packet.Length)
        {
            return FrameOutcome.Ipv4BadLength;
        }

        if (Checksum.Finish(Checksum.Add(0, packet.Slice(0, header.HeaderBytes))) != 0)
        {
            return FrameOutcome.Ipv4BadChecksum;
        }

        ReadFields(packet, ref header);
        return FrameOutcome.None;
    }

    /// <summary>Writes a header without options in front of <paramref name="payloadBytes"/> bytes.</summary>
    public static void Write(
        Span<byte> packet, in Ipv4Route route, byte protocol, int payloadBytes, uint identificationAndFlags)
    {
        BigEndian.WriteUInt16(packet, 0, VersionAndLength);
        BigEndian.WriteUInt16(packet, 2, Bytes + payloadBytes);
        BigEndian.WriteUInt32(packet, 4, identificationAndFlags);
        packet[8] = TimeToLive;
        packet[9] = protocol;

        // Of its ten words those that vary: nothing has to be read back. The addresses and the protocol are summed as for a pseudo header.
        uint sum = VersionAndLength + (TimeToLive << 8) + (uint)(Bytes + payloadBytes) + (identificationAndFlags >> 16) + (identificationAndFlags & 0xFFFF);
        sum += Checksum.PseudoHeader(route.Source, route.Destination, protocol, length: 0);
        BigEndian.WriteUInt16(packet, 10, Checksum.Finish(sum));
        BigEndian.WriteUInt32(packet, 12, route.Source.Value);
        BigEndian.WriteUInt32(packet, 16, route.Destination.Value);
    }

    private static void ReadFields(ReadOnlySpan<byte> packet, ref Ipv4Header header)
    {
        int flags = BigEndian.ReadUInt16(packet, 6);
        header.Identification = BigEndian.ReadUInt16(packet, 4);
        header.HasMoreFragments = (flags & MoreFragments) != 0;
        header.FragmentOffset = (flags & OffsetMask) * 8;
        header.Protocol = packet[9];
        header.Source = new Ipv4Address(BigEndian.ReadUInt32(packet, 12));
        header.Destination = new Ipv4Address(BigEndian.ReadUInt32(packet, 16));
    }
}
