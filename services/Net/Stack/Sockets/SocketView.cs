namespace Atoll.Services.Net.Stack;

/// <summary>A socket, as somebody sees it who only looks.</summary>
public struct SocketView
{
    /// <summary>The socket.</summary>
    public SocketHandle Socket;

    /// <summary>State of a connection.</summary>
    public TcpState State;

    /// <summary>Its port.</summary>
    public ushort Port;

    /// <summary>The other end of a connection.</summary>
    public Endpoint Peer;

    /// <summary>Bytes that were received and nobody has read; of a listener: connections that nobody has accepted.</summary>
    public int Received;

    /// <summary>Bytes that are to be sent, or were and are not acknowledged; of a listener: connections that are half-open.</summary>
    public int ToSend;

    /// <summary>Looks at a place.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="place">Connections first, then listeners, then sockets for datagrams.</param>
    /// <param name="view">What is there.</param>
    /// <returns>False: there is nothing.</returns>
    public static bool TryLook(in NetStack stack, int place, out SocketView view)
    {
        int connections = stack.Pools.Connections.Length;
        int listeners = stack.Pools.Listeners.Length;
        return place < connections ? TryConnection(in stack.Pools.Connections[place], place, out view)
            : place < connections + listeners ? TryListener(in stack.Pools.Listeners[place - connections], place - connections, out view)
            : TryDatagrams(in stack.Pools.UdpSockets[place - connections - listeners], place - connections - listeners, out view);
    }

    private static bool TryConnection(ref readonly TcpConnection connection, int index, out SocketView view)
    {
        view = default;
        view.Socket = SocketHandle.Of(SocketKind.Connection, index, connection.Generation);
        view.State = connection.State;
        view.Port = connection.Flow.LocalPort;
        view.Peer = new Endpoint { Address = connection.Flow.Remote, Port = connection.Flow.RemotePort };
        view.Received = connection.Receive.BufferCount;
        view.ToSend = connection.Send.BufferCount;
        return connection.IsUsed;
    }

    private static bool TryListener(ref readonly TcpListener listener, int index, out SocketView view)
    {
        view = default;
        view.Socket = SocketHandle.Of(SocketKind.Listener, index, listener.Generation);
        view.Port = listener.Port;
        view.Received = listener.Waiting;
        view.ToSend = listener.HalfOpen;
        return listener.IsOpen;
    }

    private static bool TryDatagrams(ref readonly UdpSocket socket, int index, out SocketView view)
    {
        view = default;
        view.Socket = SocketHandle.Of(SocketKind.Udp, index, socket.Generation);
        view.Port = socket.Port;
        view.Received = socket.Received.Count;
        view.ToSend = socket.ToSend.Count;
        return socket.IsOpen;
    }
}
