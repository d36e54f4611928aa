using Atoll.Services.VirtioNet;

namespace Atoll.Services.Tests.VirtioNet;

/// <summary>Which stack a frame is for. Frames are written by the layouts of RFC 791, 792, 768 and 9293.</summary>
public sealed class FlowSteeringServerTests
{
    private const uint Peer = 0x0A00_0202;
    private const uint Own = 0x0A00_020F;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(4u)]
    public void Flows_AreDealtOutEvenly(uint shares)
    {
        var counts = new int[shares];
        for (ushort port = 40000; port < 44000; port++)
        {
            counts[Share(Packet(Tcp, Peer, Own, port, 80), shares)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 4000 / (int)shares * 8 / 10, 4000 / (int)shares * 12 / 10));
    }

    [Theory]
    [InlineData(Tcp)]
    [InlineData(Udp)]
    public void Frames_OfAFlow_HaveOneShare_WhateverIsInThem(byte protocol)
    {
        byte[] first = Packet(protocol, Peer, Own, 41000, 80);
        byte[] other = Packet(protocol, Peer, Own, 41000, 80, headerWords: 8, bytes: 900);
        other[14 + 1] = 0xB8;
        other[14 + 8] = 3;
        Assert.Equal(Share(first, 4), Share(other, 4));
        Assert.Equal(FlowSteering.OfFlow(Peer, 41000, 80, 4), Share(first, 4));
    }

    /// <summary>A stack knows its ports to call from without knowing its peer.</summary>
    [Theory]
    [InlineData((ushort)49152, 3u, 0u)]
    [InlineData((ushort)49153, 3u, 1u)]
    [InlineData((ushort)65535, 4u, 3u)]
    public void PortsToCallFrom_HaveTheirShareByTheirNumber(ushort port, uint shares, uint share)
    {
        Assert.Equal(share, Share(Packet(Tcp, Peer, Own, 443, port), shares));
        Assert.Equal(share, Share(Packet(Udp, 0x0808_0808, Own, 53, port), shares));
    }

    /// <summary>Who calls a port of ours is known by its address and port and our port; who answers a call of ours calls nobody.</summary>
    [Fact]
    public void Callers_AreToldFromAnswers_AndBeginningsFromTheRest()
    {
        const ulong caller = ((ulong)Peer << 32) | (41000ul << 16) | 80;
        for (int flags = 0; flags < 256; flags++)
        {
            byte[] frame = With(Packet(Tcp, Peer, Own, 41000, 80), 34 + 13, (byte)flags);

            // RFC 9293, "Control bits": CWR, ECE, URG, ACK, PSH, RST, SYN, FIN. SYN alone of ACK, RST and FIN begins; ECN's two may be with it (RFC 3168, "TCP Initialization").
            bool begins = (flags & 0b0001_0111) == 0b0000_0010;
            FrameFlow flow = FlowSteering.Of(frame, 3);
            Assert.Equal((caller, begins), (flow.Caller, flow.Begins));
        }

        FrameFlow datagram = FlowSteering.Of(With(Packet(Udp, Peer, Own, 41000, 80), 34 + 13, 2), 3);
        FrameFlow answer = FlowSteering.Of(Packet(Tcp, Peer, Own, 80, 49152), 3);
        FrameFlow cut = FlowSteering.Of(With(Packet(Tcp, Peer, Own, 41000, 80), 34 + 13, 2)[..47], 3);
        Assert.Equal((caller | 0xC000, false, 0ul, caller, false), (datagram.Caller, datagram.Begins, answer.Caller, cut.Caller, cut.Begins));
    }

    /// <summary>An error comes from anybody on the way, and is about a packet that we have sent.</summary>
    [Theory]
    [InlineData((byte)3)]
    [InlineData((byte)11)]
    [InlineData((byte)12)]
    public void Errors_GoToTheFlowThatTheyAreAbout(byte type)
    {
        for (ushort port = 40000; port < 40050; port++)
        {
            byte[] about = Packet(Tcp, Own, Peer, 80, port)[14..];
            byte[] error = Packet(1, 0xC0A8_0001, Own, 0, 0, bytes: 8 + about.Length);
            error[34] = type;
            about.CopyTo(error, 42);
            Assert.Equal(FlowSteering.OfFlow(Peer, port, 80, 4), Share(error, 4));
        }
    }

    public static TheoryData<string, byte[]> WhatHasNoFlow => new()
    {
        { "an echo request", Packet(1, Peer, Own, 0x0800, 0) },
        { "an error about an echo request", [.. Packet(1, Peer, Own, 0x0300, 0), .. Packet(1, Own, Peer, 0x0800, 0)[14..]] },
        { "an answer to who asks for an address", Packet(Udp, Peer, 0xFFFF_FFFF, 67, 68) },
        { "the first piece", With(Packet(Tcp, Peer, Own, 41000, 80), 20, 0x20) },
        { "a later piece", With(Packet(Tcp, Peer, Own, 41000, 80), 21, 1) },
        { "another protocol", Packet(47, Peer, Own, 41000, 80) },
        { "ARP", With(With(Packet(Tcp, Peer, Own, 41000, 80), 12, 8), 13, 6) },
        { "a header that is too short", With(Packet(Tcp, Peer, Own, 41000, 80), 14, 0x44) },
        { "a header that is longer than the frame", With(Packet(Tcp, Peer, Own, 41000, 80), 14, 0x4F)[..60] },
        { "no ports", Packet(Tcp, Peer, Own, 41000, 80)[..36] },
        { "no packet", Packet(Tcp, Peer, Own, 41000, 80)[..33] },
        { "nothing", [] },
    };

    [Theory]
    [MemberData(nameof(WhatHasNoFlow))]
    public void WhatHasNoFlow_GoesToTheFirst(string what, byte[] frame) =>
        Assert.True(Share(frame, 4) == 0 && Share(frame, 3) == 0, what);

    /// <summary>The same without xunit's data, for the defects.</summary>
    [Fact]
    public void AllOfThat_GoesToTheFirst() =>
        Assert.All(WhatHasNoFlow, row => Assert.Equal((0u, 0u, 0u), (Share((byte[])row[1], 4), Share((byte[])row[1], 3), Share((byte[])row[1], 2))));

    [Fact]
    public void Noise_HasAShareThatThereIs()
    {
        Random random = new(1);
        for (int round = 0; round < 100_000; round++)
        {
            byte[] frame = new byte[random.Next(120)];
            random.NextBytes(frame);
            if (frame.Length > 24)
            {
                (frame[12], frame[13], frame[14], frame[23]) = (8, 0, (byte)(0x40 | random.Next(16)), (byte)random.Next(20));
            }

            Assert.InRange(Share(frame, 4), 0u, 3u);
        }
    }

    private static uint Share(byte[] frame, uint shares) => FlowSteering.Of(frame, shares).Share;

    private static byte[] With(byte[] frame, int at, byte value)
    {
        frame[at] = value;
        return frame;
    }

    private static byte[] Packet(byte protocol, uint source, uint destination, ushort first, ushort second, int headerWords = 5, int bytes = 40)
    {
        byte[] frame = new byte[14 + (headerWords * 4) + bytes];
        (frame[12], frame[13], frame[14], frame[23]) = (8, 0, (byte)(0x40 | headerWords), protocol);
        Write(frame, 26, source, 4);
        Write(frame, 30, destination, 4);
        Write(frame, 14 + (headerWords * 4), first, 2);
        Write(frame, 16 + (headerWords * 4), second, 2);
        return frame;
    }

    private static void Write(byte[] frame, int at, uint value, int bytes)
    {
        for (int index = 0; index < bytes; index++)
        {
            frame[at + index] = (byte)(value >> (8 * (bytes - 1 - index)));
        }
    }
}
