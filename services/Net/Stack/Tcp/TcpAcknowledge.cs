namespace Atoll.Services.Net.Stack;

/// <summary>What an acknowledgment does to the sending half. Source: RFC 9293, "ACK Field Check"; RFC 5681; RFC 6582; RFC 6675.</summary>
internal static class TcpAcknowledge
{
    public static void Process(in NetStack stack, int index, in TcpSegment segment)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        bool isSackNews = connection.Agreed.HasSack && NoteSack(stack, ref connection, segment);
        if (Sequence.IsAfter(segment.Acknowledgment, connection.Send.Unacknowledged))
        {
            Advance(stack, index, segment);
        }
        else if (IsDuplicate(connection, segment, isSackNews))
        {
            NoteDuplicate(stack, ref connection);
        }

        if (connection.State != TcpState.Closed)
        {
            NoteWindow(stack, ref connection, segment);
        }
    }

    // Blocks must lie within what is out; those below the acknowledgment are D-SACK (RFC 2883), which changes nothing here.
    private static bool NoteSack(in NetStack stack, ref TcpConnection connection, in TcpSegment segment)
    {
        bool isNews = false;
        for (int block = 0; block < segment.SackCount; block++)
        {
            uint start = segment.Sack[block].Start;
            uint end = segment.Sack[block].End;
            uint floor = Sequence.Later(segment.Acknowledgment, connection.Send.Unacknowledged);
            if (Sequence.IsAfter(start, floor) && Sequence.IsBefore(start, end) && Sequence.IsAtOrBefore(end, connection.Send.Max))
            {
                isNews |= connection.Scoreboard.Add(start, end);
            }
            else
            {
                stack.State.Counters.Count(StackEvent.TcpSackBlocksIgnored);
            }
        }

        return isNews;
    }

    // RFC 5681, "duplicate acknowledgment"; with SACK, one that tells something new (RFC 6675, section 2).
    private static bool IsDuplicate(in TcpConnection connection, in TcpSegment segment, bool isSackNews)
    {
        if (segment.Acknowledgment != connection.Send.Unacknowledged || connection.Send.InFlight == 0)
        {
            return false;
        }

        return connection.Agreed.HasSack
            ? isSackNews
            : segment.Length == 0 && (uint)segment.Window << connection.Agreed.SendScale == connection.Send.Window;
    }

    private static void NoteDuplicate(in NetStack stack, ref TcpConnection connection)
    {
        ref CongestionState congestion = ref connection.Congestion;
        congestion.Duplicates = congestion.Duplicates < 255 ? (byte)(congestion.Duplicates + 1) : congestion.Duplicates;
        if (congestion.IsRecovering)
        {
            congestion.Window += connection.Agreed.HasSack ? 0 : (uint)connection.Send.SegmentBytes;
            return;
        }

        uint oldest = connection.Send.Unacknowledged;
        bool isLost = congestion.Duplicates >= CongestionState.DuplicateThreshold
            || Sequence.IsAfter(connection.Scoreboard.LostBelow((uint)connection.Send.SegmentBytes, oldest), oldest);

        // Duplicates of what a timeout sent again are no sign of another loss (RFC 6582, section 3.2, step 2).
        if (isLost && Sequence.IsAtOrAfter(oldest, congestion.RecoveryPoint))
        {
            congestion.EnterRecovery(connection.Send, connection.Agreed.HasSack);
            stack.State.Counters.Count(StackEvent.TcpFastRecoveries);
        }
    }

    private static void Advance(in NetStack stack, int index, in TcpSegment segment)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        ref TcpSendState send = ref connection.Send;
        uint acknowledged = segment.Acknowledgment - send.Unacknowledged;
        uint inFlight = send.InFlight;
        send.Unacknowledged = segment.Acknowledgment;
        send.Next = Sequence.Later(send.Next, segment.Acknowledgment);
        connection.Scoreboard.Acknowledge(segment.Acknowledgment);
        TcpTime.Measure(stack, ref connection, segment);
        connection.Timers.Retries = 0;
        NoteCongestion(ref connection, acknowledged, inFlight);
        connection.Timers.RetransmitAt = send.InFlight == 0 ? 0 : stack.Now + connection.Rtt.Timeout;
        if (TryFreeBuffer(ref send))
        {
            EventQueue.Post(stack, SocketKind.Connection, index);
        }

        if (send.IsFinAcknowledged)
        {
            NoteFinAcknowledged(stack, index);
        }
    }

    private static void NoteCongestion(ref TcpConnection connection, uint acknowledged, uint inFlight)
    {
        ref CongestionState congestion = ref connection.Congestion;
        uint oldest = connection.Send.Unacknowledged;
        bool isPast = Sequence.IsAtOrAfter(oldest, congestion.RecoveryPoint);
        if (congestion.IsRecovering && !isPast)
        {
            congestion.AcknowledgePart(acknowledged, connection.Send, connection.Agreed.HasSack);
            return;
        }

        if (congestion.IsRecovering)
        {
            congestion.LeaveRecovery(connection.Send);
        }
        else
        {
            congestion.Duplicates = 0;
            congestion.Grow(acknowledged, (uint)connection.Send.SegmentBytes, inFlight);
        }

        // Kept close behind: numbers more than 2^31 apart cannot be compared.
        congestion.RecoveryPoint = isPast ? oldest : congestion.RecoveryPoint;
    }

    // Whether the application can send again.
    private static bool TryFreeBuffer(ref TcpSendState send)
    {
        int freed = Arithmetic.Min((int)(send.Unacknowledged - send.BufferSequence), send.BufferCount);
        if (freed <= 0)
        {
            return false;
        }

        send.BufferStart += freed;
        send.BufferSequence += (uint)freed;
        send.BufferCount -= freed;
        return true;
    }

    private static void NoteFinAcknowledged(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        switch (connection.State)
        {
            case TcpState.FinWait1:
                connection.State = TcpState.FinWait2;
                connection.Timers.LingerAt = connection.IsOrphan ? stack.Now + stack.State.Settings.FinWait : 0;
                break;
            case TcpState.Closing:
                TcpClose.EnterTimeWait(stack, index);
                break;
            case TcpState.LastAck:
                TcpClose.End(stack, index, ConnectionError.None);
                break;
            default:
                break;
        }
    }

    private static void NoteWindow(in NetStack stack, ref TcpConnection connection, in TcpSegment segment)
    {
        ref TcpSendState send = ref connection.Send;
        bool isLater = Sequence.IsBefore(send.WindowSequence, segment.Sequence)
            || (send.WindowSequence == segment.Sequence && Sequence.IsAtOrBefore(send.WindowAcknowledgment, segment.Acknowledgment));
        if (!isLater)
        {
            return;
        }

        uint before = send.Window;
        byte shift = segment.Has(TcpFlags.Syn) ? (byte)0 : connection.Agreed.SendScale;
        send.Window = (uint)segment.Window << shift;
        send.WindowMax = send.Window > send.WindowMax ? send.Window : send.WindowMax;
        send.WindowSequence = segment.Sequence;
        send.WindowAcknowledgment = segment.Acknowledgment;
        if (before == 0 && send.Window > 0)
        {
            Reopen(stack, ref connection);
        }
        else if (send.Window == 0 && !connection.IsOrphan)
        {
            // A peer that answers probes may keep its window closed for ever (RFC 9293, "Zero-Window Probing").
            connection.Timers.Retries = 0;
        }
    }

    // What a closed window refused is sent again at once, and the timer starts afresh.
    private static void Reopen(in NetStack stack, ref TcpConnection connection)
    {
        connection.Send.Next = connection.Send.Unacknowledged;
        connection.Send.IsProbeDue = false;
        connection.Timers.Retries = 0;
        connection.Rtt.Forgive();
        connection.Timers.RetransmitAt = connection.Send.InFlight == 0 ? 0 : stack.Now + connection.Rtt.Timeout;
    }
}
