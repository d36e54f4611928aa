namespace Atoll.Services.Net.Stack;

/// <summary>The clock of time stamps: milliseconds, from a starting point of the flow's own. Source: RFC 7323, "Timestamp Clock".</summary>
internal static class TcpTime
{
    /// <summary>An older time stamp of the peer says nothing any more (RFC 7323, "Outdated Timestamps").</summary>
    private const ulong Outdated = 24UL * 24 * 3600 * StackLimits.Second;

    public static uint Stamp(in NetStack stack, in TcpConnection connection) =>
        (uint)(stack.Now / StackLimits.Millisecond) + connection.Agreed.TimestampOffset;

    /// <summary>PAWS: whether a segment is older than what was received last.</summary>
    public static bool IsOld(in NetStack stack, in TcpConnection connection, in TcpSegment segment) =>
        connection.Agreed.HasTimestamps
        && segment.HasTimestamp
        && Sequence.IsBefore(segment.TimestampValue, connection.Agreed.TimestampRecent)
        && stack.Now - connection.Agreed.TimestampRecentAt < Outdated;

    /// <summary>
    /// Keeps the time stamp to echo: of the segment that holds the first byte not acknowledged (RFC 7323, "Which Timestamp
    /// to Echo").
    /// </summary>
    public static void Note(in NetStack stack, ref TcpConnection connection, in TcpSegment segment)
    {
        ref TcpAgreement agreed = ref connection.Agreed;
        if (!agreed.HasTimestamps || !segment.HasTimestamp || Sequence.IsAfter(segment.Sequence, connection.Receive.Acknowledged))
        {
            return;
        }

        // Not older, or the old one is out of date.
        if (!IsOld(stack, connection, segment))
        {
            agreed.TimestampRecent = segment.TimestampValue;
            agreed.TimestampRecentAt = stack.Now;
        }
    }

    /// <summary>Takes the round-trip time of an acknowledgment of something new.</summary>
    public static void Measure(in NetStack stack, ref TcpConnection connection, in TcpSegment segment)
    {
        ulong least = stack.State.Settings.RetransmitMin;
        if (!connection.Agreed.HasTimestamps || !segment.HasTimestamp)
        {
            connection.Rtt.Acknowledge(segment.Acknowledgment, stack.Now, least);
            return;
        }

        // An echo from the future is no echo of ours.
        uint elapsed = Stamp(stack, connection) - segment.TimestampEcho;
        if (elapsed < 10 * 60 * 1000)
        {
            connection.Rtt.Sample(elapsed * StackLimits.Millisecond, least);
        }
    }
}
