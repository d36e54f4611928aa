using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Payload and FIN of a segment. Source: RFC 9293, "Segment Text" and "FIN Bit"; RFC 5681, "Generating Acknowledgments".</summary>
internal static class TcpData
{
    public static FrameOutcome Receive(in NetStack stack, int index, in TcpSegment segment, ReadOnlySpan<byte> payload)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        bool hasFin = segment.Has(TcpFlags.Fin);
        if (payload.Length == 0 && !hasFin)
        {
            return FrameOutcome.TcpAcknowledged;
        }

        ref TcpReceiveState receive = ref connection.Receive;
        if (receive.IsEnded)
        {
            receive.OweAcknowledgment();
            return FrameOutcome.TcpDuplicate;
        }

        if (connection.IsOrphan && payload.Length > 0 && Sequence.IsAfter(segment.Sequence + (uint)payload.Length, receive.Next))
        {
            // Nobody will read it, and the peer must know (RFC 1122, "Closing a Connection").
            TcpClose.Abort(stack, index, ConnectionError.DataAfterClose);
            return FrameOutcome.TcpDataAfterClose;
        }

        uint start = segment.Sequence;
        uint end = start + (uint)payload.Length;
        if (hasFin && Sequence.IsAtOrBefore(end, receive.WindowEnd) && !receive.HasFin)
        {
            receive.HasFin = true;
            receive.FinSequence = end;
        }

        payload = Trim(receive, ref start, payload);
        return Sequence.IsAfter(start, receive.Next)
            ? HoldAhead(stack, index, start, payload)
            : TakeInOrder(stack, index, payload);
    }

    // Cuts off what was received before, and what lies behind the window or the end of the stream.
    private static ReadOnlySpan<byte> Trim(in TcpReceiveState receive, scoped ref uint start, ReadOnlySpan<byte> payload)
    {
        if (Sequence.IsBefore(start, receive.Next))
        {
            int old = Arithmetic.Min((int)(receive.Next - start), payload.Length);
            payload = payload.Slice(old, payload.Length - old);
            start = receive.Next;
        }

        uint limit = receive.HasFin ? Sequence.Earlier(receive.WindowEnd, receive.FinSequence) : receive.WindowEnd;
        int most = Arithmetic.Max((int)(limit - start), 0);
        return payload.Slice(0, Arithmetic.Min(payload.Length, most));
    }

    private static FrameOutcome HoldAhead(in NetStack stack, int index, uint start, ReadOnlySpan<byte> payload)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.Receive.OweAcknowledgment();
        if (payload.Length == 0)
        {
            return FrameOutcome.TcpOutOfOrder;
        }

        if (!connection.Ranges.TryAdd(start, start + (uint)payload.Length))
        {
            return FrameOutcome.TcpTooManyGaps;
        }

        Write(stack, index, start, payload);
        return FrameOutcome.TcpOutOfOrder;
    }

    private static FrameOutcome TakeInOrder(in NetStack stack, int index, ReadOnlySpan<byte> payload)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        ref TcpReceiveState receive = ref connection.Receive;
        bool endsHere = receive.HasFin && receive.FinSequence == receive.Next + (uint)payload.Length;
        if (payload.Length == 0 && !endsHere)
        {
            receive.OweAcknowledgment();
            return FrameOutcome.TcpDuplicate;
        }

        bool hadGap = connection.Ranges.Count > 0;
        Write(stack, index, receive.Next, payload);
        Extend(ref receive, receive.Next + (uint)payload.Length);
        while (connection.Ranges.TryTake(receive.Next, out uint end))
        {
            Extend(ref receive, Sequence.Later(end, receive.Next));
        }

        if (receive.HasFin && receive.Next == receive.FinSequence)
        {
            End(stack, index);
        }
        else
        {
            OweForData(stack, ref connection, hadGap);
        }

        EventQueue.Post(stack, SocketKind.Connection, index);
        return FrameOutcome.TcpInOrder;
    }

    // At once into or next to a gap, else for every second segment, and never later than the delay.
    private static void OweForData(in NetStack stack, ref TcpConnection connection, bool hadGap)
    {
        ref TcpReceiveState receive = ref connection.Receive;
        receive.SegmentsDelayed++;
        if (hadGap || receive.SegmentsDelayed >= 2)
        {
            receive.OweAcknowledgment();
        }
        else if (connection.Timers.AcknowledgeAt == 0)
        {
            connection.Timers.AcknowledgeAt = stack.Now + stack.State.Settings.AcknowledgmentDelay;
        }
    }

    private static void End(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.Receive.Next++;
        connection.Receive.WindowEnd = Sequence.Later(connection.Receive.WindowEnd, connection.Receive.Next);
        connection.Receive.IsEnded = true;
        connection.Receive.OweAcknowledgment();
        switch (connection.State)
        {
            case TcpState.Established:
                connection.State = TcpState.CloseWait;
                break;
            case TcpState.FinWait1:
                connection.State = TcpState.Closing;
                break;
            case TcpState.FinWait2:
                TcpClose.EnterTimeWait(stack, index);
                break;
            default:
                break;
        }
    }

    private static void Extend(ref TcpReceiveState receive, uint next)
    {
        receive.BufferCount += (int)(next - receive.Next);
        receive.Next = next;
    }

    // A byte lies as far behind the first unread one as its number.
    private static void Write(in NetStack stack, int index, uint start, ReadOnlySpan<byte> payload)
    {
        ref TcpReceiveState receive = ref stack.Pools.Connections[index].Receive;
        int ahead = (int)(start - receive.Next);
        ByteRing.Write(TcpBuffers.Received(stack, index), receive.BufferStart + receive.BufferCount + ahead, payload);
    }
}
