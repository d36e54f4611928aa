using PacketDotNet;

namespace Atoll.Net.Tests.Wire;

/// <summary>Reads frames with PacketDotNet, and complains about what is not as the standards say.</summary>
internal sealed class SecondReader
{
    public int TcpSegments { get; private set; }

    public void Check(byte[] frame)
    {
        var ethernet = (EthernetPacket)Packet.ParsePacket(LinkLayers.Ethernet, frame);
        if (ethernet.PayloadPacket is ArpPacket arp)
        {
            Assert.True(arp.Operation is ArpOperation.Request or ArpOperation.Response);
            return;
        }

        var ip = Assert.IsType<IPv4Packet>(ethernet.PayloadPacket);
        Assert.True(ip.ValidIPChecksum, "IPv4 checksum");
        Assert.Equal(frame.Length - 14, ip.TotalLength);
        Assert.Equal(5, ip.HeaderLength);
        switch (ip.PayloadPacket)
        {
            case TcpPacket tcp:
                CheckTcp(tcp);
                break;
            case UdpPacket udp:
                Assert.True(udp.ValidUdpChecksum, "UDP checksum");
                Assert.Equal(ip.TotalLength - 20, udp.Length);
                break;
            case IcmpV4Packet icmp:
                Assert.True(icmp.ValidIcmpChecksum, "ICMP checksum");
                break;
            default:
                Assert.Fail($"no protocol of ours: {ip.Protocol}");
                break;
        }
    }

    // The options must parse to their end: a length that does not fit makes the reader throw.
    private void CheckTcp(TcpPacket tcp)
    {
        TcpSegments++;
        Assert.True(tcp.ValidTcpChecksum, "TCP checksum");
        Assert.InRange(tcp.DataOffset, 5, 15);
        Assert.All(tcp.OptionsCollection ?? [], option => Assert.InRange((int)option.Kind, 0, 8));
        Assert.False(tcp.Synchronize && tcp.Finished);
        Assert.True(tcp.Acknowledgment || tcp.Synchronize || tcp.Reset, "a segment without acknowledgment");
    }
}
