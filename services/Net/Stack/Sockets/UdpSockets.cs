using System;

namespace Atoll.Services.Net.Stack;

/// <summary>What applications do with datagrams. Nothing waits.</summary>
public static class UdpSockets
{
    /// <summary>Opens a port for datagrams.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="port">The port; 0: any that is free.</param>
    /// <param name="socket">The socket.</param>
    /// <returns>Done, PortInUse, NoPort or PoolEmpty.</returns>
    public static SocketResult Open(in NetStack stack, ushort port, out SocketHandle socket)
    {
        socket = default;
        for (int attempt = 0; port == 0 && attempt < 64; attempt++)
        {
            ushort drawn = EphemeralPort.Draw(stack);
            port = UdpInput.Find(stack, drawn) < 0 ? drawn : (ushort)0;
        }

        if (port == 0)
        {
            return SocketResult.NoPort;
        }

        if (UdpInput.Find(stack, port) >= 0)
        {
            return SocketResult.PortInUse;
        }

        for (int index = 0; index < stack.Pools.UdpSockets.Length; index++)
        {
            ref UdpSocket place = ref stack.Pools.UdpSockets[index];
            if (!place.IsOpen)
            {
                place.IsOpen = true;
                place.Port = port;
                place.Received = default;
                place.ToSend = default;
                socket = SocketHandle.Of(SocketKind.Udp, index, place.Generation);
                return SocketResult.Done;
            }
        }

        return SocketResult.PoolEmpty;
    }

    /// <summary>Queues a datagram.</summary>
    /// <returns>Done, WouldBlock, BadHandle, BadArgument, NoRoute or TooLarge.</returns>
    public static SocketResult Send(in NetStack stack, SocketHandle socket, Endpoint to, ReadOnlySpan<byte> payload)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        bool isBroadcast = to.Address.IsLimitedBroadcast;
        if (to.Port == 0 || (!to.Address.IsUnicast && !isBroadcast))
        {
            return SocketResult.BadArgument;
        }

        if (payload.Length > stack.State.Settings.Mtu - Ipv4Header.Bytes - UdpHeader.Bytes)
        {
            return SocketResult.TooLarge;
        }

        if (stack.State.Settings.Address.IsNone || (!isBroadcast && !Ipv4Route.IsRoutable(stack.State.Settings, to.Address)))
        {
            return SocketResult.NoRoute;
        }

        ref UdpSocket open = ref stack.Pools.UdpSockets[index];
        Span<byte> ring = UdpBuffers.ToSend(stack, index);
        if (!open.ToSend.Fits(ring.Length, payload.Length))
        {
            return SocketResult.WouldBlock;
        }

        open.ToSend.Append(ring, to, payload);
        ReadyQueue.AddUdp(stack, index);
        return SocketResult.Done;
    }

    /// <summary>Takes the oldest datagram. What does not fit into <paramref name="payload"/> is lost, and the length says so.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="payload">Where to.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="length">Its length, which may be more than was copied.</param>
    /// <returns>Done, WouldBlock or BadHandle.</returns>
    public static SocketResult Receive(in NetStack stack, SocketHandle socket, Span<byte> payload, out Endpoint from, out int length)
    {
        from = default;
        length = 0;
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref UdpSocket open = ref stack.Pools.UdpSockets[index];
        if (open.Received.IsEmpty)
        {
            return SocketResult.WouldBlock;
        }

        Span<byte> ring = UdpBuffers.Received(stack, index);
        open.Received.Peek(ring, out from, out length);
        open.Received.Take(ring, length, payload.Slice(0, Arithmetic.Min(length, payload.Length)));
        return SocketResult.Done;
    }

    /// <summary>Queues datagrams that lie one behind the other, each with its header (<see cref="DatagramRing"/>).</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="batch">The datagrams. Somebody else may write there meanwhile: each header is read once.</param>
    /// <param name="taken">Bytes of those that were queued.</param>
    /// <returns>Done: at least one. Else as <see cref="Send"/> of the first; BadArgument: it is longer than the batch.</returns>
    public static SocketResult SendBatch(in NetStack stack, SocketHandle socket, ReadOnlySpan<byte> batch, out int taken)
    {
        taken = 0;
        SocketResult result = SocketResult.BadArgument;
        while (batch.Length - taken >= DatagramRing.HeaderBytes)
        {
            DatagramRing.ReadHeader(batch.Slice(taken, DatagramRing.HeaderBytes), out Endpoint to, out int length);
            int next = taken + DatagramRing.HeaderBytes + length;
            result = next <= batch.Length ? Send(stack, socket, to, batch.Slice(next - length, length)) : SocketResult.BadArgument;
            if (result != SocketResult.Done)
            {
                break;
            }

            taken = next;
        }

        return taken != 0 ? SocketResult.Done : result;
    }

    /// <summary>Takes the oldest datagrams, each with its header, as many as fit.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="batch">Where to.</param>
    /// <param name="received">Bytes that they have.</param>
    /// <returns>Done: at least one. WouldBlock; BadHandle; TooLarge: the first does not fit, and is still there.</returns>
    public static SocketResult ReceiveBatch(in NetStack stack, SocketHandle socket, Span<byte> batch, out int received)
    {
        received = 0;
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        ref UdpSocket open = ref stack.Pools.UdpSockets[index];
        SocketResult result = SocketResult.WouldBlock;
        while (!open.Received.IsEmpty)
        {
            Span<byte> ring = UdpBuffers.Received(stack, index);
            int length = open.Received.PeekWhole(ring);
            if (length > batch.Length - received)
            {
                result = SocketResult.TooLarge;
                break;
            }

            open.Received.TakeWhole(ring, batch.Slice(received, length));
            received += length;
        }

        return received != 0 ? SocketResult.Done : result;
    }

    /// <summary>Gives the socket up, with all datagrams in it.</summary>
    /// <returns>Done or BadHandle.</returns>
    public static SocketResult Close(in NetStack stack, SocketHandle socket)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return SocketResult.BadHandle;
        }

        stack.Pools.UdpSockets[index].IsOpen = false;
        stack.Pools.UdpSockets[index].WaitsForNeighbor = false;
        stack.Pools.UdpSockets[index].Generation++;
        return SocketResult.Done;
    }

    /// <summary>What a socket can do now; nothing for a handle that names none.</summary>
    public static Readiness Poll(in NetStack stack, SocketHandle socket)
    {
        if (!TryFind(stack, socket, out int index))
        {
            return Readiness.None;
        }

        ref UdpSocket open = ref stack.Pools.UdpSockets[index];
        return (open.Received.IsEmpty ? Readiness.None : Readiness.Readable)
            | (open.ToSend.Fits(stack.State.Settings.UdpBufferBytes, StackLimits.UdpPayloadBytes) ? Readiness.Writable : Readiness.None);
    }

    private static bool TryFind(in NetStack stack, SocketHandle socket, out int index)
    {
        index = socket.Index;
        return socket.Kind == SocketKind.Udp
            && index < stack.Pools.UdpSockets.Length
            && stack.Pools.UdpSockets[index].IsOpen
            && (stack.Pools.UdpSockets[index].Generation & SocketHandle.GenerationMask) == socket.Generation;
    }
}
