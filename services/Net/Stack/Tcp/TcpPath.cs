namespace Atoll.Services.Net.Stack;

/// <summary>
/// How large segments may be. Source: RFC 9293 "Maximum Segment Size Option", RFC 1191, RFC 4821 for paths that say
/// nothing.
/// </summary>
internal static class TcpPath
{
    /// <summary>Timeouts in a row after which a path is suspected to swallow large packets in silence.</summary>
    public const int BlackHoleRetries = 3;

    /// <summary>What a peer takes that says nothing (RFC 9293, "Maximum Segment Size Option").</summary>
    private const int MssDefault = 536;

    /// <summary>Less is not honoured: it would only make us send headers.</summary>
    private const int MssMin = 88;

    /// <summary>Sets the size of segments from the peer's option.</summary>
    public static void Begin(in NetStack stack, ref TcpConnection connection, int peerMss)
    {
        int said = peerMss == 0 ? MssDefault : Arithmetic.Max(peerMss, MssMin);
        int own = stack.State.Settings.Mtu - Ipv4Header.Bytes - TcpSegment.HeaderBytes;
        connection.Send.SegmentBytes = Arithmetic.Min(said, own) - OptionBytes(connection);
    }

    /// <summary>A router says what fits. Sends again what did not.</summary>
    public static void Lower(in NetStack stack, ref TcpConnection connection, int mtu)
    {
        int fits = mtu - Ipv4Header.Bytes - TcpSegment.HeaderBytes - OptionBytes(connection);
        if (fits >= connection.Send.SegmentBytes)
        {
            return;
        }

        connection.Send.SegmentBytes = fits;
        connection.Send.Next = connection.Send.Unacknowledged;
        connection.Scoreboard.Clear();
        connection.Congestion.IsRecovering = false;
        connection.Rtt.StopTiming();
        stack.State.Counters.Count(StackEvent.TcpPathMtuLowered);
    }

    public static void SuspectBlackHole(in NetStack stack, ref TcpConnection connection)
    {
        int least = MssDefault - OptionBytes(connection);
        if (connection.Send.SegmentBytes > least)
        {
            connection.Send.SegmentBytes = least;
            stack.State.Counters.Count(StackEvent.TcpPathMtuLowered);
        }
    }

    private static int OptionBytes(in TcpConnection connection) => connection.Agreed.HasTimestamps ? TcpOptions.TimestampBytes : 0;
}
