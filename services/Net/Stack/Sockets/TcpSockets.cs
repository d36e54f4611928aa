using System;

namespace Atoll.Services.Net.Stack;

/// <summary>
/// What applications do with connections. Nothing waits: <see cref="SocketResult.WouldBlock"/> says to come back after
/// an event.
/// </summary>
public static class TcpSockets
{
    /// <summary>Calls a host. The connection is open when it becomes writable.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="remote">The host.</param>
    /// <param name="port">Its port, not 0.</param>
    /// <param name="socket">The connection.</param>
    /// <returns>Done, BadArgument, NoRoute, NoPort or PoolEmpty.</returns>
    public static SocketResult Connect(in NetStack stack, Ipv4Address remote, ushort port, out SocketHandle socket)
    {
        socket = default;
        if (port == 0 || !remote.IsUnicast || remote.Is(stack.State.Settings.Address))
        {
            return SocketResult.BadArgument;
        }

        if (!Ipv4Route.IsRoutable(stack.State.Settings, remote))
        {
            return SocketResult.NoRoute;
        }

        var flow = new Flow { Local = stack.State.Settings.Address, Remote = remote, RemotePort = port };
        if (!EphemeralPort.TryChoose(stack, ref flow))
        {
            return SocketResult.NoPort;
        }

        if (!ConnectionPool.TryTake(stack, out int index))
        {
            return SocketResult.PoolEmpty;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.Flow = flow;
        connection.State = TcpState.SynSent;
        FlowTable.Add(stack, index);
        TcpHandshake.BeginSending(stack, ref connection, InitialSequence.Choose(stack, flow));
        ReadyQueue.AddConnection(stack, index);
        socket = SocketHandle.Of(SocketKind.Connection, index, connection.Generation);
        return SocketResult.Done;
    }

    /// <summary>Copies bytes into the connection's buffer; they are sent as the network lets them.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="socket">The connection.</param>
    /// <param name="bytes">What to send.</param>
    /// <param name="sent">How many of them were taken.</param>
    /// <returns>Done, WouldBlock, BadHandle, NotConnected, Closed, or why the connection ended.</returns>
    public static SocketResult Send(in NetStack stack, SocketHandle socket, ReadOnlySpan<byte> bytes, out int sent)
    {
        sent = 0;
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (connection.State is not (TcpState.Established or TcpState.CloseWait))
        {
            return Reason(connection);
        }

        ref TcpSendState send = ref connection.Send;
        Span<byte> ring = TcpBuffers.ToSend(stack, index);
        sent = Arithmetic.Min(bytes.Length, ring.Length - send.BufferCount);
        if (sent == 0 && bytes.Length > 0)
        {
            return SocketResult.WouldBlock;
        }

        ByteRing.Write(ring, send.BufferStart + send.BufferCount, bytes.Slice(0, sent));
        send.BufferCount += sent;
        ReadyQueue.AddConnection(stack, index);
        return SocketResult.Done;
    }

    /// <summary>How many bytes <see cref="Send"/> would take now; 0 for a handle that names no connection that can send.</summary>
    public static int RoomToSend(in NetStack stack, SocketHandle socket) =>
        TryFind(stack, socket, out int index) && stack.Pools.Connections[index].State is TcpState.Established or TcpState.CloseWait
            ? stack.State.Settings.TcpBufferBytes - stack.Pools.Connections[index].Send.BufferCount
            : 0;

    /// <summary>Takes received bytes out.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="socket">The connection.</param>
    /// <param name="to">Where to; not empty.</param>
    /// <param name="received">How many there were.</param>
    /// <returns>Done, WouldBlock, EndOfStream, BadHandle, BadArgument, NotConnected, or why the connection ended.</returns>
    public static SocketResult Receive(in NetStack stack, SocketHandle socket, Span<byte> to, out int received)
    {
        SocketResult result = Peek(stack, socket, 0, to, out received);
        return result == SocketResult.Done ? Consume(stack, socket, received) : result;
    }

    /// <summary>Copies received bytes, and leaves them where they are.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="socket">The connection.</param>
    /// <param name="offset">How many to pass over: not negative.</param>
    /// <param name="to">Where to; not empty.</param>
    /// <param name="received">How many were copied.</param>
    /// <returns>As <see cref="Receive"/>.</returns>
    public static SocketResult Peek(in NetStack stack, SocketHandle socket, int offset, Span<byte> to, out int received)
    {
        received = 0;
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        if (to.Length == 0 || offset < 0)
        {
            return SocketResult.BadArgument;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        ref TcpReceiveState receive = ref connection.Receive;
        received = Arithmetic.Max(Arithmetic.Min(to.Length, receive.BufferCount - offset), 0);
        if (received == 0)
        {
            return receive.IsEnded ? SocketResult.EndOfStream : IsReceiving(connection) ? SocketResult.WouldBlock : Reason(connection);
        }

        ByteRing.Read(TcpBuffers.Received(stack, index), receive.BufferStart + offset, to.Slice(0, received));
        return SocketResult.Done;
    }

    /// <summary>Drops received bytes: they were read. The window opens.</summary>
    /// <returns>Done, BadHandle; BadArgument: there are not so many.</returns>
    public static SocketResult Consume(in NetStack stack, SocketHandle socket, int count)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        ref TcpReceiveState receive = ref connection.Receive;
        if (count < 0 || count > receive.BufferCount)
        {
            return SocketResult.BadArgument;
        }

        receive.BufferStart += count;
        receive.BufferCount -= count;
        if (IsReceiving(connection) && TcpWindow.IsUpdateDue(stack, connection))
        {
            receive.OweAcknowledgment();
            ReadyQueue.AddConnection(stack, index);
        }

        return SocketResult.Done;
    }

    /// <summary>Ends our half: the peer sees the end of the stream behind what was sent. Receiving goes on.</summary>
    /// <returns>Done, BadHandle, NotConnected, Closed, or why the connection ended.</returns>
    public static SocketResult ShutdownSend(in NetStack stack, SocketHandle socket)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (connection.State is not (TcpState.Established or TcpState.CloseWait))
        {
            return Reason(connection);
        }

        TcpClose.QueueFin(stack, index);
        return SocketResult.Done;
    }

    /// <summary>
    /// Gives the handle up. What was sent is still delivered; what was received and not read makes it a reset (RFC 2525).
    /// </summary>
    /// <returns>Done or BadHandle.</returns>
    public static SocketResult Close(in NetStack stack, SocketHandle socket)
    {
        if (socket.Kind == SocketKind.Listener)
        {
            return Listeners.Close(stack, socket);
        }

        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        Release(stack, index);
        return SocketResult.Done;
    }

    /// <summary>Gives the handle up and resets the connection.</summary>
    /// <returns>Done or BadHandle.</returns>
    public static SocketResult Abort(in NetStack stack, SocketHandle socket)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ReleaseAborted(stack, index);
        return SocketResult.Done;
    }

    /// <summary>Sends small segments at once (without Nagle's algorithm), or not.</summary>
    /// <returns>Done or BadHandle.</returns>
    public static SocketResult SetNoDelay(in NetStack stack, SocketHandle socket, bool isNoDelay)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        stack.Pools.Connections[index].Agreed.IsNoDelay = isNoDelay;
        ReadyQueue.AddConnection(stack, index);
        return SocketResult.Done;
    }

    /// <summary>Asks a silent peer from time to time whether it is still there, or not.</summary>
    /// <returns>Done or BadHandle.</returns>
    public static SocketResult SetKeepAlive(in NetStack stack, SocketHandle socket, bool keepsAlive)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.Agreed.KeepsAlive = keepsAlive;
        TcpTimers.RestartKeepAlive(stack, ref connection);
        if (connection.State != TcpState.Closed)
        {
            TcpTimers.Update(stack, index);
        }

        return SocketResult.Done;
    }

    /// <summary>What a connection or listener can do now; nothing for a handle that names none.</summary>
    public static Readiness Poll(in NetStack stack, SocketHandle socket)
    {
        if (socket.Kind == SocketKind.Listener)
        {
            return Listeners.Poll(stack, socket);
        }

        if (!TryFind(stack, socket, out int index))
        {
            return Readiness.None;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        bool isOver = connection.State == TcpState.Closed;
        bool canSend = connection.State is TcpState.Established or TcpState.CloseWait
            && connection.Send.BufferCount < stack.State.Settings.TcpBufferBytes;
        return (connection.Receive.BufferCount > 0 || connection.Receive.IsEnded || isOver ? Readiness.Readable : Readiness.None)
            | (canSend || isOver ? Readiness.Writable : Readiness.None)
            | (connection.Error != ConnectionError.None ? Readiness.Failed : Readiness.None)
            | (connection.Receive.IsEnded ? Readiness.PeerClosed : Readiness.None);
    }

    /// <summary>State of a connection, for tools; <see cref="TcpState.Closed"/> for a handle that names none.</summary>
    public static TcpState StateOf(in NetStack stack, SocketHandle socket) =>
        TryFind(stack, socket, out int index) ? stack.Pools.Connections[index].State : TcpState.Closed;

    /// <summary>The other end of a connection; nothing for a handle that names none.</summary>
    public static Endpoint PeerOf(in NetStack stack, SocketHandle socket) =>
        TryFind(stack, socket, out int index)
            ? new Endpoint { Address = stack.Pools.Connections[index].Flow.Remote, Port = stack.Pools.Connections[index].Flow.RemotePort }
            : default;

    internal static void ReleaseAborted(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        connection.IsOrphan = true;
        if (connection.State == TcpState.Closed)
        {
            ConnectionPool.Free(stack, index);
            return;
        }

        TcpClose.Abort(stack, index, ConnectionError.None);
    }

    private static void Release(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        bool isUnread = connection.Receive.BufferCount > 0 && connection.State != TcpState.TimeWait;
        if (isUnread || connection.State is TcpState.Closed or TcpState.SynSent or TcpState.SynReceived)
        {
            ReleaseAborted(stack, index);
            return;
        }

        connection.IsOrphan = true;
        if (connection.State is TcpState.Established or TcpState.CloseWait)
        {
            TcpClose.QueueFin(stack, index);
        }
        else if (connection.State == TcpState.FinWait2)
        {
            connection.Timers.LingerAt = stack.Now + stack.State.Settings.FinWait;
            TcpTimers.Update(stack, index);
        }
    }

    private static bool TryFind(in NetStack stack, SocketHandle socket, out int index)
    {
        index = socket.Index;
        if (socket.Kind != SocketKind.Connection || index >= stack.Pools.Connections.Length)
        {
            return false;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        return connection.IsUsed
            && !connection.IsOrphan
            && connection.Listener == TcpConnection.None
            && (connection.Generation & SocketHandle.GenerationMask) == socket.Generation;
    }

    private static bool IsReceiving(in TcpConnection connection) =>
        connection.State is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2;

    // Why a connection that is not open does not do what was asked.
    private static SocketResult Reason(in TcpConnection connection) => connection.Error switch
    {
        ConnectionError.Refused => SocketResult.Refused,
        ConnectionError.Reset or ConnectionError.DataAfterClose => SocketResult.Reset,
        ConnectionError.TimedOut => SocketResult.TimedOut,
        ConnectionError.Unreachable => SocketResult.Unreachable,
        _ => connection.State is TcpState.SynSent or TcpState.SynReceived ? SocketResult.NotConnected : SocketResult.Closed,
    };
}
