using System;
using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <summary>A program's sockets. Nothing waits but <see cref="Wait"/> and <see cref="Resolve"/>.</summary>
/// <remarks>
/// A program that uses it has these needs (docs/network.md): <c>sockets</c> (call), <c>socket-area</c> (region of 32 KiB, which the system gives to the stack as
/// well), <c>slots</c>, and memory for one notification. A server is one loop: listen; wait; what the event's socket can do, do until it says
/// <see cref="SocketResult.WouldBlock"/>. Data is copied through the area: what a call takes or brings is at most half of it.
/// </remarks>
public readonly struct SocketLibrary
{
    private readonly SocketsClient _stack;
    private readonly MemoryRegion _area;

    private SocketLibrary(uint slot, MemoryRegion area)
    {
        _stack = new SocketsClient(slot);
        _area = area;
    }

    /// <summary>Bytes that one call can take or bring.</summary>
    public int BytesMax => _area.Length / 2;

    /// <summary>Begins: the stack closes what an earlier life of the program had open.</summary>
    /// <param name="start">What the program was given.</param>
    /// <param name="memory">Memory for a notification, by which the stack sees that the program lives.</param>
    /// <param name="life">An empty slot for it; one that was used before is good as it is.</param>
    /// <param name="sockets">The library.</param>
    public static SocketResult Begin(in ProgramStart start, UntypedMemory memory, ref OwnSlot life, out SocketLibrary sockets)
    {
        sockets = new SocketLibrary(start.Find("sockets"u8), start.Region("socket-area"u8));
        if (!life.IsFull && life.Make(memory, CapabilityType.Notification) != SystemResult.Ok)
        {
            return SocketResult.PoolEmpty;
        }

        CallResult told = sockets._stack.Begin(new SignalWord(life.Address), out uint bytes, out SocketAnswer answer);
        SocketResult result = Outcome(told, answer);
        return result == SocketResult.Done && bytes < (uint)sockets._area.Length ? SocketResult.StackBroken : result;
    }

    /// <summary>Opens a port for connections.</summary>
    /// <param name="port">The port, not 0.</param>
    /// <param name="backlog">How many may wait half-open, and how many to be accepted.</param>
    /// <param name="listener">The listener.</param>
    public SocketResult Listen(ushort port, ushort backlog, out Socket listener)
    {
        CallResult told = _stack.Listen(port, backlog, out uint socket, out SocketAnswer answer);
        listener = told == CallResult.Ok ? new Socket(socket) : default;
        return Outcome(told, answer);
    }

    /// <summary>Takes the connection that has waited longest.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="from">Who has called.</param>
    public SocketResult Accept(Socket listener, out Socket connection, out RemotePort from)
    {
        CallResult told = _stack.Accept(listener.Value, out uint socket, out uint address, out ushort port, out SocketAnswer answer);
        connection = told == CallResult.Ok ? new Socket(socket) : default;
        from = told == CallResult.Ok ? new RemotePort(address, port) : default;
        return Outcome(told, answer);
    }

    /// <summary>Calls a host. The connection is open when an event says that it is writable, and failed when it says that.</summary>
    public SocketResult Connect(RemotePort to, out Socket connection)
    {
        CallResult told = _stack.Connect(to.Address, to.Port, out uint socket, out SocketAnswer answer);
        connection = told == CallResult.Ok ? new Socket(socket) : default;
        return Outcome(told, answer);
    }

    /// <summary>Sends.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="bytes">What to send.</param>
    /// <param name="sent">How many of them were taken: less than all when they are many, or when the peer reads slowly.</param>
    /// <returns>Done, WouldBlock, NotConnected, Closed, or why the connection ended.</returns>
    public SocketResult Send(Socket connection, ReadOnlySpan<byte> bytes, out int sent)
    {
        int count = bytes.Length < BytesMax ? bytes.Length : BytesMax;
        bytes.Slice(0, count).CopyTo(_area.Bytes.Slice(0, count));
        CallResult told = _stack.Send(connection.Value, 0, (uint)count, out uint taken, out SocketAnswer answer);
        sent = told == CallResult.Ok && taken <= (uint)count ? (int)taken : 0;
        return told == CallResult.Ok && taken > (uint)count ? SocketResult.StackBroken : Outcome(told, answer);
    }

    /// <summary>Receives.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="to">Where to; not empty.</param>
    /// <param name="received">How many bytes there were.</param>
    /// <returns>Done, WouldBlock, EndOfStream, NotConnected, or why the connection ended.</returns>
    public SocketResult Receive(Socket connection, Span<byte> to, out int received)
    {
        int room = to.Length < BytesMax ? to.Length : BytesMax;
        CallResult told = _stack.Receive(connection.Value, (uint)BytesMax, (uint)room, out uint there, out SocketAnswer answer);
        received = 0;
        if (told == CallResult.Ok && answer == SocketAnswer.Done)
        {
            // No stack can make a program read or write outside of what it asked for.
            if (there > (uint)room)
            {
                return SocketResult.StackBroken;
            }

            received = (int)there;
            Bring(received, to);
        }

        return Outcome(told, answer);
    }

    /// <summary>Ends our half: the peer sees the end of the stream behind what was sent. Receiving goes on.</summary>
    public SocketResult ShutdownSend(Socket connection) => Outcome(_stack.ShutdownSend(connection.Value, out SocketAnswer answer), answer);

    /// <summary>Gives a socket up. What was sent is still delivered; what was received and not read makes it a reset.</summary>
    /// <returns>Whether it was open. When it was not, or the stack is gone, there is nothing to close.</returns>
    public bool Close(Socket socket) => _stack.Close(socket.Value, out SocketAnswer answer) == CallResult.Ok && answer == SocketAnswer.Done;

    /// <summary>Gives a connection up and resets it.</summary>
    /// <returns>As <see cref="Close"/>.</returns>
    public bool Abort(Socket connection) => _stack.Abort(connection.Value, out SocketAnswer answer) == CallResult.Ok && answer == SocketAnswer.Done;

    /// <summary>Opens a port for datagrams.</summary>
    /// <param name="port">The port; 0: any that is free.</param>
    /// <param name="socket">The socket.</param>
    public SocketResult OpenDatagrams(ushort port, out Socket socket)
    {
        CallResult told = _stack.Open(port, out uint opened, out SocketAnswer answer);
        socket = told == CallResult.Ok ? new Socket(opened) : default;
        return Outcome(told, answer);
    }

    /// <summary>Sends a datagram.</summary>
    public SocketResult SendTo(Socket socket, RemotePort to, ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > BytesMax)
        {
            return SocketResult.TooLarge;
        }

        datagram.CopyTo(_area.Bytes.Slice(0, datagram.Length));
        return Outcome(_stack.SendTo(socket.Value, to.Address, to.Port, 0, (uint)datagram.Length, out SocketAnswer answer), answer);
    }

    /// <summary>Receives a datagram. What does not fit is lost.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="to">Where to.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="received">How many bytes were copied.</param>
    public SocketResult ReceiveFrom(Socket socket, Span<byte> to, out RemotePort from, out int received)
    {
        int room = to.Length < BytesMax ? to.Length : BytesMax;
        CallResult told = _stack.ReceiveFrom(
            socket.Value, (uint)BytesMax, (uint)room, out uint address, out ushort port, out uint length, out SocketAnswer answer);
        from = default;
        received = 0;
        if (told == CallResult.Ok && answer == SocketAnswer.Done)
        {
            from = new RemotePort(address, port);
            received = length < (uint)room ? (int)length : room;
            Bring(received, to);
        }

        return Outcome(told, answer);
    }

    /// <summary>Sends datagrams that lie one behind the other, each with its address, port and length before it (protocol <c>sockets</c>, SendBatch).</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="batch">The datagrams.</param>
    /// <param name="sent">Bytes of those that were taken; they are whole.</param>
    /// <returns>Done: at least one was. Else why the first was not.</returns>
    public SocketResult SendBatch(Socket socket, ReadOnlySpan<byte> batch, out int sent)
    {
        int count = batch.Length < BytesMax ? batch.Length : BytesMax;
        batch.Slice(0, count).CopyTo(_area.Bytes.Slice(0, count));
        CallResult told = _stack.SendBatch(socket.Value, 0, (uint)count, out uint taken, out SocketAnswer answer);
        sent = told == CallResult.Ok && taken <= (uint)count ? (int)taken : 0;
        return told == CallResult.Ok && taken > (uint)count ? SocketResult.StackBroken : Outcome(told, answer);
    }

    /// <summary>Receives datagrams, one behind the other, each with the address, port and length of whom it is from.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="to">Where to: as many as fit.</param>
    /// <param name="received">Bytes that they have.</param>
    /// <returns>Done: at least one. WouldBlock. TooLarge: the first does not fit, and is still there.</returns>
    public SocketResult ReceiveBatch(Socket socket, Span<byte> to, out int received)
    {
        int room = to.Length < BytesMax ? to.Length : BytesMax;
        CallResult told = _stack.ReceiveBatch(socket.Value, (uint)BytesMax, (uint)room, out uint there, out SocketAnswer answer);
        received = 0;
        if (told == CallResult.Ok && answer == SocketAnswer.Done)
        {
            if (there > (uint)room)
            {
                return SocketResult.StackBroken;
            }

            received = (int)there;
            Bring(received, to);
        }

        return Outcome(told, answer);
    }

    /// <summary>Tells what a socket can do now.</summary>
    public SocketResult Poll(Socket socket, out SocketEvents events) => Outcome(_stack.Poll(socket.Value, out events, out SocketAnswer answer), answer);

    /// <summary>Waits for the next socket that something happened to.</summary>
    /// <param name="microseconds">How long at most; <see cref="ulong.MaxValue"/>: until something happens.</param>
    /// <param name="socket">The socket. One that was closed meanwhile is not told.</param>
    /// <param name="events">What it can do now.</param>
    /// <returns>Done; WouldBlock: nothing happened for so long.</returns>
    public SocketResult Wait(ulong microseconds, out Socket socket, out SocketEvents events)
    {
        CallResult told = _stack.Wait(microseconds, out uint found, out events, out SocketAnswer answer);
        socket = told == CallResult.Ok ? new Socket(found) : default;
        return Outcome(told, answer);
    }

    /// <summary>Asks the name server for the IPv4 address of a host.</summary>
    /// <param name="name">The name, in ASCII, with dots.</param>
    /// <param name="address">First octet highest.</param>
    public SocketResult Resolve(ReadOnlySpan<byte> name, out uint address) =>
        Outcome(_stack.Resolve(name, out address, out SocketAnswer answer), answer);

    private void Bring(int count, Span<byte> to)
    {
        ReadOnlySpan<byte> brought = _area.Bytes.Slice(BytesMax, count);
        brought.CopyTo(to.Slice(0, count));
    }

    private static SocketResult Outcome(CallResult told, SocketAnswer answer)
    {
        if (told == CallResult.Ok)
        {
            return (SocketResult)answer;
        }

        return told is CallResult.MethodUnknown or CallResult.Malformed or CallResult.AnswerInvalid ? SocketResult.StackBroken : SocketResult.StackDead;
    }
}
