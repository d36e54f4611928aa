namespace Atoll.Services.Net.Stack;

/// <summary>What a segment must be before anything in it is believed.</summary>
internal static class TcpCheck
{
    /// <summary>Time stamp, window, reset and SYN: RFC 7323 "PAWS", RFC 9293 "SEGMENT ARRIVES, Other States", RFC 5961.</summary>
    /// <returns>
    /// None: go on. TcpWindowClosed: go on with its acknowledgment only. Anything else: that was its end.
    /// </returns>
    public static FrameOutcome Examine(in NetStack stack, int index, in TcpSegment segment)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        bool isReset = segment.Has(TcpFlags.Reset);
        if (!isReset && connection.Agreed.HasTimestamps && !segment.HasTimestamp)
        {
            return FrameOutcome.TcpMissingTimestamp;
        }

        if (!isReset && TcpTime.IsOld(stack, connection, segment))
        {
            Challenge(stack, ref connection);
            return FrameOutcome.TcpOldTimestamp;
        }

        if (!IsInWindow(connection.Receive, segment))
        {
            return RefuseOutside(stack, ref connection, segment);
        }

        if (isReset)
        {
            return ReceiveReset(stack, index, segment);
        }

        if (segment.Has(TcpFlags.Syn))
        {
            Challenge(stack, ref connection);
            return FrameOutcome.TcpSynChallenged;
        }

        return FrameOutcome.None;
    }

    /// <summary>Whether an acknowledgment is neither of the future nor too old (RFC 5961, "Blind Data Injection").</summary>
    public static bool IsAcknowledgmentGood(in NetStack stack, ref TcpConnection connection, in TcpSegment segment)
    {
        uint oldest = connection.Send.Unacknowledged - connection.Send.WindowMax;
        bool isGood = Sequence.IsAtOrAfter(segment.Acknowledgment, oldest)
            && Sequence.IsAtOrBefore(segment.Acknowledgment, connection.Send.Max);
        if (!isGood)
        {
            Challenge(stack, ref connection);
        }

        return isGood;
    }

    /// <summary>Owes an acknowledgment to a segment that was refused, so often in a second and no more.</summary>
    public static void Challenge(in NetStack stack, ref TcpConnection connection)
    {
        if (!connection.Timers.Challenges.TryTake(stack.Now, StackLimits.ChallengesPerSecond))
        {
            stack.State.Counters.Count(StackEvent.TcpChallengesWithheld);
            return;
        }

        stack.State.Counters.Count(StackEvent.TcpChallenges);
        connection.Receive.OweAcknowledgment();
    }

    // The four cases of RFC 9293, table 6; a bare acknowledgment just behind a full window is let in: it holds nothing to refuse.
    private static bool IsInWindow(in TcpReceiveState receive, in TcpSegment segment)
    {
        uint window = receive.Window;
        return segment.Length == 0
            ? Sequence.IsWithin(segment.Sequence, receive.Next, window + 1)
            : Sequence.IsWithin(segment.Sequence, receive.Next, window)
                || Sequence.IsWithin(segment.End - 1, receive.Next, window);
    }

    private static FrameOutcome RefuseOutside(in NetStack stack, ref TcpConnection connection, in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Reset))
        {
            return FrameOutcome.TcpResetIgnored;
        }

        ref TcpReceiveState receive = ref connection.Receive;
        if (connection.State == TcpState.SynReceived && segment.Flags == TcpFlags.Syn && segment.Sequence == receive.Initial)
        {
            connection.Send.IsSynDue = true;
            return FrameOutcome.TcpHandshake;
        }

        if (segment.Length == 0)
        {
            Challenge(stack, ref connection);
            return FrameOutcome.TcpOutsideWindow;
        }

        receive.OweAcknowledgment();
        if (receive.Window == 0 && segment.Sequence == receive.Next && !segment.Has(TcpFlags.Syn))
        {
            return FrameOutcome.TcpWindowClosed;
        }

        bool isOld = Sequence.IsAtOrBefore(segment.End, receive.Next);
        return isOld ? FrameOutcome.TcpDuplicate : FrameOutcome.TcpOutsideWindow;
    }

    // RFC 5961, "Blind Reset Attack": only the exact number ends a connection.
    private static FrameOutcome ReceiveReset(in NetStack stack, int index, in TcpSegment segment)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (segment.Sequence != connection.Receive.Next)
        {
            Challenge(stack, ref connection);
            return FrameOutcome.TcpResetChallenged;
        }

        bool wasOpening = connection.State == TcpState.SynReceived;
        TcpClose.End(stack, index, wasOpening ? ConnectionError.Refused : ConnectionError.Reset);
        return FrameOutcome.TcpResetAccepted;
    }
}
