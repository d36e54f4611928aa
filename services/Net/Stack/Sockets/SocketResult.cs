using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Answer of an operation on a socket. Unless it is <see cref="Done"/>, nothing has changed.</summary>
[MustUse]
public enum SocketResult
{
    /// <summary>Done, at least in part: the count beside it says how far.</summary>
    Done,

    /// <summary>Nothing to do now: wait for an event.</summary>
    WouldBlock,

    /// <summary>The peer has closed and everything it sent was read.</summary>
    EndOfStream,

    /// <summary>No open socket of this kind has this handle.</summary>
    BadHandle,

    /// <summary>An argument is out of range: port 0, an empty backlog, an address that no host has.</summary>
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

    /// <summary>The peer did not answer for too long.</summary>
    TimedOut,

    /// <summary>The peer's station does not answer.</summary>
    Unreachable,
}

/// <summary>What a socket can do now.</summary>
[Flags]
public enum Readiness
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
