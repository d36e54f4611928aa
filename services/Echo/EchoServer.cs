using System;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Echo;

/// <summary>Sends back what comes: by connections and by datagrams, on the port that is meant for it (RFC 862).</summary>
[NonCopyable]
internal struct EchoServer : ISocketServer
{
    private const ushort EchoPort = 7;
    private const ushort Backlog = 16;
    private const int DatagramBytes = 8 * 1024;

    private readonly MemoryRegion _store;
    private Socket _listener;
    private Socket _datagrams;
    private Conversations _open;

    internal EchoServer(MemoryRegion store)
    {
        _store = store;
        _listener = default;
        _datagrams = default;
        _open = default;
    }

    /// <inheritdoc/>
    public readonly ulong Patience => ulong.MaxValue;

    /// <inheritdoc/>
    public SocketResult Begin(ref SocketLibrary sockets)
    {
        _open = default;
        SocketResult result = sockets.Listen(EchoPort, Backlog, out _listener);
        return result == SocketResult.Done ? sockets.OpenDatagrams(EchoPort, out _datagrams) : result;
    }

    /// <inheritdoc/>
    public readonly void GoOn(ref SocketLibrary sockets)
    {
        // Nothing is left over: what a peer does not take waits for its event.
    }

    /// <inheritdoc/>
    public void Serve(ref SocketLibrary sockets, Socket socket)
    {
        if (socket.Is(_datagrams))
        {
            EchoDatagrams(ref sockets);
            return;
        }

        if (socket.Is(_listener))
        {
            AcceptAll(ref sockets);
            return;
        }

        int index = Conversations.Find(in _open, socket);
        if (index < Conversations.Most)
        {
            Echo(ref sockets, index);
        }
    }

    private void AcceptAll(ref SocketLibrary sockets)
    {
        while (sockets.Accept(_listener, out Socket connection, out _) == SocketResult.Done)
        {
            int index = Conversations.Open(ref _open, connection);
            if (index == Conversations.Most)
            {
                _ = sockets.Abort(connection);
            }
            else
            {
                Echo(ref sockets, index);
            }
        }
    }

    // Sends what is left, then reads more: until there is no more, or the peer does not read.
    private void Echo(ref SocketLibrary sockets, int index)
    {
        ref Conversation conversation = ref Conversations.At(ref _open, index);
        Span<byte> buffer = Conversations.Buffer(_store, index);
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done)
        {
            result = Drain(ref sockets, ref conversation, buffer);
            if (result == SocketResult.Done && conversation.IsEnding)
            {
                Close(ref sockets, ref conversation);
                return;
            }

            result = result == SocketResult.Done ? Fill(ref sockets, ref conversation, buffer) : result;
        }

        if (result != SocketResult.WouldBlock)
        {
            Close(ref sockets, ref conversation);
        }
    }

    private static SocketResult Drain(ref SocketLibrary sockets, ref Conversation conversation, Span<byte> buffer)
    {
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done && conversation.From < conversation.To)
        {
            int left = conversation.To - conversation.From;
            result = sockets.Send(conversation.Socket, buffer.Slice(conversation.From, left), out int sent);
            conversation.From += result == SocketResult.Done ? sent : 0;
        }

        return result;
    }

    private static SocketResult Fill(ref SocketLibrary sockets, ref Conversation conversation, Span<byte> buffer)
    {
        conversation.From = 0;
        conversation.To = 0;
        SocketResult result = sockets.Receive(conversation.Socket, buffer, out int received);
        if (result == SocketResult.Done)
        {
            conversation.To = received;
        }

        conversation.IsEnding = result == SocketResult.EndOfStream;
        return conversation.IsEnding ? SocketResult.Done : result;
    }

    private static void Close(ref SocketLibrary sockets, ref Conversation conversation)
    {
        _ = sockets.Close(conversation.Socket);
        conversation = default;
    }

    // As they came, all at once: who sent one is whom it goes to. What the network does not take is lost, as datagrams are.
    private readonly void EchoDatagrams(ref SocketLibrary sockets)
    {
        Span<byte> batch = _store.Bytes.Slice(_store.Length - DatagramBytes, DatagramBytes);
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done)
        {
            result = sockets.ReceiveBatch(_datagrams, batch, out int received);
            result = result == SocketResult.Done ? sockets.SendBatch(_datagrams, batch.Slice(0, received), out _) : result;
        }
    }
}
