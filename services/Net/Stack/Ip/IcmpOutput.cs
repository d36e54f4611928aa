using System;

namespace Atoll.Services.Net.Stack;

/// <summary>ICMP messages that we send. Source: RFC 792; RFC 1122, "Internet Control Message Protocol".</summary>
internal static class IcmpOutput
{
    public const byte CodeProtocol = 2;
    public const byte CodePort = 3;
    public const int HeaderBytes = 8;
    public const byte TypeEchoRequest = 8;
    private const byte TypeEchoReply = 0;
    private const byte TypeUnreachable = 3;

    /// <summary>Answers an echo request with its own bytes.</summary>
    public static FrameOutcome SendEchoReply(in NetStack stack, in Arrival arrival, ReadOnlySpan<byte> message)
    {
        if (!arrival.Header.Destination.Is(stack.State.Settings.Address)
            || message.Length > stack.State.Settings.Mtu - Ipv4Header.Bytes
            || !stack.State.Replies.TryBegin(stack, out Span<byte> frame))
        {
            return FrameOutcome.IcmpEchoDropped;
        }

        Span<byte> reply = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, message.Length);
        message.CopyTo(reply);
        reply[0] = TypeEchoReply;
        Commit(stack, arrival, frame, message.Length);
        return FrameOutcome.IcmpEchoAnswered;
    }

    /// <summary>Says that a packet found nobody. Not to groups, not about later fragments, and not too often.</summary>
    public static void SendUnreachable(in NetStack stack, in Arrival arrival, byte code)
    {
        if (!arrival.Header.Destination.Is(stack.State.Settings.Address) || arrival.Header.FragmentOffset != 0)
        {
            return;
        }

        if (!stack.State.IcmpErrors.TryTake(stack.Now, StackLimits.IcmpErrorsPerSecond))
        {
            stack.State.Counters.Count(StackEvent.IcmpErrorsWithheld);
            return;
        }

        if (!stack.State.Replies.TryBegin(stack, out Span<byte> frame))
        {
            return;
        }

        // The header and 8 bytes behind it, at least; more helps nobody we know.
        int quoted = Arithmetic.Min(arrival.Packet.Length, arrival.Header.HeaderBytes + 8);
        Span<byte> message = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, HeaderBytes + quoted);
        message.Clear();
        message[0] = TypeUnreachable;
        message[1] = code;
        arrival.Packet.Slice(0, quoted).CopyTo(message.Slice(HeaderBytes, quoted));
        Commit(stack, arrival, frame, message.Length);
    }

    private static void Commit(in NetStack stack, in Arrival arrival, Span<byte> frame, int length)
    {
        Span<byte> message = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, length);
        BigEndian.WriteUInt16(message, 2, 0);
        BigEndian.WriteUInt16(message, 2, Checksum.Finish(Checksum.Add(0, message)));
        stack.State.Replies.Commit(stack.WriteHeaders(frame, arrival.Reverse, Ipv4Header.ProtocolIcmp, length, mayFragment: true));
    }
}
