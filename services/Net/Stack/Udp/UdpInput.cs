using System;

namespace Atoll.Services.Net.Stack;

/// <summary>What happens to a UDP datagram.</summary>
internal static class UdpInput
{
    public static FrameOutcome Receive(in NetStack stack, in Arrival arrival, ReadOnlySpan<byte> datagram)
    {
        FrameOutcome wrong = UdpHeader.Check(datagram, arrival.Header, out int length);
        if (wrong != FrameOutcome.None)
        {
            return wrong;
        }

        var source = new Endpoint { Address = arrival.Header.Source, Port = BigEndian.ReadUInt16(datagram, 0) };
        ushort port = BigEndian.ReadUInt16(datagram, 2);
        ReadOnlySpan<byte> payload = datagram.Slice(UdpHeader.Bytes, length - UdpHeader.Bytes);
        if (port == DhcpMessage.ClientPort && stack.State.Dhcp.IsRunning)
        {
            return DhcpInput.Receive(stack, source, payload);
        }

        if (stack.State.Dns.IsAnswer(source, port, stack.State.Settings.NameServer))
        {
            return stack.State.Dns.Receive(stack, port, payload);
        }

        int index = Find(stack, port);
        if (index >= 0)
        {
            return Deliver(stack, index, source, payload);
        }

        IcmpOutput.SendUnreachable(stack, arrival, IcmpOutput.CodePort);
        return FrameOutcome.UdpNoSocket;
    }

    /// <summary>The socket of a port, or -1.</summary>
    public static int Find(in NetStack stack, ushort port)
    {
        for (int index = 0; index < stack.Pools.UdpSockets.Length; index++)
        {
            if (stack.Pools.UdpSockets[index].IsOpen && stack.Pools.UdpSockets[index].Port == port)
            {
                return index;
            }
        }

        return -1;
    }

    private static FrameOutcome Deliver(in NetStack stack, int index, Endpoint source, ReadOnlySpan<byte> payload)
    {
        ref UdpSocket socket = ref stack.Pools.UdpSockets[index];
        Span<byte> ring = UdpBuffers.Received(stack, index);
        if (!socket.Received.Fits(ring.Length, payload.Length))
        {
            return FrameOutcome.UdpBufferFull;
        }

        socket.Received.Append(ring, source, payload);
        EventQueue.Post(stack, SocketKind.Udp, index);
        return FrameOutcome.UdpDelivered;
    }
}

/// <summary>Where the bytes of a UDP socket lie.</summary>
internal static class UdpBuffers
{
    public static Span<byte> Received(in NetStack stack, int index)
    {
        int size = stack.State.Settings.UdpBufferBytes;
        return stack.Pools.UdpBytes.Slice(2 * index * size, size);
    }

    public static Span<byte> ToSend(in NetStack stack, int index)
    {
        int size = stack.State.Settings.UdpBufferBytes;
        return stack.Pools.UdpBytes.Slice(((2 * index) + 1) * size, size);
    }
}
