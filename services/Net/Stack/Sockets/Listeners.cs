namespace Atoll.Services.Net.Stack;

/// <summary>What servers do: listen and accept.</summary>
public static class Listeners
{
    private const int BacklogMax = 0x7FFF;

    /// <summary>Opens a port for connections.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="port">The port, not 0.</param>
    /// <param name="backlog">How many may wait half-open, and how many to be accepted; 1 to 32767.</param>
    /// <param name="socket">The listener.</param>
    /// <returns>Done, BadArgument, PortInUse or PoolEmpty.</returns>
    public static SocketResult Listen(in NetStack stack, ushort port, int backlog, out SocketHandle socket)
    {
        socket = default;
        if (port == 0 || backlog is < 1 or > BacklogMax)
        {
            return SocketResult.BadArgument;
        }

        if (TcpListen.Find(stack, port) >= 0)
        {
            return SocketResult.PortInUse;
        }

        for (int index = 0; index < stack.Pools.Listeners.Length; index++)
        {
            ref TcpListener listener = ref stack.Pools.Listeners[index];
            if (!listener.IsOpen)
            {
                listener.IsOpen = true;
                listener.Port = port;
                listener.Backlog = (ushort)backlog;
                socket = SocketHandle.Of(SocketKind.Listener, index, listener.Generation);
                return SocketResult.Done;
            }
        }

        return SocketResult.PoolEmpty;
    }

    /// <summary>Takes the connection that has waited longest. It may have ended meanwhile; its first use says so.</summary>
    /// <returns>Done, WouldBlock or BadHandle.</returns>
    public static SocketResult Accept(in NetStack stack, SocketHandle socket, out SocketHandle accepted)
    {
        accepted = default;
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref TcpListener listener = ref stack.Pools.Listeners[index];
        if (listener.Waiting == 0)
        {
            return SocketResult.WouldBlock;
        }

        int first = Dequeue(stack, ref listener);
        accepted = SocketHandle.Of(SocketKind.Connection, first, stack.Pools.Connections[first].Generation);
        if (TcpSockets.Poll(stack, accepted) != Readiness.None)
        {
            EventQueue.Post(stack, SocketKind.Connection, first);
        }

        return SocketResult.Done;
    }

    // Resets whoever waits: nobody will ever answer them.
    internal static SocketResult Close(in NetStack stack, SocketHandle socket)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref TcpListener listener = ref stack.Pools.Listeners[index];
        while (listener.Waiting > 0)
        {
            TcpSockets.ReleaseAborted(stack, Dequeue(stack, ref listener));
        }

        for (int half = 0; half < stack.Pools.Connections.Length && listener.HalfOpen > 0; half++)
        {
            if (stack.Pools.Connections[half].IsUsed && stack.Pools.Connections[half].Listener == index)
            {
                TcpClose.Abort(stack, half, ConnectionError.None);
            }
        }

        listener.IsOpen = false;
        listener.Generation++;
        return SocketResult.Done;
    }

    internal static Readiness Poll(in NetStack stack, SocketHandle socket) =>
        TryFind(stack, socket, out int index) && stack.Pools.Listeners[index].Waiting > 0 ? Readiness.Acceptable : Readiness.None;

    private static int Dequeue(in NetStack stack, ref TcpListener listener)
    {
        int first = listener.First;
        ref TcpConnection connection = ref stack.Pools.Connections[first];
        listener.First = connection.QueueNext;
        listener.Waiting--;
        connection.IsQueued = false;
        connection.Listener = TcpConnection.None;
        return first;
    }

    private static bool TryFind(in NetStack stack, SocketHandle socket, out int index)
    {
        index = socket.Index;
        return socket.Kind == SocketKind.Listener
            && index < stack.Pools.Listeners.Length
            && stack.Pools.Listeners[index].IsOpen
            && (stack.Pools.Listeners[index].Generation & SocketHandle.GenerationMask) == socket.Generation;
    }
}
