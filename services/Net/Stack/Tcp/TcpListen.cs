namespace Atoll.Services.Net.Stack;

/// <summary>Segments that belong to no connection. Source: RFC 9293, "CLOSED STATE" and "LISTEN STATE"; RFC 4987.</summary>
internal static class TcpListen
{
    public static FrameOutcome Receive(in NetStack stack, in Arrival arrival, in Flow flow, in TcpSegment segment)
    {
        int listener = Find(stack, segment.DestinationPort);
        if (segment.Has(TcpFlags.Reset))
        {
            return FrameOutcome.TcpResetIgnored;
        }

        if (listener < 0)
        {
            TcpReset.Answer(stack, arrival, segment);
            return FrameOutcome.TcpNoConnection;
        }

        if (segment.Has(TcpFlags.Ack))
        {
            return ReceiveAcknowledgment(stack, arrival, listener, flow, segment);
        }

        return segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Fin)
            ? ReceiveSyn(stack, arrival, listener, flow, segment)
            : FrameOutcome.TcpListenUnexpected;
    }

    /// <summary>The listener of a port, or -1.</summary>
    public static int Find(in NetStack stack, ushort port)
    {
        for (int index = 0; index < stack.Pools.Listeners.Length; index++)
        {
            if (stack.Pools.Listeners[index].IsOpen && stack.Pools.Listeners[index].Port == port)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>A half-open connection is open now: it waits to be accepted.</summary>
    public static void Promote(in NetStack stack, int index)
    {
        ref TcpListener listener = ref stack.Pools.Listeners[stack.Pools.Connections[index].Listener];
        listener.HalfOpen--;
        Enqueue(stack, index);
    }

    private static FrameOutcome ReceiveSyn(
        in NetStack stack, in Arrival arrival, int listenerIndex, in Flow flow, in TcpSegment segment)
    {
        ref TcpListener listener = ref stack.Pools.Listeners[listenerIndex];
        if (listener.Waiting >= listener.Backlog)
        {
            return FrameOutcome.TcpSynDropped;
        }

        if (listener.HalfOpen >= listener.Backlog || !ConnectionPool.TryTake(stack, out int index))
        {
            return TcpCookieReply.TrySend(stack, arrival, flow, segment)
                ? FrameOutcome.TcpSynCookieSent
                : FrameOutcome.TcpSynDropped;
        }

        Open(stack, index, flow, segment, InitialSequence.Choose(stack, flow));
        stack.Pools.Connections[index].Listener = (ushort)listenerIndex;
        listener.HalfOpen++;
        ReadyQueue.AddConnection(stack, index);
        return FrameOutcome.TcpSynAccepted;
    }

    // Either the third step of a handshake that only the peer remembers, or nothing that we know.
    private static FrameOutcome ReceiveAcknowledgment(
        in NetStack stack, in Arrival arrival, int listenerIndex, in Flow flow, in TcpSegment segment)
    {
        ref TcpListener listener = ref stack.Pools.Listeners[listenerIndex];
        uint peerInitial = segment.Sequence - 1;
        uint cookie = segment.Acknowledgment - 1;
        bool isCookie = SynCookie.TryRead(stack, flow, peerInitial, cookie, out int mss);
        if (!isCookie || segment.Has(TcpFlags.Syn) || stack.Now >= stack.State.CookiesUntil)
        {
            TcpReset.Answer(stack, arrival, segment);
            return FrameOutcome.TcpListenUnexpected;
        }

        if (listener.Waiting >= listener.Backlog || !ConnectionPool.TryTake(stack, out int index))
        {
            return FrameOutcome.TcpSynCookieDropped;
        }

        var syn = new TcpSegment { Sequence = peerInitial, Mss = (ushort)mss, Window = segment.Window };
        Open(stack, index, flow, syn, cookie);
        Complete(stack, index, listenerIndex, segment);
        return FrameOutcome.TcpSynCookieAccepted;
    }

    private static void Open(in NetStack stack, int index, in Flow flow, in TcpSegment syn, uint initial)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.Flow = flow;
        connection.State = TcpState.SynReceived;
        connection.IsOrphan = true;
        FlowTable.Add(stack, index);
        TcpHandshake.BeginSending(stack, ref connection, initial);
        TcpHandshake.BeginReceiving(stack, ref connection, syn);
    }

    // As if the SYN had been sent from here and acknowledged.
    private static void Complete(in NetStack stack, int index, int listenerIndex, in TcpSegment segment)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.Send.Next = connection.Send.Initial + 1;
        connection.Send.Max = connection.Send.Next;
        connection.Listener = (ushort)listenerIndex;
        stack.Pools.Listeners[listenerIndex].HalfOpen++;
        TcpHandshake.Establish(stack, index);
        TcpAcknowledge.Process(stack, index, segment);
        ReadyQueue.AddConnection(stack, index);
        TcpTimers.Update(stack, index);
    }

    private static void Enqueue(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        ref TcpListener listener = ref stack.Pools.Listeners[connection.Listener];
        connection.IsQueued = true;
        connection.IsOrphan = false;
        connection.QueueNext = TcpConnection.None;
        if (listener.Waiting == 0)
        {
            listener.First = (ushort)index;
        }
        else
        {
            stack.Pools.Connections[listener.Last].QueueNext = (ushort)index;
        }

        listener.Last = (ushort)index;
        listener.Waiting++;
        EventQueue.Post(stack, SocketKind.Listener, connection.Listener);
    }
}
