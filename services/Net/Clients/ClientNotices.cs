using System.Numerics;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using StackSockets = Atoll.Services.Net.Stack.TcpSockets;

namespace Atoll.Services.Net;

/// <summary>What programs are told: who has called, what has come, how much can be sent.</summary>
/// <remarks>
/// Received bytes of a connection stay in the stack until the program has read them, so that the window is what the program has room for, and a program that does
/// not read holds no place for the sockets of others. Datagrams leave it when they are told.
/// </remarks>
internal static class ClientNotices
{
    private const int RoomParts = 4;

    // So many places may be read untold: half of those that the program has.
    private const uint TakenUntold = SocketArea.Places / 2;

    /// <summary>Tells a program all that there is to tell and room for.</summary>
    /// <param name="client">The program.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="number">Its number.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="sockets">Whose sockets are.</param>
    /// <param name="hasRead">Datagrams have left the stack.</param>
    internal static void TellAll(ref ClientEntry client, ref RingChannel channel, byte number, in NetStack stack, ref SocketTable sockets, ref bool hasRead)
    {
        AnswerQuestion(ref client, ref channel, stack);
        while (!client.HasLate && SocketTable.TryTakeMarked(ref sockets, number, ref client.NextEvent, out SocketHandle socket))
        {
            bool isTold = socket.Kind switch
            {
                SocketKind.Listener => TellCallers(ref client, ref channel, number, stack, ref sockets, socket),
                SocketKind.Udp => TellDatagrams(ref client, ref channel, stack, socket, ref hasRead),
                _ => TellConnection(ref client, ref channel, stack, ref sockets, socket),
            };
            if (!isTold)
            {
                SocketTable.Remark(ref sockets, socket);
                break;
            }
        }

        if (client.Taken - client.TakenTold >= TakenUntold && !client.HasLate)
        {
            RingMessage message = SocketMessage.Of(SocketNotice.Taken, 0);
            Send(ref client, ref channel, ref message);
        }

        channel.EndTurn(rings: false);
    }

    /// <summary>Tells what found no room before.</summary>
    internal static void SendLate(ref ClientEntry client, ref RingChannel channel)
    {
        if (client.HasLate)
        {
            client.HasLate = false;
            RingMessage message = client.Late;
            Send(ref client, ref channel, ref message);
        }
    }

    /// <summary>Tells something. What finds no room waits, as the only one.</summary>
    internal static void Send(ref ClientEntry client, ref RingChannel channel, ref RingMessage message)
    {
        message.Payload.Word6 = client.Taken;
        client.TakenTold = client.Taken;
        if (channel.TrySend(in message) == ChannelResult.WouldBlock)
        {
            client.Late = message;
            client.HasLate = true;
        }
    }

    /// <summary>A socket as its program calls it.</summary>
    internal static ulong NameOf(SocketHandle socket) => SocketMessage.Pair(socket.Value, SocketTable.PlaceOf(socket));

    private static bool TellCallers(ref ClientEntry client, ref RingChannel channel, byte number, in NetStack stack, ref SocketTable sockets, SocketHandle listener)
    {
        while (!client.HasLate)
        {
            if (client.Sockets == ClientTable.SocketsMax)
            {
                // One that is given up makes room, and marks the listeners.
                return true;
            }

            if (Listeners.Accept(stack, listener, out SocketHandle accepted) != SocketResult.Done)
            {
                return true;
            }

            Endpoint peer = StackSockets.PeerOf(stack, accepted);
            int room = StackSockets.RoomToSend(stack, accepted);
            SocketTable.Add(ref sockets, accepted, number);
            SocketTable.At(ref sockets, accepted).Room = room;
            client.Sockets++;
            RingMessage message = SocketMessage.Of(
                SocketNotice.Accepted, NameOf(accepted), NameOf(listener), SocketMessage.Pair(peer.Address.Value, peer.Port), (uint)room);
            Send(ref client, ref channel, ref message);
        }

        return false;
    }

    private static bool TellDatagrams(ref ClientEntry client, ref RingChannel channel, in NetStack stack, SocketHandle socket, ref bool hasRead)
    {
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done && !client.HasLate && TryFree(in client, out uint place))
        {
            result = UdpSockets.ReceiveBatch(stack, socket, SocketArea.Received(client.Area, place), out int length);
            if (result == SocketResult.Done)
            {
                hasRead = true;
                Give(ref client, ref channel, socket, place, length, 0);
            }
        }

        return result != SocketResult.Done;
    }

    private static bool TellConnection(ref ClientEntry client, ref RingChannel channel, in NetStack stack, ref SocketTable sockets, SocketHandle socket)
    {
        ref SocketEntry entry = ref SocketTable.At(ref sockets, socket);
        SocketResult result = entry.IsPaused || entry.IsEndTold ? SocketResult.WouldBlock : SocketResult.Done;
        while (result == SocketResult.Done && !client.HasLate && TryFree(in client, out uint place))
        {
            result = StackSockets.Peek(stack, socket, entry.Given, SocketArea.Received(client.Area, place), out int length);
            if (result == SocketResult.Done)
            {
                Give(ref client, ref channel, socket, place, length, entry.Position + (uint)entry.Given);
                entry.Given += length;
            }
        }

        TellRoom(ref client, ref channel, stack, ref entry, socket);
        if (result is SocketResult.Done or SocketResult.WouldBlock or SocketResult.NotConnected || client.HasLate)
        {
            return result != SocketResult.Done && !client.HasLate;
        }

        entry.IsEndTold = true;
        RingMessage message = SocketMessage.Of(SocketNotice.Ended, NameOf(socket), (uint)result, entry.Position + (uint)entry.Given);
        Send(ref client, ref channel, ref message);
        return true;
    }

    // Seldom: what an acknowledgment frees is told when the program may soon be short of it, and as much as is worth a message.
    private static void TellRoom(ref ClientEntry client, ref RingChannel channel, in NetStack stack, ref SocketEntry entry, SocketHandle socket)
    {
        int more = StackSockets.RoomToSend(stack, socket) - entry.Room;
        bool isShort = entry.Room < NetSize.TcpBufferBytes / 2;
        if (isShort && more >= NetSize.TcpBufferBytes / RoomParts && !client.HasLate)
        {
            entry.Room += more;
            RingMessage message = SocketMessage.Of(SocketNotice.Room, NameOf(socket), (uint)more);
            Send(ref client, ref channel, ref message);
        }
    }

    private static void Give(ref ClientEntry client, ref RingChannel channel, SocketHandle socket, uint place, int length, uint position)
    {
        client.GivenMask |= 1u << (int)place;
        client.Given[(int)place] = new GivenPlace { Handle = socket.Value, Length = (ushort)length };
        RingMessage message = SocketMessage.Of(SocketNotice.Data, NameOf(socket), SocketMessage.Pair(place, (uint)length), position);
        Send(ref client, ref channel, ref message);
    }

    private static void AnswerQuestion(ref ClientEntry client, ref RingChannel channel, in NetStack stack)
    {
        if (!client.Asks || client.HasLate)
        {
            return;
        }

        NameResult found = NameResolver.Poll(stack, client.Question, out Ipv4Address address, out _);
        if (found != NameResult.Waiting)
        {
            client.Asks = false;
            NameResolver.Release(stack, client.Question);
            RingMessage message = SocketMessage.Of(
                SocketNotice.Answer, 0, SocketMessage.Pair(client.Asked, (uint)SocketAnswers.Of(found)), address.Value);
            Send(ref client, ref channel, ref message);
        }
    }

    private static bool TryFree(ref readonly ClientEntry client, out uint place)
    {
        place = (uint)BitOperations.TrailingZeroCount(~client.GivenMask);
        return place < SocketArea.Places;
    }
}
