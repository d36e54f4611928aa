using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>
/// A stack's sockets. Each client has an area of memory in common with the stack, through which all data goes; calls say where in it. <c>services/Lib/Sockets</c>
/// does that.
/// </summary>
/// <remarks>Nothing waits but <see cref="Wait"/> and <see cref="Resolve"/>: <see cref="SocketAnswer.WouldBlock"/> means to come back after an event.</remarks>
[Protocol("sockets", version: 1)]
public interface ISockets
{
    /// <summary>A client begins: sockets of an earlier life of it are closed.</summary>
    /// <param name="life">A notification that is made of the client's own memory: when it is gone, so is the client, and its sockets are closed.</param>
    /// <param name="areaBytes">Bytes of the client's area.</param>
    SocketAnswer Begin(SignalWord life, out uint areaBytes);

    /// <summary>Opens a port for connections.</summary>
    SocketAnswer Listen(ushort port, ushort backlog, out uint socket);

    /// <summary>Takes the connection that has waited longest.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="socket">The connection.</param>
    /// <param name="address">Who has called, first octet highest.</param>
    /// <param name="port">From which port.</param>
    SocketAnswer Accept(uint listener, out uint socket, out uint address, out ushort port);

    /// <summary>Calls a host. The connection is open when it is writable.</summary>
    SocketAnswer Connect(uint address, ushort port, out uint socket);

    /// <summary>Sends bytes of the area.</summary>
    /// <param name="socket">A connection.</param>
    /// <param name="offset">Where in the area they begin.</param>
    /// <param name="count">How many.</param>
    /// <param name="sent">How many were taken.</param>
    SocketAnswer Send(uint socket, uint offset, uint count, out uint sent);

    /// <summary>Receives bytes into the area.</summary>
    /// <param name="socket">A connection.</param>
    /// <param name="offset">Where in the area they go.</param>
    /// <param name="room">How many at most.</param>
    /// <param name="received">How many there were.</param>
    SocketAnswer Receive(uint socket, uint offset, uint room, out uint received);

    /// <summary>Ends the sending half of a connection: the peer sees the end of the stream. Receiving goes on.</summary>
    SocketAnswer ShutdownSend(uint socket);

    /// <summary>Gives a socket up. What was sent is still delivered; what was received and not read makes it a reset.</summary>
    SocketAnswer Close(uint socket);

    /// <summary>Gives a connection up and resets it.</summary>
    SocketAnswer Abort(uint socket);

    /// <summary>Opens a port for datagrams.</summary>
    /// <param name="port">The port; 0: any that is free.</param>
    /// <param name="socket">The socket.</param>
    SocketAnswer Open(ushort port, out uint socket);

    /// <summary>Sends a datagram that lies in the area.</summary>
    SocketAnswer SendTo(uint socket, uint address, ushort port, uint offset, uint count);

    /// <summary>Receives a datagram into the area. What does not fit is lost, and the length says so.</summary>
    SocketAnswer ReceiveFrom(uint socket, uint offset, uint room, out uint address, out ushort port, out uint length);

    /// <summary>Tells what a socket can do now.</summary>
    SocketAnswer Poll(uint socket, out SocketEvents events);

    /// <summary>Waits for the next socket of the client that something happened to.</summary>
    /// <param name="microseconds">How long at most; <see cref="ulong.MaxValue"/>: until something happens.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="events">What it can do now.</param>
    [Deferred]
    SocketAnswer Wait(ulong microseconds, out uint socket, out SocketEvents events);

    /// <summary>Asks the name server for the address of a host.</summary>
    [Deferred]
    SocketAnswer Resolve(ReadOnlySpan<byte> name, out uint address);

    /// <summary>Tells how the stack is set up: addresses with their first octet highest, 0: none.</summary>
    SocketAnswer Station(out ulong station, out uint address, out uint mask, out uint gateway, out uint nameServer);

    /// <summary>Tells a figure of the stack.</summary>
    /// <param name="index">From 0 on: how frames ended, then what else is counted.</param>
    /// <param name="value">How often; figures that are 0 are told as well.</param>
    SocketAnswer Count(uint index, out ulong value);

    /// <summary>Sends datagrams that lie in the area one behind the other: each is address (4 bytes), port (2), length (2), highest byte first, then its bytes.</summary>
    /// <param name="socket">A socket for datagrams.</param>
    /// <param name="offset">Where in the area they begin.</param>
    /// <param name="count">Bytes of all of them.</param>
    /// <param name="sent">How many of these bytes were taken: whole datagrams. When it is none, the answer says why of the first.</param>
    SocketAnswer SendBatch(uint socket, uint offset, uint count, out uint sent);

    /// <summary>Receives datagrams into the area, one behind the other as <see cref="SendBatch"/> has them: as many as there are and fit.</summary>
    /// <param name="socket">A socket for datagrams.</param>
    /// <param name="offset">Where in the area they go.</param>
    /// <param name="room">How many bytes there may be.</param>
    /// <param name="received">How many there are. TooLarge: the first does not fit, and is still there.</param>
    SocketAnswer ReceiveBatch(uint socket, uint offset, uint room, out uint received);

    /// <summary>Asks a host whether it answers (ICMP echo). For observers: callers that have no area, and that the system lets look.</summary>
    /// <param name="address">The host, first octet highest.</param>
    /// <param name="microseconds">How long to wait at most.</param>
    /// <param name="took">Microseconds until the answer.</param>
    [Deferred]
    SocketAnswer Ping(uint address, ulong microseconds, out ulong took);

    /// <summary>Tells of the next socket, whosever it is. For observers.</summary>
    /// <param name="from">The first place to look at: 0, then one behind the last.</param>
    /// <param name="place">Where it is. BadSocket: there are no more.</param>
    /// <param name="owner">Badge of its client; 0: nobody's, as what still closes.</param>
    /// <param name="sort">What it is.</param>
    /// <param name="state">State of a connection.</param>
    /// <param name="port">Its port.</param>
    /// <param name="address">The other end of a connection.</param>
    /// <param name="peer">Its port.</param>
    /// <param name="received">Bytes that wait to be read; of a listener, connections that wait to be accepted.</param>
    /// <param name="toSend">Bytes that wait to be sent, or to be acknowledged; of a listener, connections that are half-open.</param>
    SocketAnswer Describe(
        uint from,
        out uint place,
        out ulong owner,
        out SocketSort sort,
        out ConnectionState state,
        out ushort port,
        out uint address,
        out ushort peer,
        out uint received,
        out uint toSend);

    /// <summary>Tells how many connections there can be, and what each takes. For observers.</summary>
    SocketAnswer Places(out uint connections, out uint bytesEach);

    /// <summary>Tells what a figure of <see cref="Count"/> is called.</summary>
    /// <param name="index">As there.</param>
    /// <param name="name">Takes the name, in ASCII.</param>
    /// <param name="length">How long it is.</param>
    SocketAnswer CountName(uint index, Span<byte> name, out uint length);
}

/// <summary>What a socket is.</summary>
public enum SocketSort : uint
{
    /// <summary>None.</summary>
    None,

    /// <summary>A port where connections are welcome.</summary>
    Listener,

    /// <summary>A connection.</summary>
    Connection,

    /// <summary>A port for datagrams.</summary>
    Datagrams,
}

/// <summary>States of a connection. Source: RFC 9293, "State Machine Overview".</summary>
public enum ConnectionState : uint
{
    /// <summary>CLOSED.</summary>
    Closed,

    /// <summary>SYN-SENT.</summary>
    SynSent,

    /// <summary>SYN-RECEIVED.</summary>
    SynReceived,

    /// <summary>ESTABLISHED.</summary>
    Established,

    /// <summary>FIN-WAIT-1.</summary>
    FinWait1,

    /// <summary>FIN-WAIT-2.</summary>
    FinWait2,

    /// <summary>CLOSE-WAIT.</summary>
    CloseWait,

    /// <summary>CLOSING.</summary>
    Closing,

    /// <summary>LAST-ACK.</summary>
    LastAck,

    /// <summary>TIME-WAIT.</summary>
    TimeWait,
}

/// <summary>What a stack answers about sockets.</summary>
public enum SocketAnswer
{
    /// <summary>Done, at least in part: the count beside it says how far.</summary>
    Done,

    /// <summary>Nothing to do now: wait for an event. Of <see cref="ISockets.Wait"/>: nothing happened for so long.</summary>
    WouldBlock,

    /// <summary>The peer has closed and everything it sent was read.</summary>
    EndOfStream,

    /// <summary>The client has no such socket.</summary>
    BadSocket,

    /// <summary>An argument is out of range: port 0, an empty backlog, an address that no host has, a place outside of the area.</summary>
    BadArgument,

    /// <summary>Somebody uses the port.</summary>
    PortInUse,

    /// <summary>All places for such sockets are taken.</summary>
    PoolEmpty,

    /// <summary>We have no address yet, or no way to the destination.</summary>
    NoRoute,

    /// <summary>No port to call from was found.</summary>
    NoPort,

    /// <summary>Not open yet.</summary>
    NotConnected,

    /// <summary>This half was closed before.</summary>
    Closed,

    /// <summary>The datagram is larger than a frame.</summary>
    TooLarge,

    /// <summary>The peer refused the connection.</summary>
    Refused,

    /// <summary>The peer reset the connection.</summary>
    Reset,

    /// <summary>The peer, or the name server, did not answer for too long.</summary>
    TimedOut,

    /// <summary>The peer's station does not answer.</summary>
    Unreachable,

    /// <summary>The system gives the client no area, or it has not begun.</summary>
    NoClient,

    /// <summary>The client has as many sockets as it may have.</summary>
    QuotaSpent,

    /// <summary>No host has the name, or it is none.</summary>
    NoSuchName,
}

/// <summary>What a socket can do.</summary>
[Flags]
public enum SocketEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Receive has something to say: data, the end, or an error.</summary>
    Readable = 1,

    /// <summary>Send takes something, or says an error.</summary>
    Writable = 2,

    /// <summary>Accept has a connection.</summary>
    Acceptable = 4,

    /// <summary>The connection ended with an error.</summary>
    Failed = 8,

    /// <summary>The peer will send no more.</summary>
    PeerClosed = 16,
}
