using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using StackSockets = Atoll.Services.Net.Stack.TcpSockets;

namespace Atoll.Services.Net;

/// <summary>What programs ask. Each number, place and length of theirs is an allegation: it is compared with what the stack knows before anything is done.</summary>
internal static class ClientRequests
{
    // All that the ring can hold, and once more: one that goes on and on has its next turn after the others.
    private const int Budget = 64;

    // Longer than any name that there can be (RFC 1035, "Size limits").
    private const int NameBytesMax = 256;

    /// <summary>Does what a program asks, at most a budget.</summary>
    /// <returns>Done: it has asked nothing more, or has to read first. WouldBlock: the budget is spent. PeerDied.</returns>
    internal static ChannelResult Serve(ref ClientEntry client, ref RingChannel channel, byte number, in NetStack stack, ref SocketTable sockets)
    {
        // Who does not read what it is told is not served meanwhile: no answer is lost.
        for (int served = 0; served < Budget && !client.HasLate; served++)
        {
            ChannelResult result = channel.TryReceive(out RingMessage message);
            if (result != ChannelResult.Done)
            {
                return result == ChannelResult.WouldBlock ? ChannelResult.Done : result;
            }

            Do(ref client, ref channel, number, stack, ref sockets, in message);
        }

        return client.HasLate ? ChannelResult.Done : ChannelResult.WouldBlock;
    }

    /// <summary>Nobody wants to know any more.</summary>
    internal static void CancelQuestion(ref ClientEntry client, in NetStack stack)
    {
        if (client.Asks)
        {
            client.Asks = false;
            NameResolver.Release(stack, client.Question);
        }
    }

    private static void Do(ref ClientEntry client, ref RingChannel channel, byte number, in NetStack stack, ref SocketTable sockets, ref readonly RingMessage message)
    {
        SocketRequest request = (SocketRequest)message.Meta;
        if (request is SocketRequest.Listen or SocketRequest.Connect or SocketRequest.Open)
        {
            Open(ref client, ref channel, number, stack, ref sockets, in message);
            return;
        }

        SocketAnswer answer = request switch
        {
            SocketRequest.Read => Read(ref client, number, stack, ref sockets, message.Payload.Word0, message.Payload.Word1),
            SocketRequest.Resolve => Resolve(ref client, ref channel, stack, in message),
            _ => DoWithSocket(ref client, number, stack, ref sockets, in message),
        };
        if (answer != SocketAnswer.Done)
        {
            Refuse(ref client, ref channel, in message, answer);
        }
    }

    private static SocketAnswer DoWithSocket(
        ref ClientEntry client, byte number, in NetStack stack, ref SocketTable sockets, ref readonly RingMessage message)
    {
        SocketHandle socket = new(SocketMessage.Low(message.Payload.Word0));
        SocketRequest request = (SocketRequest)message.Meta;
        bool isOwn = SocketTable.IsOf(in sockets, socket, number);
        if (request == SocketRequest.Send)
        {
            return Send(ref client, stack, ref sockets, socket, isOwn, message.Payload.Word1);
        }

        if (!isOwn)
        {
            return SocketAnswer.BadSocket;
        }

        switch (request)
        {
            case SocketRequest.Resume:
                Resume(ref sockets, socket);
                return SocketAnswer.Done;
            case SocketRequest.Shutdown:
                return SocketAnswers.Of(StackSockets.ShutdownSend(stack, socket));
            case SocketRequest.Close:
                Forget(ref client, number, ref sockets, socket);
                return SocketAnswers.Close(stack, socket);
            case SocketRequest.Abort when socket.Kind == SocketKind.Connection:
                Forget(ref client, number, ref sockets, socket);
                return SocketAnswers.Of(StackSockets.Abort(stack, socket));
            default:
                return SocketAnswer.BadArgument;
        }
    }

    private static void Open(ref ClientEntry client, ref RingChannel channel, byte number, in NetStack stack, ref SocketTable sockets, ref readonly RingMessage message)
    {
        ulong what = message.Payload.Word1;
        SocketHandle socket = default;
        SocketAnswer answer = client.Sockets >= ClientTable.SocketsMax ? SocketAnswer.QuotaSpent : SocketAnswers.Of((SocketRequest)message.Meta switch
        {
            SocketRequest.Listen => Listeners.Listen(stack, (ushort)what, (ushort)SocketMessage.High(what), out socket),
            SocketRequest.Open => UdpSockets.Open(stack, (ushort)what, out socket),
            _ => StackSockets.Connect(stack, new Ipv4Address(SocketMessage.Low(what)), (ushort)SocketMessage.High(what), out socket),
        });
        if (answer == SocketAnswer.Done && (SocketRequest)message.Meta != SocketRequest.Connect && (ushort)what != 0)
        {
            SocketTable.Serve(ref sockets);
        }

        if (answer == SocketAnswer.Done)
        {
            SocketTable.Add(ref sockets, socket, number);
            client.Sockets++;
        }

        RingMessage told = SocketMessage.Of(
            SocketNotice.Answer,
            answer == SocketAnswer.Done ? ClientNotices.NameOf(socket) : 0,
            SocketMessage.Pair(SocketMessage.Low(message.Payload.Word0), (uint)answer));
        ClientNotices.Send(ref client, ref channel, ref told);
    }

    private static SocketAnswer Resolve(ref ClientEntry client, ref RingChannel channel, in NetStack stack, ref readonly RingMessage message)
    {
        SocketAnswer answer = TryTake(ref client, message.Payload.Word1, out ReadOnlySpan<byte> name);
        if (answer != SocketAnswer.Done)
        {
            return answer;
        }

        CancelQuestion(ref client, stack);
        client.Asked = SocketMessage.Low(message.Payload.Word0);

        // A copy: the program can write there while the name is read.
        NameBytes bytes = default;
        int length = name.Length < NameBytesMax ? name.Length : NameBytesMax;
        name.Slice(0, length).CopyTo(bytes);
        NameResult asked = NameResolver.Ask(stack, ((ReadOnlySpan<byte>)bytes).Slice(0, length), out client.Question);
        client.Asks = asked == NameResult.Waiting;
        if (!client.Asks)
        {
            RingMessage told = SocketMessage.Of(SocketNotice.Answer, 0, SocketMessage.Pair(client.Asked, (uint)SocketAnswers.Of(asked)));
            ClientNotices.Send(ref client, ref channel, ref told);
        }

        return SocketAnswer.Done;
    }

    // A place is given back whatever becomes of its bytes; so it is counted first.
    private static SocketAnswer Send(
        ref ClientEntry client, in NetStack stack, ref SocketTable sockets, SocketHandle socket, bool isOwn, ulong where)
    {
        SocketAnswer answer = TryTake(ref client, where, out ReadOnlySpan<byte> bytes);
        if (answer != SocketAnswer.Done || !isOwn)
        {
            return answer == SocketAnswer.Done ? SocketAnswer.BadSocket : answer;
        }

        if (socket.Kind == SocketKind.Udp)
        {
            // What finds no room is lost, as datagrams are.
            answer = SocketAnswers.Of(UdpSockets.SendBatch(stack, socket, bytes, out _));
            return answer == SocketAnswer.WouldBlock ? SocketAnswer.Done : answer;
        }

        ref SocketEntry entry = ref SocketTable.At(ref sockets, socket);
        if (bytes.Length > entry.Room)
        {
            return SocketAnswer.BadArgument;
        }

        entry.Room -= bytes.Length;
        answer = SocketAnswers.Of(StackSockets.Send(stack, socket, bytes, out _));

        // Of a connection that has ended the program hears by the notice of its end.
        return answer is SocketAnswer.BadSocket or SocketAnswer.BadArgument ? answer : SocketAnswer.Done;
    }

    private static SocketAnswer Read(
        ref ClientEntry client, byte number, in NetStack stack, ref SocketTable sockets, ulong place, ulong consumed)
    {
        if (place >= SocketArea.Places || (client.GivenMask & (1u << (int)place)) == 0)
        {
            return SocketAnswer.BadArgument;
        }

        GivenPlace given = client.Given[(int)place];
        client.GivenMask &= ~(1u << (int)place);
        SocketHandle socket = new(given.Handle);
        if (socket.Kind != SocketKind.Connection || !SocketTable.IsOf(in sockets, socket, number))
        {
            // Datagrams that found no place have left their socket marked.
            return SocketAnswer.Done;
        }

        // One that found no place is marked already; that of the place itself may have more.
        SocketTable.Remark(ref sockets, socket);
        ref SocketEntry entry = ref SocketTable.At(ref sockets, socket);
        int read = consumed < given.Length ? (int)consumed : given.Length;
        entry.Given -= given.Length;
        entry.Position += (uint)read;
        if (read < given.Length)
        {
            entry.IsPaused = true;
            entry.IsEndTold = false;
        }

        SocketAnswer answer = SocketAnswers.Of(StackSockets.Consume(stack, socket, read));
        return consumed > given.Length ? SocketAnswer.BadArgument : answer;
    }

    private static void Resume(ref SocketTable sockets, SocketHandle socket)
    {
        ref SocketEntry entry = ref SocketTable.At(ref sockets, socket);

        // Not before all places are back: the stream goes on behind what was read.
        entry.IsPaused &= entry.Given != 0;
        SocketTable.Remark(ref sockets, socket);
    }

    private static void Forget(ref ClientEntry client, byte number, ref SocketTable sockets, SocketHandle socket)
    {
        SocketTable.Remove(ref sockets, socket);
        if (client.Sockets-- == ClientTable.SocketsMax)
        {
            SocketTable.MarkListeners(ref sockets, number);
        }
    }

    // The places are used in turn, so the program need not say which: it is told how many were read.
    private static SocketAnswer TryTake(ref ClientEntry client, ulong where, out ReadOnlySpan<byte> bytes)
    {
        uint length = SocketMessage.High(where);
        bool isRight = SocketMessage.Low(where) == client.Taken % SocketArea.Places && length <= SocketArea.PlaceBytes;
        bytes = isRight ? SocketArea.ToSend(client.Area, client.Taken).Slice(0, (int)length) : default;
        client.Taken++;
        return isRight ? SocketAnswer.Done : SocketAnswer.BadArgument;
    }

    private static void Refuse(ref ClientEntry client, ref RingChannel channel, ref readonly RingMessage message, SocketAnswer answer)
    {
        client.Refused++;
        RingMessage told = SocketMessage.Of(SocketNotice.Refused, message.Payload.Word0, SocketMessage.Pair(message.Meta, (uint)answer));
        ClientNotices.Send(ref client, ref channel, ref told);
    }

    [InlineArray(NameBytesMax)]
    private struct NameBytes
    {
        private byte _byte0;
    }
}
