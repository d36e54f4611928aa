using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>What the peer has said it holds ahead of a gap. Ranges ascend and do not touch. Source: RFC 2018, RFC 6675.</summary>
/// <remarks>A range that finds no place is forgotten: then something is sent again that need not be, nothing worse.</remarks>
internal struct SackScoreboard
{
    private const int RangesMax = 16;
    private Places _ranges;
    private int _count;

    public readonly bool IsEmpty => _count == 0;

    /// <summary>One past the highest number that the peer holds. Not when empty.</summary>
    public readonly uint HighestEnd => _ranges[_count - 1].End;

    public void Clear() => _count = 0;

    /// <summary>Notes a block.</summary>
    /// <returns>Whether it says anything new.</returns>
    public bool Add(uint start, uint end)
    {
        int first = 0;
        while (first < _count && Sequence.IsBefore(_ranges[first].End, start))
        {
            first++;
        }

        int last = first;
        var merged = new SequenceRange { Start = start, End = end };
        while (last < _count && Sequence.IsAtOrBefore(_ranges[last].Start, end))
        {
            merged.Start = Sequence.Earlier(merged.Start, _ranges[last].Start);
            merged.End = Sequence.Later(merged.End, _ranges[last].End);
            last++;
        }

        if (last == first + 1 && merged.Start == _ranges[first].Start && merged.End == _ranges[first].End)
        {
            return false;
        }

        return Replace(first, last, merged);
    }

    /// <summary>Forgets what lies below the acknowledgment.</summary>
    public void Acknowledge(uint acknowledgment)
    {
        int gone = 0;
        while (gone < _count && Sequence.IsAtOrBefore(_ranges[gone].End, acknowledgment))
        {
            gone++;
        }

        for (int index = gone; index < _count; index++)
        {
            _ranges[index - gone] = _ranges[index];
        }

        _count -= gone;
        if (_count > 0)
        {
            _ranges[0].Start = Sequence.Later(_ranges[0].Start, acknowledgment);
        }
    }

    /// <summary>If the peer holds this number: the end of what it holds there; else the number itself.</summary>
    public readonly uint SkipFrom(uint sequence)
    {
        for (int index = 0; index < _count; index++)
        {
            if (Sequence.IsWithin(sequence, _ranges[index].Start, _ranges[index].Length))
            {
                return _ranges[index].End;
            }
        }

        return sequence;
    }

    /// <summary>Where the next thing begins that the peer holds above this number; else <paramref name="otherwise"/>.</summary>
    public readonly uint NextStart(uint sequence, uint otherwise)
    {
        for (int index = 0; index < _count; index++)
        {
            if (Sequence.IsAfter(_ranges[index].Start, sequence))
            {
                return _ranges[index].Start;
            }
        }

        return otherwise;
    }

    /// <summary>Bytes that the peer holds below a number.</summary>
    public readonly uint HeldBelow(uint sequence)
    {
        uint held = 0;
        for (int index = 0; index < _count && Sequence.IsBefore(_ranges[index].Start, sequence); index++)
        {
            held += Sequence.Earlier(_ranges[index].End, sequence) - _ranges[index].Start;
        }

        return held;
    }

    /// <summary>
    /// IsLost of RFC 6675: what is missing below this number counts as lost; if nothing does, <paramref name="otherwise"/>.
    /// </summary>
    public readonly uint LostBelow(uint segmentBytes, uint otherwise)
    {
        uint bytes = 0;
        for (int index = _count - 1; index >= 0; index--)
        {
            bytes += _ranges[index].Length;
            if (_count - index >= CongestionState.DuplicateThreshold
                || bytes > (CongestionState.DuplicateThreshold - 1) * segmentBytes)
            {
                return _ranges[index].Start;
            }
        }

        return otherwise;
    }

    /// <summary>SetPipe of RFC 6675: bytes that are thought to be in the network.</summary>
    public readonly uint Pipe(in TcpSendState send, uint retransmitted)
    {
        uint lostBelow = LostBelow((uint)send.SegmentBytes, send.Unacknowledged);
        uint pipe = 0;
        uint from = send.Unacknowledged;
        for (int index = 0; index <= _count; index++)
        {
            uint to = index < _count ? Sequence.Earlier(_ranges[index].Start, send.Max) : send.Max;
            pipe += Between(Sequence.Later(from, lostBelow), to) + Between(from, Sequence.Earlier(to, retransmitted));
            from = index < _count ? _ranges[index].End : to;
        }

        return pipe;
    }

    private static uint Between(uint from, uint to) => Sequence.IsBefore(from, to) ? to - from : 0;

    // Puts one range in the place of those from first up to last.
    private bool Replace(int first, int last, SequenceRange merged)
    {
        if (first == last)
        {
            if (_count == RangesMax)
            {
                return false;
            }

            for (int index = _count; index > first; index--)
            {
                _ranges[index] = _ranges[index - 1];
            }

            _count++;
        }
        else
        {
            for (int index = last; index < _count; index++)
            {
                _ranges[index - (last - first - 1)] = _ranges[index];
            }

            _count -= last - first - 1;
        }

        _ranges[first] = merged;
        return true;
    }

    [InlineArray(RangesMax)]
    private struct Places
    {
        private SequenceRange _first;
    }
}
