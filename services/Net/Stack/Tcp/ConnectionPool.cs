namespace Atoll.Services.Net.Stack;

/// <summary>Places for connections. When all are taken, the oldest in TIME-WAIT ends early; nothing else gives way.</summary>
internal static class ConnectionPool
{
    /// <summary>Takes a place. Nothing finds the connection until <see cref="FlowTable.Add"/>.</summary>
    public static bool TryTake(in NetStack stack, out int index)
    {
        if (stack.State.FreeConnection == TcpConnection.None)
        {
            RecycleTimeWait(stack);
        }

        index = stack.State.FreeConnection;
        if (index == TcpConnection.None)
        {
            stack.State.Counters.Count(StackEvent.TcpPoolEmpty);
            return false;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        stack.State.FreeConnection = connection.QueueNext;
        Clear(ref connection);
        connection.IsUsed = true;
        return true;
    }

    /// <summary>Gives a place back. The connection is in no table, heap or listener's queue any more.</summary>
    public static void Free(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.IsUsed = false;
        connection.WaitsForNeighbor = false;
        connection.Generation++;
        connection.QueueNext = stack.State.FreeConnection;
        stack.State.FreeConnection = (ushort)index;
    }

    // The queues may still hold the place of who was here before: their marks stay.
    private static void Clear(ref TcpConnection connection)
    {
        ushort generation = connection.Generation;
        bool isReady = connection.IsReady;
        bool isEventQueued = connection.IsEventQueued;
        connection = default;
        connection.Generation = generation;
        connection.IsReady = isReady;
        connection.IsEventQueued = isEventQueued;
        connection.TimerPlace = TcpConnection.None;
        connection.Listener = TcpConnection.None;
        connection.QueueNext = TcpConnection.None;
    }

    private static void RecycleTimeWait(in NetStack stack)
    {
        int oldest = -1;
        for (int index = 0; index < stack.Pools.Connections.Length; index++)
        {
            ref TcpConnection connection = ref stack.Pools.Connections[index];
            if (connection.IsUsed
                && connection.IsOrphan
                && connection.State == TcpState.TimeWait
                && (oldest < 0 || connection.Timers.LingerAt < stack.Pools.Connections[oldest].Timers.LingerAt))
            {
                oldest = index;
            }
        }

        if (oldest >= 0)
        {
            stack.State.Counters.Count(StackEvent.TcpTimeWaitRecycled);
            TcpClose.End(stack, oldest, ConnectionError.None);
        }
    }
}
