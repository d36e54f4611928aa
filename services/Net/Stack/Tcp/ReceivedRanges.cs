using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>
/// What we hold ahead of a gap, the latest first: the order in which SACK tells it (RFC 2018, "Generating Sack
/// Options").
/// </summary>
internal struct ReceivedRanges
{
    private const int RangesMax = 8;
    private Places _ranges;
    private int _count;

    public readonly int Count => _count;

    public readonly SequenceRange this[int index] => _ranges[index];

    /// <summary>Notes a range ahead of the gap, joined with those that it touches.</summary>
    /// <returns>False when there are too many gaps; then nothing has changed.</returns>
    public bool TryAdd(uint start, uint end)
    {
        var merged = new SequenceRange { Start = start, End = end };
        if (_count == RangesMax && !TouchesAny(merged))
        {
            return false;
        }

        // One pass is enough: ranges do not touch each other, so what joins grows by no third one.
        int kept = 0;
        for (int index = 0; index < _count; index++)
        {
            SequenceRange range = _ranges[index];
            if (Touches(range, start, end))
            {
                merged.Start = Sequence.Earlier(merged.Start, range.Start);
                merged.End = Sequence.Later(merged.End, range.End);
            }
            else
            {
                _ranges[kept] = range;
                kept++;
            }
        }

        for (int index = kept; index > 0; index--)
        {
            _ranges[index] = _ranges[index - 1];
        }

        _ranges[0] = merged;
        _count = kept + 1;
        return true;
    }

    /// <summary>Takes the range that begins at or before a number and ends after it.</summary>
    public bool TryTake(uint next, out uint end)
    {
        for (int index = 0; index < _count; index++)
        {
            if (Sequence.IsAtOrBefore(_ranges[index].Start, next))
            {
                end = _ranges[index].End;
                Remove(index);
                return true;
            }
        }

        end = next;
        return false;
    }

    private void Remove(int index)
    {
        for (int other = index + 1; other < _count; other++)
        {
            _ranges[other - 1] = _ranges[other];
        }

        _count--;
    }

    private readonly bool TouchesAny(SequenceRange added)
    {
        for (int index = 0; index < _count; index++)
        {
            if (Touches(_ranges[index], added.Start, added.End))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Touches(SequenceRange range, uint start, uint end) =>
        Sequence.IsAtOrBefore(range.Start, end) && Sequence.IsAtOrAfter(range.End, start);

    [InlineArray(RangesMax)]
    private struct Places
    {
        private SequenceRange _first;
    }
}
