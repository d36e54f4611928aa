namespace Atoll.Services.Net.Stack;

/// <summary>Ways in which a connection ends.</summary>
internal static class TcpClose
{
    /// <summary>The connection is over. Its place is free again as soon as no handle names it.</summary>
    public static void End(in NetStack stack, int index, ConnectionError error)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        FlowTable.Remove(stack, index);
        connection.State = TcpState.Closed;
        connection.Error = error;
        connection.WaitsForNeighbor = false;
        RateLimit challenges = connection.Timers.Challenges;
        ulong earliest = connection.Timers.Earliest;
        connection.Timers = new TcpTimerState { Challenges = challenges, Earliest = earliest };
        TimerHeap.Set(stack, index, 0);
        if (IsHalfOpen(connection))
        {
            stack.Pools.Listeners[connection.Listener].HalfOpen--;
            ConnectionPool.Free(stack, index);
        }
        else if (connection.IsOrphan)
        {
            ConnectionPool.Free(stack, index);
        }
        else
        {
            EventQueue.Post(stack, SocketKind.Connection, index);
        }
    }

    /// <summary>Ends it and tells the peer.</summary>
    public static void Abort(in NetStack stack, int index, ConnectionError error)
    {
        TcpReset.Send(stack, stack.Pools.Connections[index]);
        End(stack, index, error);
    }

    /// <summary>Our side has no more to send: FIN behind what is queued. Source: RFC 9293, "CLOSE Call".</summary>
    public static void QueueFin(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.Send.IsFinQueued = true;
        connection.State = connection.State == TcpState.CloseWait ? TcpState.LastAck : TcpState.FinWait1;
        ReadyQueue.AddConnection(stack, index);
    }

    public static void EnterTimeWait(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.State = TcpState.TimeWait;
        connection.Timers.RetransmitAt = 0;
        connection.Timers.KeepAliveAt = 0;
        connection.Timers.LingerAt = stack.Now + stack.State.Settings.TimeWait;
    }

    private static bool IsHalfOpen(in TcpConnection connection) =>
        connection.Listener != TcpConnection.None && !connection.IsQueued;
}
