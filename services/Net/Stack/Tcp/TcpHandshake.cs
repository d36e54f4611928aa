namespace Atoll.Services.Net.Stack;

/// <summary>Steps of the handshake that all ways of opening share.</summary>
internal static class TcpHandshake
{
    /// <summary>Our half begins: numbers, an empty buffer, the first timeout.</summary>
    public static void BeginSending(in NetStack stack, ref TcpConnection connection, uint initial)
    {
        connection.Agreed.TimestampOffset = InitialSequence.TimestampOffset(stack, connection.Flow);
        connection.Send = new TcpSendState
        {
            Initial = initial,
            Unacknowledged = initial,
            Next = initial,
            Max = initial,
            BufferSequence = initial + 1,
            IsSynDue = true,
        };
        connection.Rtt.Begin(RttEstimate.RetransmitInitial);
    }

    /// <summary>The peer's half begins: its number, and what its SYN offers that we offer, too.</summary>
    public static void BeginReceiving(in NetStack stack, ref TcpConnection connection, in TcpSegment syn)
    {
        ref StackSettings own = ref stack.State.Settings;
        connection.Receive = new TcpReceiveState
        {
            Initial = syn.Sequence,
            Next = syn.Sequence + 1,
            Acknowledged = syn.Sequence + 1,
            WindowEnd = syn.Sequence + 1 + (uint)Arithmetic.Min(own.TcpBufferBytes, 65535),
        };
        ref TcpAgreement agreed = ref connection.Agreed;
        agreed.HasSack = own.OffersSack && syn.IsSackPermitted;
        agreed.HasWindowScale = own.OffersWindowScale && syn.HasWindowScale;
        agreed.SendScale = agreed.HasWindowScale ? syn.WindowScale : (byte)0;
        agreed.ReceiveScale = agreed.HasWindowScale ? TcpWindow.Scale(own.TcpBufferBytes) : (byte)0;
        agreed.HasTimestamps = own.OffersTimestamps && syn.HasTimestamp;
        agreed.TimestampRecent = syn.TimestampValue;
        agreed.TimestampRecentAt = stack.Now;
        TcpPath.Begin(stack, ref connection, syn.Mss);

        // The window of a SYN is never scaled.
        connection.Send.Window = syn.Window;
        connection.Send.WindowMax = syn.Window;
        connection.Send.WindowSequence = syn.Sequence;
        connection.Send.WindowAcknowledgment = connection.Send.Unacknowledged;
    }

    /// <summary>SYN-RECEIVED meets an acknowledgment: open, if it acknowledges our SYN.</summary>
    public static bool TryComplete(in NetStack stack, int index, in TcpSegment segment)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (!Sequence.IsAfter(segment.Acknowledgment, connection.Send.Unacknowledged)
            || Sequence.IsAfter(segment.Acknowledgment, connection.Send.Max))
        {
            return false;
        }

        Establish(stack, index);
        connection.Send.Window = (uint)segment.Window << connection.Agreed.SendScale;
        connection.Send.WindowMax = connection.Send.Window;
        connection.Send.WindowSequence = segment.Sequence;
        connection.Send.WindowAcknowledgment = segment.Acknowledgment;
        return true;
    }

    /// <summary>The connection is open. Its SYN is acknowledged by the segment at hand, which is processed next.</summary>
    public static void Establish(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        bool hasSynTimedOut = connection.Timers.Retries > 0;
        connection.State = TcpState.Established;
        connection.Timers.Retries = 0;
        connection.Send.IsSynDue = false;
        connection.Congestion.Begin(connection.Send.SegmentBytes, connection.Send.Initial, hasSynTimedOut);
        if (hasSynTimedOut && !connection.Agreed.HasTimestamps)
        {
            connection.Rtt.Begin(RttEstimate.RetransmitAfterSyn);
        }

        TcpTimers.RestartKeepAlive(stack, ref connection);
        if (connection.Listener != TcpConnection.None)
        {
            TcpListen.Promote(stack, index);
        }
        else
        {
            EventQueue.Post(stack, SocketKind.Connection, index);
        }
    }
}
