using System;
using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <summary>A program's sockets. Nothing waits but <see cref="Wait"/> and what opens a socket or asks for a name, until the stack has answered.</summary>
/// <remarks>
/// A program that uses it has three needs (docs/network.md): <c>stack</c> (channel, protocol <c>sockets</c>), <c>socket-area</c> (region of 32 KiB, which the system
/// gives to the stack as well), and <c>socket-state</c> (region of 8 KiB of its own). A server is one loop: listen; wait; what the event's socket can do, do until it says <see cref="SocketResult.WouldBlock"/>
/// (<see cref="SocketServing"/>). What is sent in a turn goes to the stack at once and rings it at the turn's end, which is the next wait.
/// </remarks>
[NonCopyable]
public struct SocketLibrary
{
    private const ulong MicrosecondsPerSecond = 1_000_000;

    private SocketLine _line;
    private ulong _ticks;

    /// <summary>Takes what the system gives.</summary>
    /// <param name="sockets">The library.</param>
    /// <param name="start">What the program was given.</param>
    public static void Attach(ref SocketLibrary sockets, in ProgramStart start)
    {
        _ = start.TryFind("stack"u8, out GrantRecord channel);
        Attach(ref sockets, in channel, start.Region("socket-area"u8), start.Region("socket-state"u8), start.TscHz);
    }

    /// <summary>Takes its parts from elsewhere.</summary>
    /// <param name="sockets">The library.</param>
    /// <param name="channel">To the stack: a grant of kind channel.</param>
    /// <param name="area">Memory in common with the stack.</param>
    /// <param name="own">Memory of the program's own, for what it knows of its sockets.</param>
    /// <param name="tscHz">TSC ticks a second.</param>
    public static void Attach(ref SocketLibrary sockets, ref readonly GrantRecord channel, MemoryRegion area, MemoryRegion own, ulong tscHz)
    {
        SocketLine.Attach(ref sockets._line, in channel, area, own, tscHz);
        sockets._ticks = tscHz / MicrosecondsPerSecond;
    }

    /// <summary>Begins, without any socket; and anew when the stack has died.</summary>
    /// <param name="sockets">The library.</param>
    /// <param name="microseconds">How long to wait for a stack.</param>
    /// <returns>Done; StackDead: there is none.</returns>
    public static SocketResult Begin(ref SocketLibrary sockets, ulong microseconds) => SocketLine.Begin(ref sockets._line, sockets.After(microseconds));

    /// <summary>Opens a port for connections.</summary>
    /// <param name="port">The port, not 0.</param>
    /// <param name="backlog">How many may wait half-open, and how many to be accepted.</param>
    /// <param name="listener">The listener.</param>
    public SocketResult Listen(ushort port, ushort backlog, out Socket listener) => Open(SocketRequest.Listen, SocketMessage.Pair(port, backlog), out listener);

    /// <summary>Takes the connection that has waited longest.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="from">Who has called.</param>
    public SocketResult Accept(Socket listener, out Socket connection, out RemotePort from)
    {
        connection = default;
        from = default;
        if (!_line.TryFind(listener, out int place))
        {
            return SocketResult.BadSocket;
        }

        ref SocketState state = ref SocketLine.At(ref _line, place);
        if (state.FirstCaller == 0)
        {
            return SocketResult.WouldBlock;
        }

        int first = state.FirstCaller - 1;
        ref SocketState caller = ref SocketLine.At(ref _line, first);
        state.FirstCaller = caller.NextCaller;
        connection = _line.SocketAt(first);
        from = new RemotePort(caller.Address, caller.Port);
        return SocketResult.Done;
    }

    /// <summary>Calls a host. The connection is open when an event says that it is writable, and failed when it says that.</summary>
    public SocketResult Connect(RemotePort to, out Socket connection)
    {
        SocketResult result = Open(SocketRequest.Connect, SocketMessage.Pair(to.Address, to.Port), out connection);
        if (result == SocketResult.Done && _line.TryFind(connection, out int place))
        {
            ref SocketState state = ref SocketLine.At(ref _line, place);
            state.IsConnection = true;
        }

        return result;
    }

    /// <summary>Sends.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="bytes">What to send.</param>
    /// <param name="sent">How many of them were taken: less than all when they are many, or when the peer reads slowly.</param>
    /// <returns>Done, WouldBlock, NotConnected, Closed, or why the connection ended.</returns>
    public SocketResult Send(Socket connection, ReadOnlySpan<byte> bytes, out int sent)
    {
        sent = 0;
        SocketResult result = CanSend(connection, out int place);
        if (result != SocketResult.Done)
        {
            return result;
        }

        ref SocketState state = ref SocketLine.At(ref _line, place);
        while (sent < bytes.Length && state.Room > 0 && _line.TryPlace(out Span<byte> room))
        {
            int count = Least(bytes.Length - sent, state.Room, room.Length);
            bytes.Slice(sent, count).CopyTo(room.Slice(0, count));
            if (!_line.TrySendPlace(SocketRequest.Send, state.Handle, count))
            {
                break;
            }

            state.Room -= count;
            sent += count;
        }

        if (sent < bytes.Length && state.Room > 0)
        {
            SocketLine.WantRoom(ref _line, place);
        }

        return sent != 0 || bytes.Length == 0 ? SocketResult.Done : SocketResult.WouldBlock;
    }

    /// <summary>Receives.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="to">Where to; not empty.</param>
    /// <param name="received">How many bytes there were.</param>
    /// <returns>Done, WouldBlock, EndOfStream, NotConnected, or why the connection ended.</returns>
    public SocketResult Receive(Socket connection, Span<byte> to, out int received)
    {
        received = 0;
        if (!_line.TryFind(connection, out int place) || !SocketLine.At(ref _line, place).IsConnection)
        {
            return SocketResult.BadSocket;
        }

        if (to.Length == 0)
        {
            return SocketResult.BadArgument;
        }

        while (received < to.Length)
        {
            ReadOnlySpan<byte> there = SocketLine.Received(ref _line, place);
            int count = Least(to.Length - received, there.Length, SocketArea.PlaceBytes);
            if (count == 0)
            {
                break;
            }

            there.Slice(0, count).CopyTo(to.Slice(received, count));
            SocketLine.Consume(ref _line, place, count);
            received += count;
        }

        return received != 0 ? SocketResult.Done : NothingReceived(place);
    }

    /// <summary>Ends our half: the peer sees the end of the stream behind what was sent. Receiving goes on.</summary>
    public SocketResult ShutdownSend(Socket connection)
    {
        SocketResult result = CanSend(connection, out int place);
        if (result == SocketResult.Done)
        {
            SocketLine.At(ref _line, place).IsShut = true;
            SocketLine.Owe(ref _line, place, SocketRequest.Shutdown);
        }

        return result;
    }

    /// <summary>Gives a socket up. What was sent is still delivered; what was received and not read makes it a reset.</summary>
    /// <returns>Whether it was open.</returns>
    public bool Close(Socket socket) => GiveUp(socket, SocketRequest.Close);

    /// <summary>Gives a connection up and resets it.</summary>
    /// <returns>Whether it was open.</returns>
    public bool Abort(Socket connection) =>
        _line.TryFind(connection, out int place) && SocketLine.At(ref _line, place).IsConnection && GiveUp(connection, SocketRequest.Abort);

    /// <summary>Opens a port for datagrams.</summary>
    /// <param name="port">The port; 0: any that is free.</param>
    /// <param name="socket">The socket.</param>
    public SocketResult OpenDatagrams(ushort port, out Socket socket)
    {
        SocketResult result = Open(SocketRequest.Open, port, out socket);
        if (result == SocketResult.Done && _line.TryFind(socket, out int place))
        {
            SocketLine.At(ref _line, place).IsOpen = true;
        }

        return result;
    }

    /// <summary>Sends a datagram. One for which the stack has no room, or no way, is lost, as datagrams are.</summary>
    public SocketResult SendTo(Socket socket, RemotePort to, ReadOnlySpan<byte> datagram)
    {
        SocketResult result = CanSendDatagrams(socket, datagram.Length + SocketArea.HeaderBytes, out int place, out Span<byte> room);
        if (result == SocketResult.Done)
        {
            DatagramHeader.Write(room, to, datagram.Length);
            datagram.CopyTo(room.Slice(SocketArea.HeaderBytes, datagram.Length));
            result = SendPlace(place, SocketArea.HeaderBytes + datagram.Length);
        }

        return result;
    }

    /// <summary>Receives a datagram. What does not fit is lost.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="to">Where to.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="received">How many bytes were copied.</param>
    public SocketResult ReceiveFrom(Socket socket, Span<byte> to, out RemotePort from, out int received)
    {
        from = default;
        received = 0;
        SocketResult result = HasDatagrams(socket, out int place);
        if (result == SocketResult.Done)
        {
            ReadOnlySpan<byte> there = SocketLine.Received(ref _line, place);
            int length = DatagramHeader.Read(there, out from);
            received = Least(length, to.Length, length);
            there.Slice(SocketArea.HeaderBytes, received).CopyTo(to.Slice(0, received));
            SocketLine.Consume(ref _line, place, SocketArea.HeaderBytes + length);
        }

        return result;
    }

    /// <summary>Sends datagrams that lie one behind the other, each with its address, port and length before it (<see cref="SocketArea"/>).</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="batch">The datagrams.</param>
    /// <param name="sent">Bytes of those that were taken; they are whole.</param>
    /// <returns>Done: at least one was. WouldBlock; TooLarge, BadArgument: of the first.</returns>
    public SocketResult SendBatch(Socket socket, ReadOnlySpan<byte> batch, out int sent)
    {
        sent = 0;
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done && sent < batch.Length)
        {
            int count = DatagramHeader.Whole(batch.Slice(sent, batch.Length - sent), SocketArea.PlaceBytes);
            result = count == 0 ? SocketResult.BadArgument : CanSendDatagrams(socket, count, out _, out _);
            if (result == SocketResult.Done && _line.TryFind(socket, out int place) && _line.TryPlace(out Span<byte> room))
            {
                batch.Slice(sent, count).CopyTo(room.Slice(0, count));
                result = SendPlace(place, count);
                sent += result == SocketResult.Done ? count : 0;
            }
        }

        return sent != 0 ? SocketResult.Done : result;
    }

    /// <summary>Receives datagrams, one behind the other, each with the address, port and length of whom it is from.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="to">Where to: as many as fit.</param>
    /// <param name="received">Bytes that they have.</param>
    /// <returns>Done: at least one. WouldBlock. TooLarge: the first does not fit, and is still there.</returns>
    public SocketResult ReceiveBatch(Socket socket, Span<byte> to, out int received)
    {
        received = 0;
        SocketResult result = HasDatagrams(socket, out int place);
        while (result == SocketResult.Done)
        {
            ReadOnlySpan<byte> there = SocketLine.Received(ref _line, place);
            int room = to.Length - received;
            int count = there.Length <= room ? there.Length : DatagramHeader.Whole(there, room);
            there.Slice(0, count).CopyTo(to.Slice(received, count));
            SocketLine.Consume(ref _line, place, count);
            received += count;
            result = count == 0 ? SocketResult.TooLarge : HasDatagrams(socket, out place);
        }

        return received != 0 ? SocketResult.Done : result;
    }

    /// <summary>Tells what a socket can do now.</summary>
    public SocketResult Poll(Socket socket, out SocketEvents events)
    {
        bool isFound = _line.TryFind(socket, out int place);
        events = isFound ? EventsOf(in SocketLine.At(ref _line, place)) : SocketEvents.None;
        return isFound ? SocketResult.Done : SocketResult.BadSocket;
    }

    /// <summary>Waits for the next socket that something happened to. Before, the stack hears all that was done.</summary>
    /// <param name="microseconds">How long at most; <see cref="ulong.MaxValue"/>: until something happens.</param>
    /// <param name="socket">The socket. One that was closed meanwhile is not told.</param>
    /// <param name="events">What it can do now.</param>
    /// <returns>Done; WouldBlock: nothing happened for so long; StackDead, StackBroken.</returns>
    public SocketResult Wait(ulong microseconds, out Socket socket, out SocketEvents events)
    {
        SocketResult result = SocketResult.Done;
        ulong deadline = microseconds == 0 ? 0 : After(microseconds);
        while (result == SocketResult.Done)
        {
            if (TryTakeEvent(out socket, out events))
            {
                return SocketResult.Done;
            }

            // Everybody has had its turn: what is still unread is read later.
            SocketLine.ReturnUnread(ref _line);
            result = SocketLine.Listen(ref _line, deadline);
        }

        socket = default;
        events = SocketEvents.None;
        return result;
    }

    /// <summary>Asks the name server for the IPv4 address of a host.</summary>
    /// <param name="name">The name, in ASCII, with dots.</param>
    /// <param name="address">First octet highest.</param>
    public SocketResult Resolve(ReadOnlySpan<byte> name, out uint address)
    {
        address = 0;
        if (name.Length > SocketArea.PlaceBytes)
        {
            return SocketResult.NoSuchName;
        }

        SocketResult result = SocketLine.AwaitPlace(ref _line);
        if (result == SocketResult.Done && _line.TryPlace(out Span<byte> room))
        {
            name.CopyTo(room.Slice(0, name.Length));
            result = SocketLine.Ask(ref _line, SocketRequest.Resolve, (uint)name.Length, hasPlace: true, out ulong found);
            address = result == SocketResult.Done ? (uint)found : 0;
        }

        return result;
    }

    private SocketResult Open(SocketRequest request, ulong what, out Socket socket)
    {
        SocketResult result = SocketLine.Ask(ref _line, request, what, hasPlace: false, out ulong opened);
        socket = result == SocketResult.Done ? new Socket(opened) : default;
        return result;
    }

    private bool TryTakeEvent(out Socket socket, out SocketEvents events)
    {
        while (_line.TryTakeReady(out int place))
        {
            ref SocketState state = ref SocketLine.At(ref _line, place);
            events = state.Handle == 0 || state.IsGone ? SocketEvents.None : EventsOf(in state);
            if (events != SocketEvents.None)
            {
                socket = _line.SocketAt(place);
                return true;
            }
        }

        socket = default;
        events = SocketEvents.None;
        return false;
    }

    private SocketResult CanSend(Socket connection, out int place)
    {
        if (!_line.TryFind(connection, out place) || !SocketLine.At(ref _line, place).IsConnection)
        {
            return SocketResult.BadSocket;
        }

        ref SocketState state = ref SocketLine.At(ref _line, place);
        return state.HasFailed ? (SocketResult)state.Ended
            : state.IsShut ? SocketResult.Closed
            : state.IsOpen ? SocketResult.Done : SocketResult.NotConnected;
    }

    private SocketResult CanSendDatagrams(Socket socket, int bytes, out int place, out Span<byte> room)
    {
        room = default;
        if (!_line.TryFind(socket, out place) || SocketLine.At(ref _line, place).IsConnection)
        {
            return SocketResult.BadSocket;
        }

        if (bytes > SocketArea.PlaceBytes)
        {
            return SocketResult.TooLarge;
        }

        return _line.TryPlace(out room) ? SocketResult.Done : Wanting(place);
    }

    private SocketResult SendPlace(int place, int bytes) =>
        _line.TrySendPlace(SocketRequest.Send, SocketLine.At(ref _line, place).Handle, bytes) ? SocketResult.Done : Wanting(place);

    private SocketResult Wanting(int place)
    {
        SocketLine.WantRoom(ref _line, place);
        return SocketResult.WouldBlock;
    }

    // Whatever the stack says of lengths: a header that is not whole ends what there is.
    private SocketResult HasDatagrams(Socket socket, out int place)
    {
        if (!_line.TryFind(socket, out place) || SocketLine.At(ref _line, place).IsConnection)
        {
            return SocketResult.BadSocket;
        }

        ReadOnlySpan<byte> there = SocketLine.Received(ref _line, place);
        while (there.Length != 0 && DatagramHeader.Whole(there, there.Length) == 0)
        {
            SocketLine.Consume(ref _line, place, there.Length);
            there = SocketLine.Received(ref _line, place);
        }

        return there.Length != 0 ? SocketResult.Done : SocketResult.WouldBlock;
    }

    private SocketResult NothingReceived(int place)
    {
        ref SocketState state = ref SocketLine.At(ref _line, place);
        if (state.IsPaused)
        {
            state.IsPaused = false;
            SocketLine.Owe(ref _line, place, SocketRequest.Resume);
            return SocketResult.WouldBlock;
        }

        return state.Ended != SocketAnswer.Done ? (SocketResult)state.Ended : state.IsOpen ? SocketResult.WouldBlock : SocketResult.NotConnected;
    }

    private bool GiveUp(Socket socket, SocketRequest request)
    {
        if (!_line.TryFind(socket, out int place))
        {
            return false;
        }

        while (Accept(socket, out Socket caller, out _) == SocketResult.Done)
        {
            if (_line.TryFind(caller, out int waits))
            {
                SocketLine.Forget(ref _line, waits, SocketRequest.Abort);
            }
        }

        SocketLine.Forget(ref _line, place, request);
        return true;
    }

    private static SocketEvents EventsOf(ref readonly SocketState state)
    {
        if (state.FirstCaller != 0)
        {
            return SocketEvents.Acceptable;
        }

        bool isOver = state.HasFailed;
        bool canSend = state.IsOpen && !state.IsShut && (state.Room > 0 || !state.IsConnection);
        return (state.First != 0 || state.Ended != SocketAnswer.Done || state.IsPaused ? SocketEvents.Readable : SocketEvents.None)
            | (canSend || isOver ? SocketEvents.Writable : SocketEvents.None)
            | (isOver ? SocketEvents.Failed : SocketEvents.None)
            | (state.Ended == SocketAnswer.EndOfStream ? SocketEvents.PeerClosed : SocketEvents.None);
    }

    private readonly ulong After(ulong microseconds)
    {
        ulong now = Ipc.Now();
        ulong ticks = _ticks;
        return ticks == 0 || microseconds > (Deadline.Never - 1 - now) / ticks ? Deadline.Never : now + (microseconds * ticks);
    }

    private static int Least(int first, int second, int third)
    {
        int least = first < second ? first : second;
        return least < third ? least : third;
    }
}
