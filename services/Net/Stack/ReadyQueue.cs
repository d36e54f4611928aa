using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Who has something to send: connections and UDP sockets take turns, one frame each.</summary>
internal static class ReadyQueue
{
    private const uint UdpBit = 1u << 16;

    public static void AddConnection(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (!connection.IsReady)
        {
            connection.IsReady = true;
            stack.State.Ready.Enqueue(stack.Pools.ReadyQueue, (uint)index);
        }
    }

    public static void AddUdp(in NetStack stack, int index)
    {
        ref UdpSocket socket = ref stack.Pools.UdpSockets[index];
        if (!socket.IsReady)
        {
            socket.IsReady = true;
            stack.State.Ready.Enqueue(stack.Pools.ReadyQueue, UdpBit | (uint)index);
        }
    }

    /// <summary>Writes the frame of the first that has one. Who had one goes to the end of the queue.</summary>
    /// <returns>Its length, or 0.</returns>
    public static int Emit(in NetStack stack, Span<byte> frame)
    {
        while (stack.State.Ready.TryDequeue(stack.Pools.ReadyQueue, out uint who))
        {
            int index = (int)(who & (UdpBit - 1));
            int length = (who & UdpBit) != 0 ? EmitUdp(stack, index, frame) : EmitConnection(stack, index, frame);
            if (length != 0)
            {
                return length;
            }
        }

        return 0;
    }

    /// <summary>A station has become known: whoever waited tries again.</summary>
    public static void WakeWaiting(in NetStack stack)
    {
        for (int index = 0; index < stack.Pools.Connections.Length; index++)
        {
            if (stack.Pools.Connections[index].WaitsForNeighbor)
            {
                stack.Pools.Connections[index].WaitsForNeighbor = false;
                AddConnection(stack, index);
            }
        }

        for (int index = 0; index < stack.Pools.UdpSockets.Length; index++)
        {
            if (stack.Pools.UdpSockets[index].WaitsForNeighbor)
            {
                stack.Pools.UdpSockets[index].WaitsForNeighbor = false;
                AddUdp(stack, index);
            }
        }
    }

    /// <summary>
    /// A station does not answer: connections that just begin fail, datagrams are dropped, others keep trying by their
    /// timers.
    /// </summary>
    public static void FailWaiting(in NetStack stack, Ipv4Address silent)
    {
        for (int index = 0; index < stack.Pools.Connections.Length; index++)
        {
            ref TcpConnection connection = ref stack.Pools.Connections[index];
            if (connection.WaitsForNeighbor
                && connection.State == TcpState.SynSent
                && Ipv4Route.NextHop(stack.State.Settings, connection.Flow.Remote).Is(silent))
            {
                TcpClose.End(stack, index, ConnectionError.Unreachable);
            }
        }

        for (int index = 0; index < stack.Pools.UdpSockets.Length; index++)
        {
            if (stack.Pools.UdpSockets[index].WaitsForNeighbor)
            {
                UdpOutput.DropUnreachable(stack, index, silent);
                stack.Pools.UdpSockets[index].WaitsForNeighbor = false;
                AddUdp(stack, index);
            }
        }
    }

    private static int EmitConnection(in NetStack stack, int index, Span<byte> frame)
    {
        stack.Pools.Connections[index].IsReady = false;
        int length = TcpOutput.Emit(stack, index, frame);
        if (length != 0)
        {
            AddConnection(stack, index);
        }

        return length;
    }

    private static int EmitUdp(in NetStack stack, int index, Span<byte> frame)
    {
        ref UdpSocket socket = ref stack.Pools.UdpSockets[index];
        socket.IsReady = false;
        int length = UdpOutput.Emit(stack, index, frame);
        if (length != 0 && !socket.ToSend.IsEmpty)
        {
            AddUdp(stack, index);
        }

        return length;
    }
}
