using System.Buffers.Binary;

namespace Atoll.Net.Tests.Simulation;

/// <summary>Flags of a TCP header.</summary>
[Flags]
public enum Flag
{
    None = 0,
    Fin = 1,
    Syn = 2,
    Rst = 4,
    Psh = 8,
    Ack = 16,
}

/// <summary>A frame that a test makes or reads, written from the RFCs and sharing no code with the stack.</summary>
public static class FrameForge
{
    public const ulong OwnMac = 0x0200_0000_0001;
    public const ulong PeerMac = 0x0200_0000_0002;
    public const uint Own = 0x0A00_0001;
    public const uint Peer = 0x0A00_0002;

    public static byte[] Ethernet(ulong to, ulong from, ushort type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[14 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)(to >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(2), (uint)to);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(6), (ushort)(from >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), (uint)from);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        payload.CopyTo(frame.AsSpan(14));
        return frame;
    }

    public static byte[] Ipv4(
        byte protocol, ReadOnlySpan<byte> payload, uint source = Peer, uint destination = Own, ushort id = 0,
            int fragment = 0, ulong to = OwnMac)
    {
        byte[] packet = new byte[20 + payload.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)fragment);
        packet[8] = 64;
        packet[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), source);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), destination);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Sum(0, packet.AsSpan(0, 20)));
        payload.CopyTo(packet.AsSpan(20));
        return Ethernet(to, PeerMac, 0x0800, packet);
    }

    public static byte[] Udp(ushort from, ushort to, ReadOnlySpan<byte> payload, uint source = Peer, uint destination = Own,
        ulong mac = OwnMac)
    {
        byte[] datagram = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, from);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), to);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(8));
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), Sum(Pseudo(source, destination, 17, datagram.Length), datagram));
        return Ipv4(17, datagram, source, destination, to: mac);
    }

    public static byte[] Tcp(
        ushort from, ushort to, uint sequence, uint acknowledgment, Flag flags, int window = 65535,
        ReadOnlySpan<byte> options = default, ReadOnlySpan<byte> payload = default, uint source = Peer)
    {
        byte[] segment = new byte[20 + options.Length + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, from);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), to);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledgment);
        segment[12] = (byte)((20 + options.Length) / 4 << 4);
        segment[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), (ushort)window);
        options.CopyTo(segment.AsSpan(20));
        payload.CopyTo(segment.AsSpan(20 + options.Length));
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), Sum(Pseudo(source, Own, 6, segment.Length), segment));
        return Ipv4(6, segment, source);
    }

    public static byte[] Arp(ushort operation, ulong senderMac, uint sender, uint target, ulong to = 0xFFFF_FFFF_FFFF)
    {
        byte[] packet = new byte[28];
        BinaryPrimitives.WriteUInt64BigEndian(packet, 0x0001_0800_0604_0000UL | operation);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(8), (ushort)(senderMac >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(10), (uint)senderMac);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(14), sender);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), target);
        return Ethernet(to, senderMac, 0x0806, packet);
    }

    /// <summary>The Internet checksum, RFC 1071, by its definition: the complement of the sum of the words, carries added.</summary>
    public static ushort Sum(ulong start, ReadOnlySpan<byte> bytes)
    {
        ulong sum = start;
        for (int index = 0; index < bytes.Length; index++)
        {
            sum += index % 2 == 0 ? (ulong)bytes[index] << 8 : bytes[index];
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    private static ulong Pseudo(uint source, uint destination, byte protocol, int length) =>
        (source >> 16) + (source & 0xFFFF) + (destination >> 16) + (destination & 0xFFFF) + protocol + (ulong)length;
}
