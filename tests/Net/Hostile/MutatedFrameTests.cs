using System.Buffers.Binary;
using Atoll.Net.Tests.Simulation;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Hostile;

/// <summary>
/// Frames that were right once, changed at random, checksums often made right again: nothing throws, nothing is read or written
/// outside, each ends in one counter, and the invariants hold.
/// </summary>
public sealed class MutatedFrameTests
{
    [Fact]
    public void MutatedFrames_EachEndInOneCounter() => Run(seed: 1, frames: 40_000);

    [Fact]
    [Trait("Category", "Long")]
    public void MutatedFrames_AMillion()
    {
        for (int seed = 2; seed < 22; seed++)
        {
            Run(seed, frames: 50_000);
        }
    }

    private static void Run(int seed, int frames)
    {
        var random = new Random(seed);
        List<byte[]> originals = Originals(seed);
        byte[] sent = new byte[NetStack.FrameBytesMax];
        Bench bench = Busy(seed);
        for (int index = 0; index < frames; index++)
        {
            byte[] frame = Mutate(random, originals[random.Next(originals.Count)], originals, bench);
            bench.Stack.Receive(bench.Now, frame);
            while (bench.Stack.At(bench.Now).Transmit(sent) != 0)
            {
            }

            if (index % 64 == 0)
            {
                bench.Wait((ulong)random.Next(2_000_000));
                Use(bench, random);
                Assert.True(bench.Stack.FindBrokenInvariant() is null, $"seed {seed}, frame {index}: {bench.Stack.FindBrokenInvariant()}");
            }

            bench = index % 5000 == 4999 ? Busy(seed + index) : bench;
        }
    }

    // Frames of both directions of real streams, turned to come to us, and one of each other protocol.
    private static List<byte[]> Originals(int seed)
    {
        List<byte[]> frames =
        [
            FrameForge.Udp(7, 8, new byte[100]),
            FrameForge.Udp(67, 68, new byte[300]),
            FrameForge.Udp(53, 50000, new byte[80]),
            FrameForge.Arp(1, FrameForge.PeerMac, FrameForge.Peer, FrameForge.Own),
            FrameForge.Arp(2, FrameForge.PeerMac, FrameForge.Peer, FrameForge.Own, FrameForge.OwnMac),
            FrameForge.Ipv4(17, new byte[64], id: 9, fragment: 0x2000),
            FrameForge.Ipv4(17, new byte[64], id: 9, fragment: 8),
            FrameForge.Ipv4(1, [8, 0, 0xF7, 0xFF, 0, 0, 0, 0]),
            FrameForge.Ipv4(1, [3, 4, 0, 0, 0, 0, 2, 0, .. FrameForge.Tcp(80, 4000, 1, 2, Flag.Ack)[14..]]),
        ];
        new StreamSimulation(seed, frame => frames.Add(frame)).Run();
        foreach (byte[] frame in frames)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame, 0x0200);
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(2), 1);
        }

        return frames;
    }

    // A listener, an open connection with data both ways, a socket, a question, and sometimes a DHCP client.
    private static Bench Busy(int seed)
    {
        Bench bench = new(settings => settings with { Key = new SecretKey { Low = (ulong)seed } });
        SocketHandle listener = bench.Listen();
        bench.Accept(listener, 4000, out _, options: [2, 4, 5, 0xB4, 1, 1, 4, 2, 1, 3, 3, 4]);
        Assert.Equal(SocketResult.Done, UdpSockets.Open(bench.View, 8, out _));
        Assert.Equal(NameResult.Waiting, NameResolver.Ask(bench.View, "a.example"u8, out _));
        Assert.Equal(SocketResult.Done, TcpSockets.Connect(bench.View, new Ipv4Address(FrameForge.Peer), 80, out _));
        if (seed % 3 == 0)
        {
            bench.View.State.Dhcp.Start(bench.View);
        }

        bench.Drain();
        return bench;
    }

    private static void Use(Bench bench, Random random)
    {
        Span<byte> bytes = stackalloc byte[512];
        while (bench.View.TryNextEvent(out SocketHandle socket))
        {
            if (socket.Kind == SocketKind.Connection)
            {
                _ = TcpSockets.Send(bench.View, socket, bytes, out _);
                _ = TcpSockets.Receive(bench.View, socket, bytes, out _);
                _ = random.Next(8) == 0 ? TcpSockets.Close(bench.View, socket) : SocketResult.Done;
            }
            else if (socket.Kind == SocketKind.Listener)
            {
                _ = Listeners.Accept(bench.View, socket, out _);
            }
            else
            {
                _ = UdpSockets.Receive(bench.View, socket, bytes, out _, out _);
            }
        }

        bench.Drain();
        bench.Sent.Clear();
    }

    private static byte[] Mutate(Random random, byte[] original, List<byte[]> others, Bench bench)
    {
        byte[] frame = [.. original];
        Retarget(random, frame, bench);
        for (int change = random.Next(4); change >= 0; change--)
        {
            switch (random.Next(6))
            {
                case 0 when frame.Length > 1:
                    frame = frame[..random.Next(1, frame.Length)];
                    break;
                case 1:
                    frame = [.. frame, .. new byte[random.Next(1, 64)]];
                    break;
                case 2:
                    byte[] other = others[random.Next(others.Count)];
                    int cut = random.Next(Math.Min(frame.Length, other.Length));
                    frame = [.. frame[..cut], .. other[cut..]];
                    break;
                case 3:
                    frame[random.Next(frame.Length)] = (byte)(random.Next(2) == 0 ? 0xFF : 0);
                    break;
                default:
                    frame[random.Next(Math.Min(frame.Length, 80))] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return random.Next(4) == 0 ? frame : Repair(frame);
    }

    // A segment of another stream becomes one of a connection that is open here, near what it expects.
    private static void Retarget(Random random, byte[] frame, Bench bench)
    {
        Span<TcpConnection> connections = bench.View.Pools.Connections;
        ref TcpConnection connection = ref connections[random.Next(3)];
        if (frame.Length < 54 || frame[13] != 0 || frame[23] != 6 || !connection.IsUsed)
        {
            return;
        }

        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(26), connection.Flow.Remote.Value);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(34), connection.Flow.RemotePort);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(36), connection.Flow.LocalPort);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(38), connection.Receive.Next + (uint)(random.Next(4) == 0
            ? random.Next(-2000, 4000) : 0));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(42), connection.Send.Max - (uint)(random.Next(3) == 0
            ? random.Next(-100, 3000) : 0));
    }

    // Right destination and checksums, so that the change gets past them.
    private static byte[] Repair(byte[] frame)
    {
        if (frame.Length < 34 || frame[12] != 8 || frame[13] != 0)
        {
            return frame;
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame, 0x0200);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(30), FrameForge.Own);
        int header = (frame[14] & 0xF) * 4;
        if (header < 20 || 14 + header > frame.Length)
        {
            return frame;
        }

        frame[24] = frame[25] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), FrameForge.Sum(0, frame.AsSpan(14, header)));
        int total = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(16)), frame.Length - 14);
        int checksum = 14 + header + (frame[23] switch { 6 => 16, 17 => 6, 1 => 2, _ => int.MaxValue / 2 });
        if (total < header || checksum + 2 > 14 + total)
        {
            return frame;
        }

        Span<byte> payload = frame.AsSpan(14 + header, total - header);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(checksum), 0);
        ulong pseudo = frame[23] == 1 ? 0 : Words(frame.AsSpan(26, 8)) + frame[23] + (ulong)payload.Length;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(checksum), FrameForge.Sum(pseudo, payload));
        return frame;
    }

    private static ulong Words(ReadOnlySpan<byte> bytes) => (ushort)~FrameForge.Sum(0, bytes);
}
