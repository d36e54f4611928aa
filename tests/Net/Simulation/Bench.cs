using System.Buffers.Binary;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Simulation;

/// <summary>One stack at 10.0.0.1, and a test in the place of everybody else: its next hop answers ARP by itself.</summary>
public sealed class Bench
{
    public Bench(Func<StackSettings, StackSettings>? change = null, StackSizes? sizes = null)
    {
        StackSettings settings = StackSettings.Standard with
        {
            Mac = new MacAddress(FrameForge.OwnMac),
            Address = new Ipv4Address(FrameForge.Own),
            SubnetMask = Ipv4Address.Of(255, 255, 255, 0),
            Gateway = new Ipv4Address(FrameForge.Peer),
            NameServer = new Ipv4Address(FrameForge.Peer),
            Key = new SecretKey { Low = 1, High = 2 },
        };
        Stack = new HostStack(change is null ? settings : change(settings), sizes);
    }

    public HostStack Stack { get; }

    public ulong Now { get; private set; } = 1_000_000;

    /// <summary>Frames sent, oldest first, ARP left out.</summary>
    public List<byte[]> Sent { get; } = [];

    public NetStack View => Stack.At(Now);

    public FrameOutcome Receive(ReadOnlySpan<byte> frame)
    {
        FrameOutcome outcome = Stack.Receive(Now, frame);
        Drain();
        return outcome;
    }

    /// <summary>Lets time pass; every timer fires when it is due.</summary>
    public void Wait(ulong microseconds)
    {
        ulong end = Now + microseconds;
        for (ulong next = View.NextDeadline(); next <= end; next = View.NextDeadline())
        {
            Now = Math.Max(Now, next);
            View.Advance();
            Drain();
        }

        Now = end;
    }

    public void Drain()
    {
        foreach (byte[] frame in Stack.TransmitAll(Now))
        {
            if (frame[12] == 8 && frame[13] == 6)
            {
                AnswerArp(frame);
            }
            else
            {
                Sent.Add(frame);
            }
        }
    }

    /// <summary>The oldest frame that was sent and not taken.</summary>
    public Sent Take()
    {
        Drain();
        if (Sent.Count == 0)
        {
            throw new InvalidOperationException("nothing was sent");
        }

        byte[] frame = Sent[0];
        Sent.RemoveAt(0);
        return new Sent(frame);
    }

    /// <summary>Opens a connection that calls in to a listener of ours.</summary>
    public SocketHandle Accept(SocketHandle listener, ushort port, out Sent synAck, uint sequence = 1000, byte[]? options = null)
    {
        Receive(FrameForge.Tcp(port, 80, sequence, 0, Flag.Syn, options: options ?? [2, 4, 5, 0xB4]));
        synAck = Take();
        Receive(FrameForge.Tcp(port, 80, sequence + 1, synAck.Sequence + 1, Flag.Ack));
        SocketResult result = Listeners.Accept(View, listener, out SocketHandle accepted);
        return result == SocketResult.Done ? accepted : throw new InvalidOperationException($"accept: {result}");
    }

    public SocketHandle Listen(int backlog = 4)
    {
        SocketResult result = Listeners.Listen(View, 80, backlog, out SocketHandle listener);
        return result == SocketResult.Done ? listener : throw new InvalidOperationException($"listen: {result}");
    }

    // Whoever is asked for has the peer's station.
    private void AnswerArp(byte[] request)
    {
        if (request[21] != 1)
        {
            Sent.Add(request);
            return;
        }

        uint target = BinaryPrimitives.ReadUInt32BigEndian(request.AsSpan(38));
        Stack.Receive(Now, FrameForge.Arp(2, FrameForge.PeerMac, target, FrameForge.Own, FrameForge.OwnMac));
        Drain();
    }
}

/// <summary>A frame that the stack sent, read by offsets of the RFCs.</summary>
public sealed record Sent(byte[] Frame)
{
    public byte Protocol => Frame[23];

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Frame.AsSpan(38));

    public uint Acknowledgment => BinaryPrimitives.ReadUInt32BigEndian(Frame.AsSpan(42));

    public Flag Flags => (Flag)(Frame[47] & 0x1F);

    public int Window => BinaryPrimitives.ReadUInt16BigEndian(Frame.AsSpan(48));

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Frame.AsSpan(34));

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Frame.AsSpan(36));

    public byte[] Options => Frame[54..(34 + (Frame[46] >> 4) * 4)];

    public byte[] TcpPayload => Frame[(34 + (Frame[46] >> 4) * 4)..];

    public byte[] IpPayload => Frame[34..];
}
