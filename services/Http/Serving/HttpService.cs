using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Http.Engine;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;
using Atoll.Services.Protocols;

namespace Atoll.Services.Http;

/// <summary>Carries bytes between sockets and the engine: one loop, which waits for an event of the stack or for the engine's next time.</summary>
[NonCopyable]
internal struct HttpService : ISocketServer
{
    private const ushort Port = 80;
    private const ushort Backlog = 32;
    private const ulong MicrosecondsPerSecond = 1_000_000;

    // A client that reads as fast as we write would keep everybody else waiting.
    private const int TurnsMax = 8;
    private const int RefusalBytes = 512;

    private readonly MemoryRegion _store;
    private readonly OtherCores _others;
    private readonly uint _clock;
    private readonly ulong _ticks;
    private Socket _listener;
    private WebSite<LiveMachine> _site;

    // Connections that could go on at once, one bit each; and those whose sending half is shut.
    private ulong _unfinished;
    private ulong _shut;

    internal HttpService(MemoryRegion store, in LiveMachine machine, in OtherCores others, uint clock, ulong tscHz)
    {
        ulong ticks = tscHz / MicrosecondsPerSecond;
        _ticks = ticks == 0 ? 1 : ticks;
        _clock = clock;
        _store = store;
        _others = others;
        _site = new WebSite<LiveMachine>(machine);
        _listener = default;
        _unfinished = 0;
        _shut = 0;
    }

    private readonly ulong Now
    {
        get
        {
            ulong ticks = _ticks;
            return ticks == 0 ? 0 : Ipc.Now() / ticks;
        }
    }

    private readonly HttpServer Server => HttpStore.Server(_store, Now);

    /// <inheritdoc/>
    public readonly ulong Patience
    {
        get
        {
            if (_unfinished != 0)
            {
                return 0;
            }

            ulong now = Now;
            ulong next = Server.NextDeadline();
            ulong patience = next == ulong.MaxValue ? next : next > now ? next - now : 0;
            return patience > OtherCores.TurnTime && _others.IsAsking ? OtherCores.TurnTime : patience;
        }
    }

    /// <inheritdoc/>
    public SocketResult Begin(ref SocketLibrary sockets)
    {
        HttpStore.Sockets(_store).Clear();
        _unfinished = 0;
        _shut = 0;
        HttpSettings settings = HttpStore.Settings;
        ulong uptime = Now / MicrosecondsPerSecond;
        ulong date = Date();
        settings.EpochSeconds = date > uptime ? date - uptime : 0;
        if (_store.Length < HttpStore.BytesNeeded || Server.Begin(settings) != HttpSetup.Ready)
        {
            return SocketResult.BadArgument;
        }

        return sockets.Listen(Port, Backlog, out _listener);
    }

    /// <inheritdoc/>
    public void Serve(ref SocketLibrary sockets, Socket socket)
    {
        if (socket.Is(_listener))
        {
            AcceptAll(ref sockets);
            return;
        }

        Span<Socket> open = HttpStore.Sockets(_store);
        for (int index = 0; index < open.Length; index++)
        {
            if (open[index].Is(socket))
            {
                Move(ref sockets, index);
            }
        }
    }

    private void AcceptAll(ref SocketLibrary sockets)
    {
        while (sockets.Accept(_listener, out Socket socket, out _) == SocketResult.Done)
        {
            int index = Server.Open();
            if (index == HttpServer.None && Server.TryFindIdle(out int idle))
            {
                Close(ref sockets, idle, isBroken: false);
                index = Server.Open();
            }

            if (index == HttpServer.None)
            {
                Refuse(ref sockets, socket);
            }
            else
            {
                HttpStore.Sockets(_store)[index] = socket;
                Move(ref sockets, index);
            }
        }
    }

    // What the client has asked is read, since with unread data a close is a reset, which could take the refusal away from it.
    private readonly void Refuse(ref SocketLibrary sockets, Socket socket)
    {
        RefusalText text = default;
        SocketResult result = sockets.Receive(socket, text, out _);
        int length = Server.Refuse(text);
        result = IsAlive(result) ? sockets.Send(socket, ((Span<byte>)text).Slice(0, length), out _) : result;
        _ = result == SocketResult.Done ? sockets.Close(socket) : sockets.Abort(socket);
    }

    /// <inheritdoc/>
    public void GoOn(ref SocketLibrary sockets)
    {
        _others.GoOn(Now);
        bool isDue = Server.NextDeadline() <= Now;
        ulong unfinished = _unfinished;
        for (int index = 0; index < HttpStore.Connections && (isDue || unfinished != 0); index++)
        {
            if ((isDue || (unfinished & Bit(index)) != 0) && HttpStore.Sockets(_store)[index].Value != 0)
            {
                Move(ref sockets, index);
            }
        }
    }

    private void Move(ref SocketLibrary sockets, int index)
    {
        bool hasMoved = true;
        SocketResult result = SocketResult.Done;
        for (int turn = 0; turn < TurnsMax && hasMoved && IsAlive(result); turn++)
        {
            hasMoved = false;
            result = Receive(ref sockets, index, ref hasMoved);
            Server.Run(index, ref _site);
            result = IsAlive(result) ? Send(ref sockets, index, ref hasMoved) : result;
        }

        _unfinished = hasMoved ? _unfinished | Bit(index) : _unfinished & ~Bit(index);
        if (!IsAlive(result) || Server.IsOver(index))
        {
            Close(ref sockets, index, isBroken: !IsAlive(result));
        }
        else if (Server.IsSendingOver(index) && (_shut & Bit(index)) == 0)
        {
            _shut |= Bit(index);
            if (sockets.ShutdownSend(HttpStore.Sockets(_store)[index]) != SocketResult.Done)
            {
                Close(ref sockets, index, isBroken: true);
            }
        }
    }

    private readonly SocketResult Receive(ref SocketLibrary sockets, int index, ref bool hasMoved)
    {
        Span<byte> room = Server.Room(index);
        if (room.Length == 0)
        {
            return SocketResult.WouldBlock;
        }

        SocketResult result = sockets.Receive(HttpStore.Sockets(_store)[index], room, out int received);
        if (result == SocketResult.Done)
        {
            Server.Received(index, received);
            hasMoved = true;
        }
        else if (result == SocketResult.EndOfStream)
        {
            Server.PeerEnded(index);
            hasMoved = true;
        }

        return result;
    }

    private readonly SocketResult Send(ref SocketLibrary sockets, int index, ref bool hasMoved)
    {
        ReadOnlySpan<byte> pending = Server.Pending(index);
        if (pending.Length == 0)
        {
            return SocketResult.WouldBlock;
        }

        SocketResult result = sockets.Send(HttpStore.Sockets(_store)[index], pending, out int sent);
        if (result == SocketResult.Done)
        {
            Server.Sent(index, sent);
            hasMoved |= sent != 0;
        }

        return result;
    }

    private void Close(ref SocketLibrary sockets, int index, bool isBroken)
    {
        ref Socket socket = ref HttpStore.Sockets(_store)[index];
        _ = isBroken ? sockets.Abort(socket) : sockets.Close(socket);
        socket = default;
        Server.Close(index);
        _unfinished &= ~Bit(index);
        _shut &= ~Bit(index);
    }

    // Seconds since the beginning of 1970; 0: nobody knows.
    private readonly ulong Date() =>
        _clock != ProgramSlot.Null && new ClockClient(_clock).Date(out ulong seconds) == CallResult.Ok ? seconds : 0;

    private static ulong Bit(int index) => 1UL << index;

    private static bool IsAlive(SocketResult result) => result is SocketResult.Done or SocketResult.WouldBlock or SocketResult.EndOfStream;

    [InlineArray(RefusalBytes)]
    private struct RefusalText
    {
        private byte _byte0;
    }
}
