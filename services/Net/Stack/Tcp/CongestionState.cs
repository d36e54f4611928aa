namespace Atoll.Services.Net.Stack;

/// <summary>
/// Congestion window and loss recovery. Source: RFC 5681, RFC 6582 (NewReno), RFC 6675 (SACK), RFC 6928 (initial
/// window).
/// </summary>
internal struct CongestionState
{
    public const int DuplicateThreshold = 3;

    /// <summary>cwnd, bytes.</summary>
    public uint Window;

    /// <summary>ssthresh, bytes.</summary>
    public uint Threshold;

    /// <summary>Bytes acknowledged towards the next step of congestion avoidance.</summary>
    public uint Acknowledged;
    public byte Duplicates;
    public bool IsRecovering;

    /// <summary>The first missing segment is to be sent again, whatever the window says.</summary>
    public bool IsRetransmitDue;

    /// <summary>Where recovery ends: what was the highest number sent when it began.</summary>
    public uint RecoveryPoint;

    /// <summary>HighRxt: what recovery has sent again ends here.</summary>
    public uint Retransmitted;

    public void Begin(int segmentBytes, uint initialSequence, bool hasSynTimedOut)
    {
        this = default;
        Window = hasSynTimedOut ? (uint)segmentBytes : InitialWindow(segmentBytes);
        Threshold = uint.MaxValue / 2;
        RecoveryPoint = initialSequence;
    }

    /// <summary>
    /// RFC 5681, equation 2 and "Congestion Avoidance": by bytes acknowledged, at most one segment for each acknowledgment.
    /// </summary>
    public void Grow(uint acknowledged, uint segmentBytes, uint inFlight)
    {
        // A window that is not used says nothing about the path (RFC 7661, "Non-Validated Phase").
        if (inFlight * 2 < Window)
        {
            return;
        }

        if (Window < Threshold)
        {
            Window += Arithmetic.Min(acknowledged, segmentBytes);
            return;
        }

        Acknowledged += acknowledged;
        if (Acknowledged >= Window)
        {
            Acknowledged -= Window;
            Window += segmentBytes;
        }
    }

    /// <summary>Three duplicates, or SACK says that the first segment is lost.</summary>
    public void EnterRecovery(in TcpSendState send, bool hasSack)
    {
        uint segmentBytes = (uint)send.SegmentBytes;
        Threshold = HalfFlight(send);
        Window = hasSack ? Threshold : Threshold + (DuplicateThreshold * segmentBytes);
        RecoveryPoint = send.Max;
        Retransmitted = send.Unacknowledged;
        IsRecovering = true;
        IsRetransmitDue = true;
        Acknowledged = 0;
    }

    /// <summary>An acknowledgment within recovery: RFC 6582 section 3.2, step 3, "Partial acknowledgments".</summary>
    public void AcknowledgePart(uint acknowledged, in TcpSendState send, bool hasSack)
    {
        Retransmitted = Sequence.Later(Retransmitted, send.Unacknowledged);
        if (hasSack)
        {
            return;
        }

        uint segmentBytes = (uint)send.SegmentBytes;
        Window = Window > acknowledged + segmentBytes ? Window - acknowledged : segmentBytes;
        Window += acknowledged >= segmentBytes ? segmentBytes : 0;
        IsRetransmitDue = true;
    }

    /// <summary>Everything that was out when recovery began has arrived.</summary>
    public void LeaveRecovery(in TcpSendState send)
    {
        uint segmentBytes = (uint)send.SegmentBytes;
        Window = Arithmetic.Min(Threshold, (send.InFlight > segmentBytes ? send.InFlight : segmentBytes) + segmentBytes);
        IsRecovering = false;
        IsRetransmitDue = false;
        Duplicates = 0;
    }

    /// <summary>The retransmission timer: RFC 5681, equation 4; one segment, and start again.</summary>
    public void TimeOut(in TcpSendState send, bool isFirst)
    {
        // Section 3.1: not halved again for a segment that was sent again before.
        Threshold = isFirst ? HalfFlight(send) : Threshold;
        Window = (uint)send.SegmentBytes;
        RecoveryPoint = send.Max;
        IsRecovering = false;
        IsRetransmitDue = false;
        Duplicates = 0;
        Acknowledged = 0;
    }

    private static uint HalfFlight(in TcpSendState send)
    {
        uint two = 2 * (uint)send.SegmentBytes;
        return send.InFlight / 2 > two ? send.InFlight / 2 : two;
    }

    private static uint InitialWindow(int segmentBytes) =>
        (uint)Arithmetic.Min(10 * segmentBytes, Arithmetic.Max(2 * segmentBytes, 14600));
}
