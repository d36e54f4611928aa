using Atoll.Net.Tests.Simulation;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Ip;

/// <summary>IPv4, ICMP and ARP, as frames.</summary>
public sealed class Ipv4Tests
{
    private readonly Bench _bench = new();

    // RFC 792: identifier, number and data come back; the checksum is that of the answer.
    [Fact]
    public void EchoRequest_IsAnsweredWithItsOwnBytes()
    {
        byte[] request = Icmp(8, 0, [0x12, 0x34, 0, 7, .. "abcdefgh"u8]);

        Assert.Equal(FrameOutcome.IcmpEchoAnswered, _bench.Receive(FrameForge.Ipv4(1, request)));
        Sent reply = _bench.Take();
        Assert.Equal(1, reply.Protocol);
        Assert.Equal([0, 0], reply.IpPayload[..2]);
        Assert.Equal(request[4..], reply.IpPayload[4..]);
        Assert.Equal(0, FrameForge.Sum(0, reply.IpPayload));
    }

    [Fact]
    public void ArpRequest_IsAnswered_AndOthersAreNot()
    {
        Assert.Equal(FrameOutcome.ArpRequestAnswered, _bench.Receive(FrameForge.Arp(1, FrameForge.PeerMac, FrameForge.Peer,
            FrameForge.Own)));
        byte[] reply = Assert.Single(_bench.Sent);
        Assert.Equal(FrameForge.Arp(2, FrameForge.OwnMac, FrameForge.Own, FrameForge.Peer, FrameForge.PeerMac)[..32], reply[..32]);
        Assert.Equal([2, 0, 0, 0, 0, 2], reply[32..38]);
        Assert.Equal(FrameOutcome.ArpNoted, _bench.Receive(FrameForge.Arp(1, FrameForge.PeerMac, FrameForge.Peer, 0x0A000063)));
        Assert.Equal(FrameOutcome.ArpConflict, _bench.Receive(FrameForge.Arp(1, FrameForge.PeerMac, FrameForge.Own, FrameForge.Own)));
    }

    [Theory]
    [InlineData(FrameOutcome.Ipv4BadChecksum, 10, 0xFF)]
    [InlineData(FrameOutcome.Ipv4BadVersion, 0, 0x20)]
    [InlineData(FrameOutcome.Ipv4BadLength, 0, 0x0E)]
    public void WrongHeader_EndsInItsCounter(FrameOutcome expected, int offset, int flip)
    {
        byte[] frame = FrameForge.Udp(1, 2, [1]);
        frame[14 + offset] ^= (byte)flip;

        Assert.Equal(expected, _bench.Receive(frame));
        Assert.Equal(1ul, _bench.Stack.State.Counters.Of(expected));
    }

    [Theory]
    [InlineData(0xE000_0001u, FrameOutcome.Ipv4BadSource)]
    [InlineData(0x7F00_0001u, FrameOutcome.Ipv4BadSource)]
    [InlineData(0x0A00_00FFu, FrameOutcome.Ipv4BadSource)]
    [InlineData(0x0A00_0001u, FrameOutcome.Ipv4BadSource)]
    [InlineData(0xFFFF_FFFFu, FrameOutcome.Ipv4BadSource)]
    public void SourceThatNobodyHas_IsRefused(uint source, FrameOutcome expected) =>
        Assert.Equal(expected, _bench.Receive(FrameForge.Udp(1, 2, [1], source)));

    // RFC 1122, 3.2.2: no error about a packet to a broadcast address, nor about a later fragment.
    [Fact]
    public void Unreachable_IsSentForUs_AndNotForBroadcasts()
    {
        Assert.Equal(FrameOutcome.UdpNoSocket, _bench.Receive(FrameForge.Udp(1, 9, [1, 2, 3], destination: 0x0A0000FF,
            mac: 0xFFFF_FFFF_FFFF)));
        Assert.Empty(_bench.Sent);

        byte[] frame = FrameForge.Udp(1, 9, [1, 2, 3]);
        Assert.Equal(FrameOutcome.UdpNoSocket, _bench.Receive(frame));
        byte[] error = _bench.Take().IpPayload;
        Assert.Equal([3, 3], error[..2]);
        Assert.Equal(frame[14..42], error[8..36]);
        Assert.Equal(0, FrameForge.Sum(0, error));
    }

    // RFC 791: any order, and twice.
    [Fact]
    public void Fragments_InAnyOrder_BecomeTheDatagram()
    {
        byte[] datagram = FrameForge.Udp(7, 8, [.. Enumerable.Range(0, 4000).Select(value => (byte)value)])[34..];
        Assert.Equal(SocketResult.Done, UdpSockets.Open(_bench.View, 8, out SocketHandle socket));
        int[] starts = [0, 1480, 2960];
        foreach (int[] order in new int[][] { [0, 1, 2], [2, 1, 0], [1, 1, 0, 2], [2, 0, 0, 1] })
        {
            ushort id = (ushort)(order[0] * 100 + order[1] * 10 + order.Length);
            FrameOutcome last = default;
            foreach (int piece in order)
            {
                int end = Math.Min(starts[piece] + 1480, datagram.Length);
                int fragment = (starts[piece] / 8) | (end < datagram.Length ? 0x2000 : 0);
                last = _bench.Receive(FrameForge.Ipv4(17, datagram.AsSpan(starts[piece], end - starts[piece]), id: id, fragment: fragment));
            }

            Assert.Equal(FrameOutcome.UdpDelivered, last);
            byte[] read = new byte[5000];
            Assert.Equal(SocketResult.Done, UdpSockets.Receive(_bench.View, socket, read, out _, out int length));
            Assert.Equal(datagram[8..], read[..length]);
        }

        Assert.Equal(0, _bench.Stack.ReassembliesUsed);
    }

    [Fact]
    public void FragmentsThatOverlap_EndTheDatagram()
    {
        byte[] piece = new byte[64];
        Assert.Equal(FrameOutcome.FragmentHeld, _bench.Receive(FrameForge.Ipv4(17, piece, id: 5, fragment: 0x2000)));
        Assert.Equal(FrameOutcome.FragmentInvalid, _bench.Receive(FrameForge.Ipv4(17, piece, id: 5, fragment: 0x2000 | 4)));
        Assert.Equal(0, _bench.Stack.ReassembliesUsed);
    }

    [Fact]
    public void Fragments_OfOneSource_AreFew_AndTimeOut()
    {
        byte[] piece = new byte[8];
        Assert.Equal(FrameOutcome.FragmentHeld, _bench.Receive(FrameForge.Ipv4(17, piece, id: 1, fragment: 0x2000)));
        Assert.Equal(FrameOutcome.FragmentHeld, _bench.Receive(FrameForge.Ipv4(17, piece, id: 2, fragment: 0x2000)));
        Assert.Equal(FrameOutcome.FragmentQuota, _bench.Receive(FrameForge.Ipv4(17, piece, id: 3, fragment: 0x2000)));
        Assert.Equal(FrameOutcome.FragmentHeld, _bench.Receive(FrameForge.Ipv4(17, piece, source: 0x0A000003, id: 3, fragment: 0x2000)));
        Assert.Equal(FrameOutcome.FragmentTooLarge, _bench.Receive(FrameForge.Ipv4(17, piece, id: 1, fragment: 2048)));

        _bench.Wait(60_000_000);
        Assert.Equal(0, _bench.Stack.ReassembliesUsed);
        Assert.Equal(3ul, _bench.Stack.State.Counters.Of(StackEvent.ReassembliesDropped));
    }

    // RFC 7126, and RFC 1122, 3.2.1.8: a host that is no router need not go round.
    [Fact]
    public void SourceRoute_IsRefused()
    {
        byte[] frame = FrameForge.Udp(1, 2, [1]);
        byte[] packet = [0x47, .. frame[15..34], 131, 7, 4, 1, 2, 3, 4, 0, .. frame[34..]];
        packet[3] += 8;
        packet[10] = packet[11] = 0;
        ushort sum = FrameForge.Sum(0, packet.AsSpan(0, 28));
        (packet[10], packet[11]) = ((byte)(sum >> 8), (byte)sum);

        Assert.Equal(FrameOutcome.Ipv4SourceRouted, _bench.Receive(FrameForge.Ethernet(FrameForge.OwnMac,
            FrameForge.PeerMac, 0x0800, packet)));
    }

    [Fact]
    public void SilentStation_IsAskedThreeTimes_OnceASecond_AndThenItsConnectionFails()
    {
        Assert.Equal(SocketResult.Done, TcpSockets.Connect(_bench.View, Ipv4Address.Of(10, 0, 0, 9), 80, out SocketHandle socket));
        HostStack stack = _bench.Stack;
        int asked = 0;
        ulong now = _bench.Now;
        for (ulong end = now + 10_000_000; now < end; now = Math.Min(end, stack.At(now).NextDeadline()))
        {
            stack.At(now).Advance();
            asked += stack.TransmitAll(now).Count(frame => frame[13] == 6);
        }

        Assert.Equal(3, asked);
        Assert.Equal(SocketResult.Unreachable, TcpSockets.Send(stack.At(now), socket, "x"u8, out _));
    }

    private static byte[] Icmp(byte type, byte code, ReadOnlySpan<byte> rest)
    {
        byte[] message = [type, code, 0, 0, .. rest];
        ushort sum = FrameForge.Sum(0, message);
        (message[2], message[3]) = ((byte)(sum >> 8), (byte)sum);
        return message;
    }
}
