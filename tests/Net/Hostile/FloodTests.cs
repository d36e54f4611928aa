using Atoll.Net.Tests.Simulation;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Hostile;

/// <summary>Floods: memory stays what it was, every frame is counted once, and others are still served.</summary>
public sealed class FloodTests
{
    private const int Frames = 20_000;

    [Fact]
    public void SynFlood_LeavesRoomForTheHonest()
    {
        Bench bench = new(sizes: new StackSizes { Connections = 16 });
        SocketHandle listener = bench.Listen(backlog: 4);
        Flood(bench, random => FrameForge.Tcp(
            (ushort)random.Next(1, 65536), 80, (uint)random.Next(), 0, Flag.Syn, source: 0x0A000010 + (uint)random.Next(200)));

        Assert.InRange(bench.Stack.ConnectionsUsed, 1, 4);
        Assert.True(bench.Stack.State.Counters.Of(FrameOutcome.TcpSynCookieSent) > Frames * 9 / 10);

        // RFC 4987: with a cookie the handshake completes although nothing was kept; data flows.
        SocketHandle honest = bench.Accept(listener, 4000, out Sent synAck);
        bench.Receive(FrameForge.Tcp(4000, 80, 1001, synAck.Sequence + 1, Flag.Ack | Flag.Psh, payload: "hi"u8));
        byte[] read = new byte[8];
        Assert.Equal(SocketResult.Done, TcpSockets.Receive(bench.View, honest, read, out int received));
        Assert.Equal("hi"u8.ToArray(), read[..received]);
    }

    [Fact]
    public void CookieThatWasGuessed_IsReset()
    {
        Bench bench = new();
        bench.Listen(backlog: 1);
        bench.Receive(FrameForge.Tcp(1, 80, 5, 0, Flag.Syn));
        Assert.Equal(FrameOutcome.TcpSynCookieSent, bench.Receive(FrameForge.Tcp(2, 80, 5, 0, Flag.Syn)));
        bench.Sent.Clear();
        var random = new Random(3);
        for (int guess = 0; guess < 1000; guess++)
        {
            Assert.Equal(FrameOutcome.TcpListenUnexpected, bench.Receive(FrameForge.Tcp(2, 80, 6, (uint)random.Next(), Flag.Ack)));
        }

        Assert.True(bench.Take().Flags.HasFlag(Flag.Rst));
    }

    // RFC 5961: of the whole window only one number resets.
    [Fact]
    public void ResetFlood_DoesNotEndAConnection()
    {
        Bench bench = new();
        SocketHandle connection = bench.Accept(bench.Listen(), 4000, out Sent synAck);
        Flood(bench, random => FrameForge.Tcp(4000, 80, 1002 + (uint)random.Next(60_000), synAck.Sequence + 1, Flag.Rst));

        Assert.Equal(TcpState.Established, TcpSockets.StateOf(bench.View, connection));
        Assert.Equal(0ul, bench.Stack.State.Counters.Of(FrameOutcome.TcpResetAccepted));
        Assert.True(bench.Stack.State.Counters.Of(StackEvent.TcpChallenges) <= 10, "challenges are not limited");
    }

    [Fact]
    public void FragmentFlood_KeepsWhatItMay()
    {
        Bench bench = new();
        Flood(bench, random => FrameForge.Ipv4(
            17, new byte[8 * random.Next(1, 100)], 0x0A000010 + (uint)random.Next(200), id: (ushort)random.Next(),
                fragment: 0x2000 | random.Next(1800)));

        Assert.InRange(bench.Stack.ReassembliesUsed, 0, 4);
    }

    [Fact]
    public void ReaderWhoNeverReads_HoldsItsOwnBuffer_AndNoMore()
    {
        Bench bench = new(settings => settings with { TcpBufferBytes = 4096 });
        SocketHandle listener = bench.Listen();
        SocketHandle slow = bench.Accept(listener, 4000, out Sent slowSyn);
        SocketHandle other = bench.Accept(listener, 4001, out Sent otherSyn, sequence: 7000);
        uint sequence = 1001;
        for (int segment = 0; segment < 100; segment++)
        {
            FrameOutcome outcome = bench.Receive(
                FrameForge.Tcp(4000, 80, sequence, slowSyn.Sequence + 1, Flag.Ack, payload: new byte[512]));
            sequence += outcome == FrameOutcome.TcpInOrder ? 512u : 0;
        }

        Assert.Equal(1001u + 4096, sequence);
        Assert.Equal(FrameOutcome.TcpInOrder, bench.Receive(FrameForge.Tcp(4001, 80, 7001, otherSyn.Sequence + 1, Flag.Ack,
            payload: "x"u8)));
        Assert.Equal(Readiness.Readable, TcpSockets.Poll(bench.View, other) & Readiness.Readable);
        Assert.Equal(SocketResult.Done, TcpSockets.Abort(bench.View, slow));
        Assert.Equal(1, bench.Stack.ConnectionsUsed);
    }

    [Fact]
    public void ArpFlood_DoesNotPushTheGatewayOut()
    {
        Bench bench = new();
        SocketHandle connection = bench.Accept(bench.Listen(), 4000, out _);
        Assert.Equal(SocketResult.Done, TcpSockets.SetNoDelay(bench.View, connection, isNoDelay: true));
        for (uint stranger = 0; stranger < 500; stranger++)
        {
            bench.Receive(FrameForge.Arp(1, 0x0200_0001_0000UL + stranger, 0x0A000010 + (stranger % 200), FrameForge.Own));
            bench.Wait(1000);
            if (stranger % 20 == 0)
            {
                Assert.Equal(SocketResult.Done, TcpSockets.Send(bench.View, connection, "x"u8, out _));
                bench.Drain();
            }
        }

        Assert.True(bench.Stack.State.Counters.Of(StackEvent.ArpEvictions) > 0);
        Assert.InRange(bench.Stack.State.Counters.Of(StackEvent.ArpRequestsSent), 0ul, 1ul);
    }

    // The stack allocates nothing: what the flood's own frames take is measured apart.
    private static void Flood(Bench bench, Func<Random, byte[]> make)
    {
        var random = new Random(7);
        byte[] sent = new byte[NetStack.FrameBytesMax];
        long allocated = 0;
        ulong before = bench.Stack.State.Counters.FramesReceived;
        for (int index = 0; index < Frames; index++)
        {
            byte[] frame = make(random);
            long start = GC.GetAllocatedBytesForCurrentThread();
            bench.Stack.Receive(bench.Now, frame);
            while (bench.Stack.At(bench.Now).Transmit(sent) != 0)
            {
            }

            allocated += GC.GetAllocatedBytesForCurrentThread() - start;
        }

        // The runtime recompiles hot code now and then, on this thread; one object for each frame would be 24 bytes times 20000.
        Assert.InRange(allocated, 0, 10_000);
        Assert.Equal(before + Frames, bench.Stack.State.Counters.FramesReceived);
        Assert.Null(bench.Stack.FindBrokenInvariant());
    }
}
