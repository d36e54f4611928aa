using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>A stack, for those who look at it: they have no sockets. Programs with sockets talk to it over a channel (<see cref="SocketRequest"/>).</summary>
[Protocol("network", version: 1)]
public interface INetwork
{
    /// <summary>Tells how the stack is set up: addresses with their first octet highest, 0: none.</summary>
    SocketAnswer Station(out ulong station, out uint address, out uint mask, out uint gateway, out uint nameServer);

    /// <summary>Tells a figure of the stack.</summary>
    /// <param name="index">From 0 on: how frames ended, then what else is counted.</param>
    /// <param name="value">How often; figures that are 0 are told as well.</param>
    SocketAnswer Count(uint index, out ulong value);

    /// <summary>Tells what a figure of <see cref="Count"/> is called.</summary>
    /// <param name="index">As there.</param>
    /// <param name="name">Takes the name, in ASCII.</param>
    /// <param name="length">How long it is.</param>
    SocketAnswer CountName(uint index, Span<byte> name, out uint length);

    /// <summary>Tells how many connections there can be, and what each takes.</summary>
    SocketAnswer Places(out uint connections, out uint bytesEach);

    /// <summary>Tells of the next socket, whosever it is.</summary>
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

    /// <summary>Asks the name server for the address of a host.</summary>
    [Deferred]
    SocketAnswer Resolve(ReadOnlySpan<byte> name, out uint address);

    /// <summary>Asks a host whether it answers (ICMP echo).</summary>
    /// <param name="address">The host, first octet highest.</param>
    /// <param name="microseconds">How long to wait at most.</param>
    /// <param name="took">Microseconds until the answer.</param>
    [Deferred]
    SocketAnswer Ping(uint address, ulong microseconds, out ulong took);
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

    /// <summary>Nothing to do now: wait for an event. Of a wait: nothing happened for so long.</summary>
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

    /// <summary>The system does not let the caller look.</summary>
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
