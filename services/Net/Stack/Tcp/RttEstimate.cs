namespace Atoll.Services.Net.Stack;

/// <summary>Round-trip time and retransmission timeout, microseconds. Source: RFC 6298.</summary>
internal struct RttEstimate
{
    public const ulong RetransmitInitial = StackLimits.Second;
    public const ulong RetransmitMax = 60 * StackLimits.Second;

    /// <summary>Section 5.7: when the SYN timed out, data starts with 3 s.</summary>
    public const ulong RetransmitAfterSyn = 3 * StackLimits.Second;

    private ulong _smoothed;
    private ulong _variation;
    private ulong _timeout;
    private byte _backoff;

    /// <summary>Without time stamps one segment at a time is timed: what acknowledges it, and when it left.</summary>
    private uint _timedEnd;
    private ulong _timedAt;

    public readonly ulong Smoothed => _smoothed;

    public readonly ulong Timeout => Arithmetic.Min(_timeout << _backoff, RetransmitMax);

    public void Begin(ulong timeout) => this = new RttEstimate { _timeout = timeout };

    public void StartTiming(uint end, ulong now)
    {
        if (_timedAt == 0)
        {
            _timedEnd = end;
            _timedAt = now;
        }
    }

    /// <summary>Karn: what was sent twice tells nothing.</summary>
    public void StopTiming() => _timedAt = 0;

    /// <summary>Takes the sample of the timed segment, if this acknowledges it.</summary>
    public void Acknowledge(uint acknowledgment, ulong now, ulong least)
    {
        if (_timedAt != 0 && Sequence.IsAtOrAfter(acknowledgment, _timedEnd))
        {
            Sample(now - _timedAt, least);
            _timedAt = 0;
        }
    }

    /// <summary>Takes a sample; section 2, with the clock's granularity of 1 ms.</summary>
    public void Sample(ulong rtt, ulong least)
    {
        if (_smoothed == 0)
        {
            _smoothed = Arithmetic.Max(rtt, 1);
            _variation = rtt / 2;
        }
        else
        {
            ulong distance = rtt > _smoothed ? rtt - _smoothed : _smoothed - rtt;
            _variation = ((3 * _variation) + distance) / 4;
            _smoothed = Arithmetic.Max(((7 * _smoothed) + rtt) / 8, 1);
        }

        _backoff = 0;
        _timeout = Arithmetic.Min(
            Arithmetic.Max(_smoothed + Arithmetic.Max(4 * _variation, StackLimits.Millisecond), least), RetransmitMax);
    }

    /// <summary>Takes back all doubling: the silence had another reason.</summary>
    public void Forgive() => _backoff = 0;

    /// <summary>Doubles the timeout.</summary>
    public void BackOff()
    {
        // 1 ms doubled 16 times is above the greatest timeout.
        if (_backoff < 16)
        {
            _backoff++;
        }
    }
}
