using System;

namespace Atoll.Services.Net.Stack;

/// <summary>What happens to a TCP segment. Source: RFC 9293, "SEGMENT ARRIVES"; RFC 5961; RFC 7323.</summary>
internal static class TcpInput
{
    public static FrameOutcome Receive(in NetStack stack, in Arrival arrival, ReadOnlySpan<byte> bytes)
    {
        FrameOutcome wrong = TcpSegment.Read(bytes, arrival.Header, out TcpSegment segment);
        if (wrong != FrameOutcome.None)
        {
            return wrong;
        }

        if (!arrival.Header.Destination.Is(stack.State.Settings.Address))
        {
            return FrameOutcome.TcpToGroup;
        }

        var flow = new Flow
        {
            Local = arrival.Header.Destination,
            Remote = arrival.Header.Source,
            LocalPort = segment.DestinationPort,
            RemotePort = segment.SourcePort,
        };
        ReadOnlySpan<byte> payload = bytes.Slice(segment.HeaderLength, segment.PayloadBytes);
        int index = FlowTable.Find(stack, flow);
        if (index >= 0 && IsReuse(stack, index, segment))
        {
            stack.State.Counters.Count(StackEvent.TcpTimeWaitRecycled);
            TcpClose.End(stack, index, ConnectionError.None);
            index = -1;
        }

        return index >= 0
            ? ReceiveKnown(stack, arrival, index, segment, payload)
            : TcpListen.Receive(stack, arrival, flow, segment);
    }

    private static FrameOutcome ReceiveKnown(
        in NetStack stack, in Arrival arrival, int index, in TcpSegment segment, ReadOnlySpan<byte> payload)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        TcpTimers.RestartKeepAlive(stack, ref connection);
        FrameOutcome outcome = connection.State switch
        {
            TcpState.SynSent => TcpSynSent.Receive(stack, arrival, index, segment),
            TcpState.TimeWait => TcpTimeWait.Receive(stack, ref connection, segment),
            _ => ReceiveSynchronized(stack, arrival, index, segment, payload),
        };

        // It may be gone by now; then nothing finds it in the queue.
        if (connection.State != TcpState.Closed)
        {
            ReadyQueue.AddConnection(stack, index);
            TcpTimers.Update(stack, index);
        }

        return outcome;
    }

    private static FrameOutcome ReceiveSynchronized(
        in NetStack stack, in Arrival arrival, int index, in TcpSegment segment, ReadOnlySpan<byte> payload)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        FrameOutcome refused = TcpCheck.Examine(stack, index, segment);
        if (refused is not (FrameOutcome.None or FrameOutcome.TcpWindowClosed))
        {
            return refused;
        }

        if (!segment.Has(TcpFlags.Ack))
        {
            return FrameOutcome.TcpNoAcknowledgment;
        }

        if (connection.State == TcpState.SynReceived && !TcpHandshake.TryComplete(stack, index, segment))
        {
            TcpReset.Answer(stack, arrival, segment);
            return FrameOutcome.TcpBadAcknowledgment;
        }

        if (!TcpCheck.IsAcknowledgmentGood(stack, ref connection, segment))
        {
            return FrameOutcome.TcpBadAcknowledgment;
        }

        TcpTime.Note(stack, ref connection, segment);
        TcpAcknowledge.Process(stack, index, segment);
        if (connection.State == TcpState.Closed || refused != FrameOutcome.None)
        {
            return refused != FrameOutcome.None ? refused : FrameOutcome.TcpAcknowledged;
        }

        return TcpData.Receive(stack, index, segment, payload);
    }

    // A SYN for a connection in TIME-WAIT that is surely new: later time stamp, else later number (RFC 6191; RFC 9293, "TIME-WAIT STATE").
    private static bool IsReuse(in NetStack stack, int index, in TcpSegment segment)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (connection.State != TcpState.TimeWait
            || segment.Flags != TcpFlags.Syn
            || TcpListen.Find(stack, segment.DestinationPort) < 0)
        {
            return false;
        }

        return connection.Agreed.HasTimestamps && segment.HasTimestamp
            ? Sequence.IsAfter(segment.TimestampValue, connection.Agreed.TimestampRecent)
            : Sequence.IsAfter(segment.Sequence, connection.Receive.Next);
    }
}
