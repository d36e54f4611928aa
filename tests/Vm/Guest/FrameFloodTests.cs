using System.Net;
using System.Net.Sockets;
using Atoll.TestVm.Guest;

namespace Atoll.Vm.Tests.Guest;

/// <summary>A flood is of frames that a stack takes for what they are, and that differ.</summary>
public sealed class FrameFloodTests
{
    private const uint Ones = 0xFFFF;

    [Theory]
    [InlineData(0u)]
    [InlineData(77_777u)]
    public void Syn_HasTheSumsThatItShould(uint number)
    {
        using var flood = new FrameFlood(1, target: 7);
        byte[] frame = flood.Syn(number);
        Assert.Equal(14 + 20 + 20, frame.Length);

        // RFC 1071, 1: the sum over what a checksum is part of has all bits set. RFC 9293, 3.1: the pseudo header.
        Assert.Equal(Ones, Sum(frame.AsSpan(14, 20)));
        byte[] pseudo = [.. frame[26..34], 0, 6, 0, 20, .. frame[34..]];
        Assert.Equal(Ones, Sum(pseudo));
        Assert.Equal((0x02, 0x00, 0x07), (frame[47], frame[36], frame[37]));
    }

    [Fact]
    public async Task Frames_Differ_AndComeAtTheRate()
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        receiver.ReceiveTimeout = 10_000;
        using var flood = new FrameFlood(((IPEndPoint)receiver.LocalEndPoint!).Port, target: 7);
        Assert.Equal(500, Enumerable.Range(0, 500).Select(number => Convert.ToHexString(flood.Datagram((uint)number))).Distinct().Count());

        using var end = new CancellationTokenSource();
        Task sending = Task.Run(() => flood.Send(flood.Datagram, 1000, end.Token));
        byte[] frame = new byte[2048];
        for (int came = 0; came < 50; came++)
        {
            Assert.Equal(14 + 20 + 9, receiver.Receive(frame));
        }

        await end.CancelAsync();
        await sending;
        Assert.True(flood.Sent >= 50);
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int at = 0; at < bytes.Length; at += 2)
        {
            sum += (uint)((bytes[at] << 8) | bytes[at + 1]);
        }

        return (sum & 0xFFFF) + (sum >> 16);
    }
}
