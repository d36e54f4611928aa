using Atoll.Net.Tests.Simulation;
using Atoll.Net.Tests.Wire;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Udp;

/// <summary>UDP sockets.</summary>
public sealed class UdpTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void Datagram_GoesOut_AndItsAnswerComesIn()
    {
        Assert.Equal(SocketResult.Done, UdpSockets.Open(_bench.View, 0, out SocketHandle socket));
        var peer = new Endpoint { Address = new Ipv4Address(FrameForge.Peer), Port = 7 };
        Assert.Equal(SocketResult.Done, UdpSockets.Send(_bench.View, socket, peer, "hello"u8));
        Sent sent = _bench.Take();
        new SecondReader().Check(sent.Frame);
        Assert.Equal("hello"u8.ToArray(), sent.IpPayload[8..]);

        Assert.Equal(FrameOutcome.UdpDelivered, _bench.Receive(FrameForge.Udp(7, sent.SourcePort, "HELLO"u8)));
        Assert.True(_bench.View.TryNextEvent(out SocketHandle ready));
        Assert.Equal(socket.Value, ready.Value);
        byte[] read = new byte[3];
        Assert.Equal(SocketResult.Done, UdpSockets.Receive(_bench.View, socket, read, out Endpoint from, out int length));
        Assert.Equal(("HEL", 5, FrameForge.Peer, 7), (System.Text.Encoding.ASCII.GetString(read), length, from.Address.Value, from.Port));
        Assert.Equal(SocketResult.WouldBlock, UdpSockets.Receive(_bench.View, socket, read, out _, out _));
    }

    /// <summary>Stacks that share an address call from ports of their own, and from all of them.</summary>
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    public void PortsToCallFrom_AreOfTheStacksShare(byte share, byte shares)
    {
        _bench.View.State.Settings.PortShare = share;
        _bench.View.State.Settings.PortShares = shares;
        List<ushort> drawn = [.. Enumerable.Range(0, 2000).Select(_ => EphemeralPort.Draw(_bench.View))];
        Assert.All(drawn, port => Assert.True(port >= 49152 && port % shares == share, $"{port}"));
        Assert.InRange(drawn.Distinct().Count(), 1500, 2000);
        Assert.True(drawn.Min() < 50000 && drawn.Max() > 65000);
    }

    [Fact]
    public void FullBuffer_DropsTheNewest_AndSaysSo()
    {
        Assert.Equal(SocketResult.Done, UdpSockets.Open(_bench.View, 5, out SocketHandle socket));
        byte[] payload = new byte[1000];
        List<FrameOutcome> outcomes = [.. Enumerable.Range(0, 20).Select(_ => _bench.Receive(FrameForge.Udp(1, 5, payload)))];

        // 16 KiB hold 16 of 1008 bytes.
        Assert.Equal(16, outcomes.Count(outcome => outcome == FrameOutcome.UdpDelivered));
        Assert.Equal(4, outcomes.Count(outcome => outcome == FrameOutcome.UdpBufferFull));
        Assert.Equal(SocketResult.Done, UdpSockets.Close(_bench.View, socket));
        Assert.Equal(SocketResult.BadHandle, UdpSockets.Close(_bench.View, socket));
        Assert.Equal(FrameOutcome.UdpNoSocket, _bench.Receive(FrameForge.Udp(1, 5, payload)));
    }

    [Fact]
    public void WrongLengthOrChecksum_IsDropped_AndNoChecksumIsTaken()
    {
        Assert.Equal(SocketResult.Done, UdpSockets.Open(_bench.View, 5, out _));
        byte[] frame = FrameForge.Udp(1, 5, [1, 2]);
        byte[] bad = [.. frame];
        bad[^1] ^= 1;
        byte[] none = [.. frame];
        none[40] = none[41] = 0;
        byte[] longer = [.. frame];
        longer[39] += 1;

        Assert.Equal(FrameOutcome.UdpBadChecksum, _bench.Receive(bad));
        Assert.Equal(FrameOutcome.UdpDelivered, _bench.Receive(none));
        Assert.Equal(FrameOutcome.UdpBadLength, _bench.Receive(longer));
    }

    [Fact]
    public void Arguments_AreRefused()
    {
        Assert.Equal(SocketResult.Done, UdpSockets.Open(_bench.View, 5, out SocketHandle socket));
        var peer = new Endpoint { Address = new Ipv4Address(FrameForge.Peer), Port = 7 };
        Assert.Equal(SocketResult.TooLarge, UdpSockets.Send(_bench.View, socket, peer, new byte[1473]));
        Assert.Equal(SocketResult.Done, UdpSockets.Send(_bench.View, socket, peer, new byte[1472]));
        Assert.Equal(SocketResult.BadArgument, UdpSockets.Send(_bench.View, socket, peer with { Port = 0 }, [1]));
        Assert.Equal(SocketResult.PortInUse, UdpSockets.Open(_bench.View, 5, out _));
        Assert.Equal(SocketResult.BadHandle, UdpSockets.Send(_bench.View, default, peer, [1]));
    }
}
