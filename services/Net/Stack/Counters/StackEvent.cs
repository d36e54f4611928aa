namespace Atoll.Services.Net.Stack;

/// <summary>What else a stack counts. These do not add up to anything.</summary>
public enum StackEvent
{
    /// <summary>Frames given to the driver.</summary>
    FramesSent,

    /// <summary>TCP segments given to the driver.</summary>
    TcpSegmentsSent,

    /// <summary>TCP segments that were sent before, in whole or in part.</summary>
    TcpRetransmissions,

    /// <summary>Losses found by duplicate acknowledgments or SACK.</summary>
    TcpFastRecoveries,

    /// <summary>Losses found by the retransmission timer.</summary>
    TcpTimeouts,

    /// <summary>Probes of a closed window, and small segments sent because the window stays small.</summary>
    TcpWindowProbes,

    /// <summary>Keep-alive probes.</summary>
    TcpKeepAlives,

    /// <summary>Resets sent.</summary>
    TcpResetsSent,

    /// <summary>Challenge acknowledgments that were owed.</summary>
    TcpChallenges,

    /// <summary>Acknowledgments not sent because the connection had too many of them in a second.</summary>
    TcpChallengesWithheld,

    /// <summary>Connections given up by a timer.</summary>
    TcpTimedOut,

    /// <summary>Connections in TIME-WAIT that ended early, for a new one.</summary>
    TcpTimeWaitRecycled,

    /// <summary>Connections that found no place in the pool.</summary>
    TcpPoolEmpty,

    /// <summary>SACK blocks that contradict what was sent, or D-SACK.</summary>
    TcpSackBlocksIgnored,

    /// <summary>Segment sizes lowered by a path that carries less.</summary>
    TcpPathMtuLowered,

    /// <summary>Answers without a connection (ARP, ICMP, resets) that found no room.</summary>
    RepliesDropped,

    /// <summary>ICMP errors not sent because of their limit per second.</summary>
    IcmpErrorsWithheld,

    /// <summary>ARP requests sent.</summary>
    ArpRequestsSent,

    /// <summary>Addresses that nobody answered for.</summary>
    ArpFailures,

    /// <summary>Neighbors forgotten for others.</summary>
    ArpEvictions,

    /// <summary>Datagrams in pieces given up: too late, contradicting, or pushed out.</summary>
    ReassembliesDropped,

    /// <summary>Datagrams put together.</summary>
    ReassembliesDone,

    /// <summary>UDP datagrams dropped on the way out: their host does not answer ARP.</summary>
    UdpUnreachable,

    /// <summary>Events that applications were not told one by one, because the queue holds one for each socket.</summary>
    EventsMerged,

    /// <summary>Number of events; not one itself.</summary>
    Count,
}
