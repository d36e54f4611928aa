namespace Atoll.Services.Net.Stack;

/// <summary>What a connection does when its time has come.</summary>
internal static class TcpTimers
{
    /// <summary>Puts the earliest of a connection's timers into the heap.</summary>
    public static void Update(in NetStack stack, int index)
    {
        ref TcpTimerState timers = ref stack.Pools.Connections[index].Timers;
        ulong earliest = Earlier(Earlier(timers.RetransmitAt, timers.AcknowledgeAt), Earlier(timers.KeepAliveAt, timers.LingerAt));
        TimerHeap.Set(stack, index, earliest);
    }

    /// <summary>A connection has nothing to send now: its timer runs if something is out, or if only the window holds it back.</summary>
    public static void Watch(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (!connection.IsUsed || connection.State is TcpState.Closed or TcpState.TimeWait)
        {
            return;
        }

        bool isAwaited = connection.Send.InFlight > 0 || TcpSchedule.Unsent(connection.Send) > 0 || connection.Send.IsSynDue;
        if (isAwaited && connection.Timers.RetransmitAt == 0)
        {
            connection.Timers.RetransmitAt = stack.Now + connection.Rtt.Timeout;
            Update(stack, index);
        }
    }

    /// <summary>Starts the silence before keep-alive probes anew, if the application asked for them.</summary>
    public static void RestartKeepAlive(in NetStack stack, ref TcpConnection connection)
    {
        bool isKept = connection.Agreed.KeepsAlive && connection.IsSynchronized && connection.State != TcpState.TimeWait;
        connection.Timers.KeepAlivesSent = 0;
        connection.Timers.KeepAliveAt = isKept ? stack.Now + stack.State.Settings.KeepAliveIdle : 0;
    }

    /// <summary>Does what is due of the connection that is first in the heap.</summary>
    public static void Fire(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        ref TcpTimerState timers = ref connection.Timers;
        if (IsDue(timers.LingerAt, stack.Now))
        {
            TcpClose.End(stack, index, ConnectionError.None);
            return;
        }

        if (IsDue(timers.AcknowledgeAt, stack.Now))
        {
            timers.AcknowledgeAt = 0;
            connection.Receive.OweAcknowledgment();
        }

        if ((IsDue(timers.RetransmitAt, stack.Now) && !TryRetransmit(stack, index))
            || (IsDue(timers.KeepAliveAt, stack.Now) && !TryKeepAlive(stack, index)))
        {
            return;
        }

        ReadyQueue.AddConnection(stack, index);
        Update(stack, index);
    }

    // False when the connection has been given up.
    private static bool TryRetransmit(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        ref StackSettings own = ref stack.State.Settings;
        int triesMax = connection.IsSynchronized ? own.RetriesMax : own.SynRetriesMax;
        if (connection.Timers.Retries >= triesMax)
        {
            GiveUp(stack, index);
            return false;
        }

        connection.Timers.Retries++;
        if (!connection.IsSynchronized)
        {
            connection.Send.IsSynDue = true;
            connection.Rtt.StopTiming();
        }
        else if (connection.Send.Window == 0 || connection.Send.InFlight == 0)
        {
            connection.Send.IsProbeDue = true;
            stack.State.Counters.Count(StackEvent.TcpWindowProbes);
        }
        else
        {
            GoBack(stack, ref connection);
        }

        connection.Rtt.BackOff();
        connection.Timers.RetransmitAt = stack.Now + connection.Rtt.Timeout;
        return true;
    }

    // Everything that is out counts as lost; SACK may have been taken back (RFC 2018, "Data Receiver Reneging").
    private static void GoBack(in NetStack stack, ref TcpConnection connection)
    {
        stack.State.Counters.Count(StackEvent.TcpTimeouts);
        connection.Congestion.TimeOut(connection.Send, isFirst: connection.Timers.Retries == 1);
        connection.Scoreboard.Clear();
        connection.Send.Next = connection.Send.Unacknowledged;
        if (connection.Timers.Retries == TcpPath.BlackHoleRetries)
        {
            TcpPath.SuspectBlackHole(stack, ref connection);
        }
    }

    private static bool TryKeepAlive(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (connection.Timers.KeepAlivesSent >= stack.State.Settings.KeepAliveProbes)
        {
            GiveUp(stack, index);
            return false;
        }

        connection.Timers.KeepAlivesSent++;
        connection.Timers.KeepAliveAt = stack.Now + stack.State.Settings.KeepAliveInterval;

        // While data is out its own timer asks.
        connection.Send.IsKeepAliveDue = connection.Send.InFlight == 0;
        stack.State.Counters.Count(StackEvent.TcpKeepAlives);
        return true;
    }

    private static void GiveUp(in NetStack stack, int index)
    {
        stack.State.Counters.Count(StackEvent.TcpTimedOut);
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        ConnectionError error = connection.WaitsForNeighbor ? ConnectionError.Unreachable : ConnectionError.TimedOut;
        TcpClose.Abort(stack, index, error);
    }

    private static bool IsDue(ulong at, ulong now) => at != 0 && at <= now;

    // 0 means never.
    private static ulong Earlier(ulong left, ulong right) =>
        left == 0 ? right : right == 0 ? left : Arithmetic.Min(left, right);
}
