namespace Atoll.Services.Net.Stack;

/// <summary>States of a connection. Source: RFC 9293, "State Machine Overview". LISTEN is a <see cref="TcpListener"/>.</summary>
public enum TcpState : byte
{
    /// <summary>No connection.</summary>
    Closed,

    /// <summary>SYN sent.</summary>
    SynSent,

    /// <summary>SYN received, ours not acknowledged yet.</summary>
    SynReceived,

    /// <summary>Open both ways.</summary>
    Established,

    /// <summary>We closed; FIN not acknowledged yet.</summary>
    FinWait1,

    /// <summary>We closed and it is acknowledged; the peer may still send.</summary>
    FinWait2,

    /// <summary>The peer closed; we may still send.</summary>
    CloseWait,

    /// <summary>Both closed at once; our FIN not acknowledged yet.</summary>
    Closing,

    /// <summary>The peer closed, then we; our FIN not acknowledged yet.</summary>
    LastAck,

    /// <summary>Ended; waits until no segment of it can be under way.</summary>
    TimeWait,
}

/// <summary>Why a connection ended otherwise than by closing.</summary>
public enum ConnectionError : byte
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The peer answered our SYN with a reset, or its host said that nobody listens.</summary>
    Refused,

    /// <summary>The peer reset it.</summary>
    Reset,

    /// <summary>The peer did not answer for too long.</summary>
    TimedOut,

    /// <summary>The next station does not answer ARP.</summary>
    Unreachable,

    /// <summary>Data came after the application had closed.</summary>
    DataAfterClose,
}
