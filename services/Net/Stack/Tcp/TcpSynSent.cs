namespace Atoll.Services.Net.Stack;

/// <summary>A segment for a connection in SYN-SENT. Source: RFC 9293, "SEGMENT ARRIVES, SYN-SENT STATE".</summary>
internal static class TcpSynSent
{
    public static FrameOutcome Receive(in NetStack stack, in Arrival arrival, int index, in TcpSegment segment)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        bool hasAck = segment.Has(TcpFlags.Ack);
        bool isAckGood = hasAck
            && Sequence.IsAfter(segment.Acknowledgment, connection.Send.Initial)
            && Sequence.IsAtOrBefore(segment.Acknowledgment, connection.Send.Max);
        if (segment.Has(TcpFlags.Reset))
        {
            return ReceiveReset(stack, index, isAckGood);
        }

        if (hasAck && !isAckGood)
        {
            TcpReset.Answer(stack, arrival, segment);
            return FrameOutcome.TcpSynSentUnexpected;
        }

        if (!segment.Has(TcpFlags.Syn))
        {
            return FrameOutcome.TcpSynSentUnexpected;
        }

        TcpHandshake.BeginReceiving(stack, ref connection, segment);
        if (isAckGood)
        {
            TcpHandshake.Establish(stack, index);
            TcpAcknowledge.Process(stack, index, segment);
            connection.Receive.OweAcknowledgment();
            return FrameOutcome.TcpHandshake;
        }

        // Both called each other at once.
        connection.State = TcpState.SynReceived;
        connection.Send.IsSynDue = true;
        return FrameOutcome.TcpHandshake;
    }

    private static FrameOutcome ReceiveReset(in NetStack stack, int index, bool isAckGood)
    {
        if (!isAckGood)
        {
            return FrameOutcome.TcpResetIgnored;
        }

        TcpClose.End(stack, index, ConnectionError.Refused);
        return FrameOutcome.TcpResetAccepted;
    }
}
