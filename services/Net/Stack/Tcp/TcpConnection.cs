namespace Atoll.Services.Net.Stack;

/// <summary>A connection. Its bytes lie in the pool of bytes.</summary>
public struct TcpConnection
{
    internal const ushort None = 0xFFFF;

    internal Flow Flow;
    internal TcpState State;
    internal ConnectionError Error;
    internal ushort Generation;

    /// <summary>Next in its chain of the flow table.</summary>
    internal ushort FlowNext;

    /// <summary>Next in the list of free places, or of a listener's queue.</summary>
    internal ushort QueueNext;

    /// <summary>Place in the heap of timers, or <see cref="None"/>.</summary>
    internal ushort TimerPlace;

    /// <summary>Its listener while nobody has accepted it, or <see cref="None"/>.</summary>
    internal ushort Listener;

    internal bool IsUsed;

    /// <summary>The application has closed its handle, or never had one.</summary>
    internal bool IsOrphan;

    /// <summary>It waits in the listener's queue.</summary>
    internal bool IsQueued;
    internal bool IsReady;
    internal bool WaitsForNeighbor;
    internal bool IsEventQueued;

    internal TcpAgreement Agreed;
    internal TcpSendState Send;
    internal TcpReceiveState Receive;
    internal TcpTimerState Timers;
    internal RttEstimate Rtt;
    internal CongestionState Congestion;
    internal SackScoreboard Scoreboard;
    internal ReceivedRanges Ranges;

    internal readonly bool IsSynchronized => State is not (TcpState.Closed or TcpState.SynSent or TcpState.SynReceived);
}

/// <summary>What both ends agreed on in the handshake.</summary>
internal struct TcpAgreement
{
    public bool HasTimestamps;
    public bool HasSack;
    public bool HasWindowScale;

    /// <summary>Shift of windows that the peer announces.</summary>
    public byte SendScale;

    /// <summary>Shift of windows that we announce.</summary>
    public byte ReceiveScale;

    public bool IsNoDelay;
    public bool KeepsAlive;

    /// <summary>Added to the clock, so that it tells nobody when the machine started (RFC 7323, "Timestamp Clock").</summary>
    public uint TimestampOffset;

    /// <summary>TS.Recent and when it came.</summary>
    public uint TimestampRecent;
    public ulong TimestampRecentAt;
}

/// <summary>The sending half. Names as in RFC 9293, "Send Sequence Variables", where it has one.</summary>
internal struct TcpSendState
{
    /// <summary>ISS.</summary>
    public uint Initial;

    /// <summary>SND.UNA.</summary>
    public uint Unacknowledged;

    /// <summary>SND.NXT; after a timeout it goes back to what must be sent again.</summary>
    public uint Next;

    /// <summary>One past the highest number ever sent.</summary>
    public uint Max;

    /// <summary>SND.WND, in bytes.</summary>
    public uint Window;

    /// <summary>The largest window that the peer ever announced.</summary>
    public uint WindowMax;

    /// <summary>SND.WL1.</summary>
    public uint WindowSequence;

    /// <summary>SND.WL2.</summary>
    public uint WindowAcknowledgment;

    /// <summary>Sequence number of the first byte in the buffer.</summary>
    public uint BufferSequence;
    public int BufferStart;
    public int BufferCount;

    /// <summary>Bytes of payload that a segment can carry, options already taken off.</summary>
    public int SegmentBytes;

    public bool IsSynDue;
    public bool IsFinQueued;

    /// <summary>The timer asks for a segment although the window forbids it.</summary>
    public bool IsProbeDue;
    public bool IsKeepAliveDue;

    /// <summary>Behind the last byte that the application has sent: where its FIN goes.</summary>
    public readonly uint DataEnd => BufferSequence + (uint)BufferCount;

    public readonly uint InFlight => Max - Unacknowledged;

    public readonly bool IsFinAcknowledged => IsFinQueued && Unacknowledged == DataEnd + 1;
}

/// <summary>The receiving half. Names as in RFC 9293, "Receive Sequence Variables", where it has one.</summary>
internal struct TcpReceiveState
{
    /// <summary>IRS.</summary>
    public uint Initial;

    /// <summary>RCV.NXT.</summary>
    public uint Next;

    /// <summary>The end of the window that the peer was told; it never moves back.</summary>
    public uint WindowEnd;

    /// <summary>The highest acknowledgment that was sent.</summary>
    public uint Acknowledged;
    public int BufferStart;
    public int BufferCount;

    /// <summary>Where the stream ends, once <see cref="HasFin"/>.</summary>
    public uint FinSequence;
    public bool HasFin;

    /// <summary>FIN is reached: everything was received.</summary>
    public bool IsEnded;

    /// <summary>Acknowledgments owed at once.</summary>
    public byte AcknowledgmentsDue;

    /// <summary>Segments received in order and not acknowledged.</summary>
    public byte SegmentsDelayed;

    /// <summary>RCV.WND.</summary>
    public readonly uint Window => WindowEnd - Next;

    public void OweAcknowledgment()
    {
        // More at once than a burst of segments causes would only be traffic.
        if (AcknowledgmentsDue < 8)
        {
            AcknowledgmentsDue++;
        }
    }
}

/// <summary>When a connection has to do something by itself. 0: never.</summary>
internal struct TcpTimerState
{
    public ulong RetransmitAt;
    public ulong AcknowledgeAt;
    public ulong KeepAliveAt;

    /// <summary>End of TIME-WAIT, or of the wait for the peer's FIN.</summary>
    public ulong LingerAt;

    /// <summary>The earliest of them: the key in the heap.</summary>
    public ulong Earliest;
    public byte Retries;
    public byte KeepAlivesSent;
    public RateLimit Challenges;
}
