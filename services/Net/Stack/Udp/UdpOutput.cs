using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Makes the frame of a socket's oldest datagram.</summary>
internal static class UdpOutput
{
    /// <summary>Writes one frame.</summary>
    /// <returns>Its length; 0 if there is none, or its station is not known yet.</returns>
    public static int Emit(in NetStack stack, int index, Span<byte> frame)
    {
        ref UdpSocket socket = ref stack.Pools.UdpSockets[index];
        if (!socket.IsOpen || socket.ToSend.IsEmpty)
        {
            return 0;
        }

        Span<byte> ring = UdpBuffers.ToSend(stack, index);
        socket.ToSend.Peek(ring, out Endpoint peer, out int length);
        if (!Ipv4Route.TryFind(stack, peer.Address, out Ipv4Route route))
        {
            socket.WaitsForNeighbor = true;
            return 0;
        }

        bool wasFull = !socket.ToSend.Fits(ring.Length, StackLimits.UdpPayloadBytes);
        Span<byte> datagram = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, UdpHeader.Bytes + length);
        socket.ToSend.Take(ring, length, datagram.Slice(UdpHeader.Bytes, length));
        UdpHeader.Write(datagram, route, socket.Port, peer.Port);
        if (wasFull)
        {
            EventQueue.Post(stack, SocketKind.Udp, index);
        }

        return stack.WriteHeaders(frame, route, Ipv4Header.ProtocolUdp, datagram.Length, mayFragment: true);
    }

    /// <summary>Drops the datagrams in front that go to a station which does not answer.</summary>
    public static void DropUnreachable(in NetStack stack, int index, Ipv4Address silent)
    {
        ref UdpSocket socket = ref stack.Pools.UdpSockets[index];
        Span<byte> ring = UdpBuffers.ToSend(stack, index);
        while (!socket.ToSend.IsEmpty)
        {
            socket.ToSend.Peek(ring, out Endpoint peer, out int length);
            if (!Ipv4Route.NextHop(stack.State.Settings, peer.Address).Is(silent))
            {
                return;
            }

            socket.ToSend.Take(ring, length, default);
            stack.State.Counters.Count(StackEvent.UdpUnreachable);
        }
    }
}
