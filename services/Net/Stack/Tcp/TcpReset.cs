using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Resets. Source: RFC 9293, "Reset Generation".</summary>
internal static class TcpReset
{
    /// <summary>Answers a segment that has no business here; never a reset.</summary>
    public static void Answer(in NetStack stack, in Arrival arrival, in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Reset))
        {
            return;
        }

        var answer = new TcpSegment
        {
            SourcePort = segment.DestinationPort,
            DestinationPort = segment.SourcePort,
            Sequence = segment.Has(TcpFlags.Ack) ? segment.Acknowledgment : 0,
            Acknowledgment = segment.Has(TcpFlags.Ack) ? 0 : segment.End,
            Flags = segment.Has(TcpFlags.Ack) ? TcpFlags.Reset : TcpFlags.Reset | TcpFlags.Ack,
        };
        Queue(stack, arrival.Reverse, answer);
    }

    /// <summary>Resets a connection of ours. Lost if its station is not known: resets are never repeated.</summary>
    public static void Send(in NetStack stack, in TcpConnection connection)
    {
        if (connection.State is TcpState.Closed or TcpState.SynSent or TcpState.TimeWait
            || !Ipv4Route.TryFind(stack, connection.Flow.Remote, out Ipv4Route route))
        {
            return;
        }

        var reset = new TcpSegment
        {
            SourcePort = connection.Flow.LocalPort,
            DestinationPort = connection.Flow.RemotePort,
            Sequence = connection.Send.Max,
            Acknowledgment = connection.Receive.Next,
            Flags = TcpFlags.Reset | TcpFlags.Ack,
        };
        Queue(stack, route, reset);
    }

    private static void Queue(in NetStack stack, in Ipv4Route route, in TcpSegment reset)
    {
        if (!stack.State.Replies.TryBegin(stack, out Span<byte> frame))
        {
            return;
        }

        Span<byte> bytes = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, TcpSegment.HeaderBytes);
        TcpHeader.Write(bytes, reset, route);
        stack.State.Replies.Commit(stack.WriteHeaders(frame, route, Ipv4Header.ProtocolTcp, bytes.Length, mayFragment: false));
        stack.State.Counters.Count(StackEvent.TcpResetsSent);
    }
}
