using System;

namespace Atoll.Services.Net.Stack;

/// <summary>
/// A TCP/IP stack at one moment: its state, its memory and the time. It is made anew for each call, from the same memory and a later time.
/// </summary>
/// <remarks>
/// No clock, no I/O, no allocation: frames come in by <see cref="Receive"/>, time passes by <see cref="Advance"/>, frames go out by
/// <see cref="Transmit"/>, one for each call until it returns 0; <see cref="NextDeadline"/> says when time matters next. Applications use
/// <see cref="TcpSockets"/>, <see cref="UdpSockets"/>, <see cref="NameResolver"/> and <see cref="TryNextEvent"/>. One thread.
/// </remarks>
public readonly ref struct NetStack
{
    /// <summary>What it knows.</summary>
    [Trusted(Safety = "Every constructor sets it. Of a default one it is null, and the state is smaller than what no program has mapped below 2 MiB: a fault.")]
    public readonly ref StackState State;

    /// <summary>The memory that it works in.</summary>
    public readonly StackPools Pools;

    /// <summary>The time of this call, microseconds since any point that stays the same. Never less than before.</summary>
    public readonly ulong Now;

    /// <summary>The stack over this memory at this time. The memory is ready after <see cref="Begin"/>.</summary>
    public NetStack(ref StackState state, scoped in StackPools pools, ulong now)
    {
        State = ref state;
        Pools = pools;
        Now = now;
    }

    /// <summary>Most bytes of a frame that <see cref="Transmit"/> writes.</summary>
    public static int FrameBytesMax => StackLimits.FrameBytes;

    /// <summary>Bytes of <see cref="StackPools.ReplyBytes"/>.</summary>
    public static int ReplyPoolBytes => StackLimits.ReplyCount * StackLimits.FrameBytes;

    /// <summary>Bytes of <see cref="StackPools.ReassemblyBytes"/> for each datagram in pieces.</summary>
    public static int ReassemblyBytesEach => StackLimits.DatagramBytes;

    /// <summary>Checks memory and settings and starts an empty stack in them.</summary>
    /// <returns>Ready; or what is wrong, and then nothing has changed.</returns>
    public SetupResult Begin(in StackSettings settings)
    {
        SetupResult result = StackSetup.Check(Pools, settings);
        if (result == SetupResult.Ready)
        {
            StackSetup.Clear(this, settings);
        }

        return result;
    }

    /// <summary>Takes a frame from the device, without its check sequence.</summary>
    /// <returns>How it ended; that is counted.</returns>
    public FrameOutcome Receive(ReadOnlySpan<byte> frame)
    {
        FrameOutcome outcome = ReceiveFrame(frame);
        State.Counters.Count(outcome);
        return outcome;
    }

    /// <summary>Writes the next frame that is to be sent.</summary>
    /// <param name="frame">At least <see cref="FrameBytesMax"/> bytes.</param>
    /// <returns>Its length; 0 when there is nothing to send now.</returns>
    public int Transmit(Span<byte> frame)
    {
        int length = HasOwn() ? EmitOwn(frame) : 0;
        length = length != 0 ? length : ReadyQueue.Emit(this, frame);

        // Those before may just have found that they do not know their station.
        length = length != 0 || !State.Neighbors.HasRequestDue() ? length : EmitArpRequest(frame);
        if (length != 0)
        {
            State.Counters.Count(StackEvent.FramesSent);
        }

        return length;
    }

    /// <summary>Does what has become due. To be called at <see cref="NextDeadline"/>, and harmless at any time.</summary>
    public void Advance()
    {
        while (TimerHeap.Earliest(this) <= Now)
        {
            TcpTimers.Fire(this, Pools.Timers[0]);
        }

        while (State.Neighbors.TryTakeFailure(Now, out Ipv4Address silent))
        {
            State.Counters.Count(StackEvent.ArpFailures);
            ReadyQueue.FailWaiting(this, silent);
        }

        Ipv4Fragments.Expire(this);
        State.Dhcp.Advance(this);
        State.Dns.Advance(this);
    }

    /// <summary>When <see cref="Advance"/> has something to do, microseconds; <see cref="ulong.MaxValue"/>: not by itself.</summary>
    public ulong NextDeadline()
    {
        ulong next = Arithmetic.Min(TimerHeap.Earliest(this), State.Neighbors.NextDeadline());
        next = Arithmetic.Min(next, Ipv4Fragments.NextDeadline(this));
        return Arithmetic.Min(next, Arithmetic.Min(State.Dhcp.NextDeadline, State.Dns.NextDeadline()));
    }

    /// <summary>
    /// Takes the next socket that something happened to; what it is, <see cref="TcpSockets.Poll"/> and
    /// <see cref="UdpSockets.Poll"/> say.
    /// </summary>
    public bool TryNextEvent(out SocketHandle socket) => EventQueue.TryTake(this, out socket);

    /// <summary>Writes Ethernet and IPv4 headers in front of a payload that is there already.</summary>
    /// <returns>Length of the frame.</returns>
    internal int WriteHeaders(Span<byte> frame, in Ipv4Route route, byte protocol, int payloadBytes, bool mayFragment)
    {
        // What cannot be split needs no identification (RFC 6864).
        uint identification = mayFragment ? (uint)++State.NextPacketId << 16 : Ipv4Header.DontFragment;
        Ethernet.Write(frame, route.Station, State.Settings.Mac, Ethernet.TypeIpv4);
        Ipv4Header.Write(
            frame.Slice(Ethernet.HeaderBytes, Ipv4Header.Bytes + payloadBytes), route, protocol, payloadBytes, identification);
        return Ethernet.HeaderBytes + Ipv4Header.Bytes + payloadBytes;
    }

    private FrameOutcome ReceiveFrame(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Ethernet.HeaderBytes)
        {
            return FrameOutcome.EthernetTooShort;
        }

        MacAddress destination = MacAddress.Read(frame, 0);
        if (!destination.Is(State.Settings.Mac) && !destination.Is(MacAddress.Broadcast))
        {
            return FrameOutcome.EthernetNotOurs;
        }

        MacAddress source = MacAddress.Read(frame, 6);
        if (source.IsGroup)
        {
            return FrameOutcome.EthernetBadSource;
        }

        ReadOnlySpan<byte> packet = frame.Slice(Ethernet.HeaderBytes, frame.Length - Ethernet.HeaderBytes);
        return BigEndian.ReadUInt16(frame, 12) switch
        {
            Ethernet.TypeIpv4 => Ipv4Input.Receive(this, packet, source),
            Ethernet.TypeArp => ArpInput.Receive(this, packet),
            _ => FrameOutcome.EthernetOtherProtocol,
        };
    }

    // Whether there may be something to send that is of no socket: nearly always there is not.
    private bool HasOwn() =>
        State.Neighbors.HasRequestDue() || State.Replies.Count != 0 || State.Dhcp.IsSendDue || State.Dns.Used != 0 || State.EchoesUsed != 0;

    private int EmitOwn(Span<byte> frame)
    {
        int length = EmitArpRequest(frame);
        length = length != 0 ? length : State.Replies.Take(this, frame);
        length = length != 0 ? length : DhcpOutput.Emit(this, frame);
        length = length != 0 ? length : DnsOutput.Emit(this, frame);
        return length != 0 ? length : EchoClient.Emit(this, frame);
    }

    private int EmitArpRequest(Span<byte> frame)
    {
        if (!State.Neighbors.TryTakeRequest(Now, out Ipv4Address wanted))
        {
            return 0;
        }

        State.Counters.Count(StackEvent.ArpRequestsSent);
        return ArpPacket.Write(frame, State.Settings, ArpPacket.Request, MacAddress.Broadcast, wanted);
    }
}
