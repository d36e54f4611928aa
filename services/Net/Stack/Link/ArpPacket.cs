using System;

namespace Atoll.Services.Net.Stack;

/// <summary>ARP for Ethernet and IPv4. Source: RFC 826, "Packet format".</summary>
internal static class ArpPacket
{
    public const int Bytes = 28;
    public const ushort Request = 1;
    public const ushort Reply = 2;

    public static bool IsForIpv4OverEthernet(ReadOnlySpan<byte> packet) =>
        packet.Length >= Bytes
        && BigEndian.ReadUInt16(packet, 0) == 1
        && BigEndian.ReadUInt16(packet, 2) == Ethernet.TypeIpv4
        && packet[4] == 6
        && packet[5] == 4
        && BigEndian.ReadUInt16(packet, 6) is Request or Reply;

    public static MacAddress SenderMac(ReadOnlySpan<byte> packet) => MacAddress.Read(packet, 8);

    public static Ipv4Address SenderAddress(ReadOnlySpan<byte> packet) => new(BigEndian.ReadUInt32(packet, 14));

    public static Ipv4Address TargetAddress(ReadOnlySpan<byte> packet) => new(BigEndian.ReadUInt32(packet, 24));

    /// <summary>Writes a whole frame.</summary>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> frame, in StackSettings own, ushort operation, MacAddress to, Ipv4Address target)
    {
        Ethernet.Write(frame, to, own.Mac, Ethernet.TypeArp);
        Span<byte> packet = frame.Slice(Ethernet.HeaderBytes, Bytes);
        BigEndian.WriteUInt16(packet, 0, 1);
        BigEndian.WriteUInt16(packet, 2, Ethernet.TypeIpv4);
        packet[4] = 6;
        packet[5] = 4;
        BigEndian.WriteUInt16(packet, 6, operation);
        own.Mac.Write(packet, 8);
        BigEndian.WriteUInt32(packet, 14, own.Address.Value);
        (operation == Request ? default : to).Write(packet, 18);
        BigEndian.WriteUInt32(packet, 24, target.Value);
        return Ethernet.HeaderBytes + Bytes;
    }
}
