using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <summary>Every outcome of an operation on a socket. Unless it is <see cref="Done"/>, nothing has changed.</summary>
[MustUse]
public enum SocketResult
{
    /// <summary>Done, at least in part: the count beside it says how far.</summary>
    Done = SocketAnswer.Done,

    /// <summary>Nothing to do now: wait for an event. Of a wait: nothing happened for so long.</summary>
    WouldBlock = SocketAnswer.WouldBlock,

    /// <summary>The peer has closed and everything it sent was read.</summary>
    EndOfStream = SocketAnswer.EndOfStream,

    /// <summary>There is no such socket.</summary>
    BadSocket = SocketAnswer.BadSocket,

    /// <summary>An argument is out of range: port 0, an empty backlog, an address that no host has, an empty span.</summary>
    BadArgument = SocketAnswer.BadArgument,

    /// <summary>Somebody uses the port.</summary>
    PortInUse = SocketAnswer.PortInUse,

    /// <summary>All places for such sockets are taken.</summary>
    PoolEmpty = SocketAnswer.PoolEmpty,

    /// <summary>The machine has no address yet, or no way to the destination.</summary>
    NoRoute = SocketAnswer.NoRoute,

    /// <summary>No port to call from was found.</summary>
    NoPort = SocketAnswer.NoPort,

    /// <summary>Not open yet.</summary>
    NotConnected = SocketAnswer.NotConnected,

    /// <summary>This half was closed before.</summary>
    Closed = SocketAnswer.Closed,

    /// <summary>The datagram is larger than a frame.</summary>
    TooLarge = SocketAnswer.TooLarge,

    /// <summary>The peer refused the connection.</summary>
    Refused = SocketAnswer.Refused,

    /// <summary>The peer reset the connection.</summary>
    Reset = SocketAnswer.Reset,

    /// <summary>The peer, or the name server, did not answer for too long.</summary>
    TimedOut = SocketAnswer.TimedOut,

    /// <summary>The peer's station does not answer.</summary>
    Unreachable = SocketAnswer.Unreachable,

    /// <summary>The program has as many sockets as it may have.</summary>
    QuotaSpent = SocketAnswer.QuotaSpent,

    /// <summary>No host has the name, or it is none.</summary>
    NoSuchName = SocketAnswer.NoSuchName,

    /// <summary>The stack is dead, or the system gives the program none. All sockets are gone: begin again.</summary>
    StackDead = 64,

    /// <summary>The stack has said what cannot be: a place that it does not have, more than fits. Nothing of it is believed any more.</summary>
    StackBroken,
}

/// <summary>Names a socket, for as long as it is open.</summary>
/// <param name="value">What the stack calls it, and its place.</param>
public readonly struct Socket(ulong value)
{
    /// <summary>What the stack calls it, and its place; 0: none.</summary>
    public readonly ulong Value = value;

    /// <summary>Whether both are the same socket.</summary>
    public bool Is(Socket other) => Value == other.Value;
}

/// <summary>A port of a host.</summary>
/// <param name="address">The host's IPv4 address, first octet highest.</param>
/// <param name="port">The port.</param>
public readonly struct RemotePort(uint address, ushort port)
{
    /// <summary>The host's IPv4 address, first octet highest.</summary>
    public readonly uint Address = address;

    /// <summary>The port.</summary>
    public readonly ushort Port = port;
}
