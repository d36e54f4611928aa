using System;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;
using Atoll.Services.Protocols;

namespace Atoll.Services.Echo;

/// <summary>Sends back what comes: by connections and by datagrams, on the port that is meant for it (RFC 862).</summary>
[NonCopyable]
internal struct EchoServer
{
    private const ushort EchoPort = 7;
    private const ushort Backlog = 16;
    private const int DatagramBytes = 8 * 1024;

    private readonly SocketLibrary _sockets;
    private readonly MemoryRegion _store;
    private Socket _listener;
    private Socket _datagrams;
    private Conversations _open;

    internal EchoServer(in SocketLibrary sockets, MemoryRegion store)
    {
        _sockets = sockets;
        _store = store;
        _listener = default;
        _datagrams = default;
        _open = default;
    }

    /// <summary>Opens both ports.</summary>
    internal SocketResult Begin()
    {
        SocketResult result = _sockets.Listen(EchoPort, Backlog, out _listener);
        return result == SocketResult.Done ? _sockets.OpenDatagrams(EchoPort, out _datagrams) : result;
    }

    /// <summary>Serves until the stack is gone.</summary>
    internal SocketResult Run()
    {
        SocketResult result;
        do
        {
            result = _sockets.Wait(ulong.MaxValue, out Socket socket, out _);
            result = result == SocketResult.Done ? Serve(socket) : result;
        }
        while (result is SocketResult.Done or SocketResult.WouldBlock);

        return result;
    }

    private SocketResult Serve(Socket socket)
    {
        if (socket.Is(_datagrams))
        {
            return EchoDatagrams();
        }

        if (socket.Is(_listener))
        {
            AcceptAll();
            return SocketResult.Done;
        }

        int index = Conversations.Find(in _open, socket);
        if (index < Conversations.Most)
        {
            Echo(index);
        }

        return SocketResult.Done;
    }

    private void AcceptAll()
    {
        while (_sockets.Accept(_listener, out Socket connection, out _) == SocketResult.Done)
        {
            int index = Conversations.Open(ref _open, connection);
            if (index == Conversations.Most)
            {
                _ = _sockets.Abort(connection);
            }
            else
            {
                Echo(index);
            }
        }
    }

    // Sends what is left, then reads more: until there is no more, or the peer does not read.
    private void Echo(int index)
    {
        ref Conversation conversation = ref Conversations.At(ref _open, index);
        Span<byte> buffer = Conversations.Buffer(_store, index);
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done)
        {
            result = Drain(ref conversation, buffer);
            if (result == SocketResult.Done && conversation.IsEnding)
            {
                Close(ref conversation);
                return;
            }

            result = result == SocketResult.Done ? Fill(ref conversation, buffer) : result;
        }

        if (result != SocketResult.WouldBlock)
        {
            Close(ref conversation);
        }
    }

    private readonly SocketResult Drain(ref Conversation conversation, Span<byte> buffer)
    {
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done && conversation.From < conversation.To)
        {
            int left = conversation.To - conversation.From;
            result = _sockets.Send(conversation.Socket, buffer.Slice(conversation.From, left), out int sent);
            conversation.From += result == SocketResult.Done ? sent : 0;
        }

        return result;
    }

    private readonly SocketResult Fill(ref Conversation conversation, Span<byte> buffer)
    {
        conversation.From = 0;
        conversation.To = 0;
        SocketResult result = _sockets.Receive(conversation.Socket, buffer, out int received);
        if (result == SocketResult.Done)
        {
            conversation.To = received;
        }

        conversation.IsEnding = result == SocketResult.EndOfStream;
        return conversation.IsEnding ? SocketResult.Done : result;
    }

    private readonly void Close(ref Conversation conversation)
    {
        _ = _sockets.Close(conversation.Socket);
        conversation = default;
    }

    // As they came, all at once: who sent one is whom it goes to. What the network does not take is lost, as datagrams are.
    private readonly SocketResult EchoDatagrams()
    {
        Span<byte> batch = _store.Bytes.Slice(_store.Length - DatagramBytes, DatagramBytes);
        SocketResult result = _sockets.ReceiveBatch(_datagrams, batch, out int received);
        result = result == SocketResult.Done ? _sockets.SendBatch(_datagrams, batch.Slice(0, received), out _) : result;
        return result is SocketResult.StackDead or SocketResult.NotBegun ? result : SocketResult.Done;
    }
}
