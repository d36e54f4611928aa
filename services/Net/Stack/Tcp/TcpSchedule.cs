namespace Atoll.Services.Net.Stack;

/// <summary>Decides what a connection sends next. Changes nothing.</summary>
/// <remarks>
/// Order: SYN; what recovery sends again; a probe; what is next in the stream; what recovery may send again besides; an acknowledgment.
/// Source: RFC 9293 "Sender's Algorithm" (silly windows, Nagle), RFC 6675 "NextSeg", RFC 3042.
/// </remarks>
internal static class TcpSchedule
{
    /// <summary>The next segment, if there is one.</summary>
    public static bool TryChoose(in TcpConnection connection, out SegmentPlan plan)
    {
        if (!connection.IsSynchronized)
        {
            return TrySyn(connection, out plan) || TryAcknowledge(connection, out plan);
        }

        return TryRetransmitLost(connection, out plan)
            || TryProbe(connection, out plan)
            || TryNext(connection, out plan)
            || TryRescue(connection, out plan)
            || TryAcknowledge(connection, out plan);
    }

    /// <summary>Bytes of payload that fit beside the SACK option that is owed.</summary>
    public static int PayloadMax(in TcpConnection connection) =>
        connection.Send.SegmentBytes - TcpOptions.SackBytes(SackBlocksOwed(connection));

    /// <summary>Blocks of the SACK option that goes with the next segment: 40 bytes of options hold 3 beside time stamps, else 4.</summary>
    public static int SackBlocksOwed(in TcpConnection connection) =>
        connection.Agreed.HasSack
            ? Arithmetic.Min(connection.Ranges.Count, connection.Agreed.HasTimestamps ? SackBlocks.Count - 1 : SackBlocks.Count)
            : 0;

    /// <summary>Bytes that wait to be sent for the first time, or again after a timeout; a FIN counts as one.</summary>
    public static int Unsent(in TcpSendState send) => (int)(send.DataEnd + (send.IsFinQueued ? 1u : 0) - send.Next);

    private static bool TrySyn(in TcpConnection connection, out SegmentPlan plan)
    {
        plan = new SegmentPlan { Sequence = connection.Send.Initial, Flags = TcpFlags.Syn };
        plan.Flags |= connection.State == TcpState.SynReceived ? TcpFlags.Ack : TcpFlags.None;
        return connection.Send.IsSynDue && connection.State != TcpState.Closed;
    }

    // The first missing segment; with SACK, then all that counts as lost, as far as the window lets it.
    private static bool TryRetransmitLost(in TcpConnection connection, out SegmentPlan plan)
    {
        plan = default;
        if (!connection.Congestion.IsRecovering)
        {
            return false;
        }

        ref readonly TcpSendState send = ref connection.Send;
        if (connection.Congestion.IsRetransmitDue)
        {
            return TryAgain(connection, send.Unacknowledged, out plan);
        }

        uint lostBelow = connection.Scoreboard.LostBelow((uint)send.SegmentBytes, send.Unacknowledged);
        return TryHole(connection, lostBelow, out plan);
    }

    // Rule 3 of NextSeg: nothing else to send, so what is missing below the highest block.
    private static bool TryRescue(in TcpConnection connection, out SegmentPlan plan)
    {
        plan = default;
        return connection.Congestion.IsRecovering
            && !connection.Scoreboard.IsEmpty
            && TryHole(connection, connection.Scoreboard.HighestEnd, out plan);
    }

    private static bool TryHole(in TcpConnection connection, uint below, out SegmentPlan plan)
    {
        plan = default;
        uint hole = connection.Scoreboard.SkipFrom(
            Sequence.Later(connection.Congestion.Retransmitted, connection.Send.Unacknowledged));
        if (!connection.Agreed.HasSack || !Sequence.IsBefore(hole, below) || Room(connection) < connection.Send.SegmentBytes)
        {
            return false;
        }

        return TryAgain(connection, hole, out plan);
    }

    // One segment from a number that was sent before, up to what the peer holds.
    private static bool TryAgain(in TcpConnection connection, uint sequence, out SegmentPlan plan)
    {
        ref readonly TcpSendState send = ref connection.Send;
        uint end = Sequence.Earlier(connection.Scoreboard.NextStart(sequence, send.Max), send.DataEnd);
        int length = Arithmetic.Min(PayloadMax(connection), (int)(end - sequence));
        plan = Data(send, sequence, Arithmetic.Max(length, 0));
        return plan.End != sequence;
    }

    // One byte, or what little the window takes: the timer has decided.
    private static bool TryProbe(in TcpConnection connection, out SegmentPlan plan)
    {
        ref readonly TcpSendState send = ref connection.Send;
        plan = default;
        if (!send.IsProbeDue)
        {
            return false;
        }

        int length = Arithmetic.Min(PayloadMax(connection), Arithmetic.Max((int)send.Window, 1));
        plan = Data(send, send.Unacknowledged, Arithmetic.Min(length, send.BufferCount));
        return plan.End != plan.Sequence;
    }

    private static bool TryNext(in TcpConnection connection, out SegmentPlan plan)
    {
        ref readonly TcpSendState send = ref connection.Send;
        uint next = IsGoingBack(send) ? connection.Scoreboard.SkipFrom(send.Next) : send.Next;
        int available = (int)(send.DataEnd - next);
        int window = (int)(send.Unacknowledged + send.Window - next);
        int length = Arithmetic.Min(Arithmetic.Min(available, PayloadMax(connection)), window);
        if (length > 0 && IsGoingBack(send))
        {
            // Up to what the peer holds; a segment may end with bytes that are new.
            uint held = connection.Scoreboard.NextStart(next, next + (uint)length);
            length = Arithmetic.Min(length, (int)(held - next));
        }

        length = length > 0 && IsWorthSending(connection, next, length, available) ? length : 0;
        plan = Data(send, next, length);
        return plan.End != next && (length > 0 || available == 0);
    }

    // Full segments, the last of a burst when nothing is on its way (Nagle), half the peer's window; and what was sent before.
    private static bool IsWorthSending(in TcpConnection connection, uint next, int length, int available)
    {
        ref readonly TcpSendState send = ref connection.Send;
        if (Room(connection) < length)
        {
            return false;
        }

        bool isPromptLast = length == available
            && (connection.Agreed.IsNoDelay || send.IsFinQueued || next == send.Unacknowledged);
        return length == PayloadMax(connection)
            || isPromptLast
            || (uint)length >= send.WindowMax / 2
            || Sequence.IsBefore(next, send.Max);
    }

    // What the congestion window still takes; before recovery, two segments more for the first two duplicates (RFC 3042).
    private static int Room(in TcpConnection connection)
    {
        ref readonly TcpSendState send = ref connection.Send;
        ref readonly CongestionState congestion = ref connection.Congestion;
        if (congestion.IsRecovering && connection.Agreed.HasSack)
        {
            return (int)(congestion.Window - connection.Scoreboard.Pipe(send, congestion.Retransmitted));
        }

        uint inFlight = send.Next - send.Unacknowledged - connection.Scoreboard.HeldBelow(send.Next);
        int limited = congestion.IsRecovering || connection.Agreed.HasSack
            ? 0
            : Arithmetic.Min(congestion.Duplicates, CongestionState.DuplicateThreshold - 1) * send.SegmentBytes;
        return (int)(congestion.Window - inFlight) + limited;
    }

    private static bool IsGoingBack(in TcpSendState send) => Sequence.IsBefore(send.Next, send.Max);

    // FIN goes with the last byte.
    private static SegmentPlan Data(in TcpSendState send, uint sequence, int length)
    {
        uint end = sequence + (uint)length;
        TcpFlags flags = TcpFlags.Ack;
        flags |= length > 0 && end == send.DataEnd ? TcpFlags.Push : TcpFlags.None;
        flags |= send.IsFinQueued && end == send.DataEnd ? TcpFlags.Fin : TcpFlags.None;
        return new SegmentPlan { Sequence = sequence, PayloadBytes = length, Flags = flags };
    }

    private static bool TryAcknowledge(in TcpConnection connection, out SegmentPlan plan)
    {
        // A keep-alive lies just below what the peer expects, so that it must answer (RFC 9293, "TCP Keep-Alives").
        uint sequence = connection.Send.IsKeepAliveDue ? connection.Send.Unacknowledged - 1 : connection.Send.Max;
        plan = new SegmentPlan { Sequence = sequence, Flags = TcpFlags.Ack };
        return connection.State is not (TcpState.Closed or TcpState.SynSent)
            && (connection.Receive.AcknowledgmentsDue > 0 || connection.Send.IsKeepAliveDue);
    }
}
