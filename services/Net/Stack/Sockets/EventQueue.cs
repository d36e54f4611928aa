namespace Atoll.Services.Net.Stack;

/// <summary>Sockets that something happened to, each at most once.</summary>
internal static class EventQueue
{
    public static void Post(in NetStack stack, SocketKind kind, int index)
    {
        ref bool isQueued = ref Flag(stack, kind, index);
        if (isQueued)
        {
            stack.State.Counters.Count(StackEvent.EventsMerged);
            return;
        }

        isQueued = true;
        stack.State.Events.Enqueue(stack.Pools.EventQueue, ((uint)kind << 16) | (uint)index);
    }

    public static bool TryTake(in NetStack stack, out SocketHandle socket)
    {
        while (stack.State.Events.TryDequeue(stack.Pools.EventQueue, out uint waiting))
        {
            var kind = (SocketKind)(waiting >> 16);
            int index = (int)(waiting & 0xFFFF);
            Flag(stack, kind, index) = false;
            if (TryName(stack, kind, index, out socket))
            {
                return true;
            }
        }

        socket = default;
        return false;
    }

    // What was closed meanwhile is passed over.
    private static bool TryName(in NetStack stack, SocketKind kind, int index, out SocketHandle socket)
    {
        switch (kind)
        {
            case SocketKind.Listener:
                socket = SocketHandle.Of(kind, index, stack.Pools.Listeners[index].Generation);
                return stack.Pools.Listeners[index].IsOpen;
            case SocketKind.Udp:
                socket = SocketHandle.Of(kind, index, stack.Pools.UdpSockets[index].Generation);
                return stack.Pools.UdpSockets[index].IsOpen;
            default:
                ref TcpConnection connection = ref stack.Pools.Connections[index];
                socket = SocketHandle.Of(kind, index, connection.Generation);
                return connection.IsUsed && !connection.IsOrphan && connection.Listener == TcpConnection.None;
        }
    }

    private static ref bool Flag(in NetStack stack, SocketKind kind, int index)
    {
        switch (kind)
        {
            case SocketKind.Listener:
                return ref stack.Pools.Listeners[index].IsEventQueued;
            case SocketKind.Udp:
                return ref stack.Pools.UdpSockets[index].IsEventQueued;
            default:
                return ref stack.Pools.Connections[index].IsEventQueued;
        }
    }
}
