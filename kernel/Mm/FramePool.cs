using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Mm;

/// <summary>A run of free 4 KiB frames.</summary>
public struct FrameRange
{
    /// <summary>Physical address of the first frame.</summary>
    public ulong Base;

    /// <summary>Frames.</summary>
    public ulong Count;

    /// <summary>Physical address one past the last frame.</summary>
    public readonly ulong End => Base + (Count * ImageLayout.PageSizeBytes);
}

/// <summary>Every outcome of taking or giving back frames.</summary>
[MustUse]
public enum FramePoolResult : byte
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>No run of free frames is long enough below the limit. Nothing was taken.</summary>
    OutOfMemory,

    /// <summary>More separate ranges than <see cref="Limits.MemoryRangesMax"/>. The frames stay unused; nothing else changed.</summary>
    TooManyRanges,
}

/// <summary>Free physical memory, as sorted runs that do not touch.</summary>
/// <remarks>Owned by the coordinator. Zeroed memory is an empty pool. Cost: linear in the number of runs.</remarks>
[NonCopyable]
public struct FramePool
{
    private Ranges _ranges;
    private int _count;

    /// <summary>Free frames.</summary>
    public readonly ulong FreeFrames
    {
        get
        {
            ulong frames = 0;
            for (int i = 0; i < _count; i++)
            {
                frames += _ranges[i].Count;
            }

            return frames;
        }
    }

    /// <summary>Separate runs.</summary>
    public readonly int RangeCount => _count;

    /// <summary>Frames that <see cref="GiveOrLose"/> found no run for. Nobody uses them until the next boot.</summary>
    public ulong LostFrames { get; private set; }

    /// <summary>Takes consecutive frames from the lowest run that has them.</summary>
    /// <param name="count">Frames, at least one.</param>
    /// <param name="limit">Physical address that the last frame must end at or below.</param>
    /// <param name="physical">Address of the first frame, when the result is Done. Contents are unspecified: zero before use.</param>
    public FramePoolResult Take(ulong count, ulong limit, out ulong physical)
    {
        Check.That(count != 0);
        for (int i = 0; i < _count; i++)
        {
            ref FrameRange range = ref _ranges[i];
            if (range.Count >= count && range.Base + (count * ImageLayout.PageSizeBytes) <= limit)
            {
                physical = range.Base;
                range.Base += count * ImageLayout.PageSizeBytes;
                range.Count -= count;
                if (range.Count == 0)
                {
                    RemoveAt(i);
                }

                return FramePoolResult.Done;
            }
        }

        physical = 0;
        return FramePoolResult.OutOfMemory;
    }

    /// <summary>Takes consecutive frames from the lowest run that has them at an aligned address.</summary>
    /// <param name="count">Frames, at least one.</param>
    /// <param name="alignment">Bytes: a power of two, at least a page.</param>
    /// <param name="physical">Address of the first frame, when the result is Done. Contents are unspecified.</param>
    public FramePoolResult TakeAligned(ulong count, ulong alignment, out ulong physical)
    {
        Check.That(count != 0 && alignment >= ImageLayout.PageSizeBytes);
        for (int i = 0; i < _count; i++)
        {
            FrameRange range = _ranges[i];
            physical = Bits.AlignUp(range.Base, alignment);
            ulong end = physical + (count * ImageLayout.PageSizeBytes);
            if (end > range.End)
            {
                continue;
            }

            // What lies before and behind stays free. Only when both do, one run becomes two.
            RemoveAt(i);
            if (physical != range.Base)
            {
                Check.That(InsertAt(i++, range.Base, (physical - range.Base) / ImageLayout.PageSizeBytes) == FramePoolResult.Done);
            }

            if (end == range.End || InsertAt(i, end, (range.End - end) / ImageLayout.PageSizeBytes) == FramePoolResult.Done)
            {
                return FramePoolResult.Done;
            }

            LostFrames += (range.End - end) / ImageLayout.PageSizeBytes;
            return FramePoolResult.Done;
        }

        physical = 0;
        return FramePoolResult.OutOfMemory;
    }

    /// <summary>Adds frames that nobody uses.</summary>
    /// <remarks>They must not be in the pool already: that is a bug, and checked.</remarks>
    public FramePoolResult Give(ulong physical, ulong count)
    {
        Check.That(Bits.IsAligned(physical, ImageLayout.PageSizeBytes));
        if (count == 0)
        {
            return FramePoolResult.Done;
        }

        ulong end = physical + (count * ImageLayout.PageSizeBytes);
        int at = 0;
        while (at < _count && _ranges[at].Base < physical)
        {
            at++;
        }

        Check.That(at == 0 || _ranges[at - 1].End <= physical);
        Check.That(at == _count || end <= _ranges[at].Base);

        bool joinsBelow = at > 0 && _ranges[at - 1].End == physical;
        bool joinsAbove = at < _count && _ranges[at].Base == end;
        if (joinsBelow)
        {
            _ranges[at - 1].Count += count;
            if (joinsAbove)
            {
                _ranges[at - 1].Count += _ranges[at].Count;
                RemoveAt(at);
            }

            return FramePoolResult.Done;
        }

        if (joinsAbove)
        {
            _ranges[at].Base = physical;
            _ranges[at].Count += count;
            return FramePoolResult.Done;
        }

        return InsertAt(at, physical, count);
    }

    /// <summary>Gives back frames; those that would make one run too many are lost, and counted.</summary>
    /// <remarks>For what must go on whatever the pool says: a death, a failed start. A pool so fragmented loses frames, nothing else.</remarks>
    public void GiveOrLose(ulong physical, ulong count)
    {
        if (Give(physical, count) != FramePoolResult.Done)
        {
            LostFrames += count;
        }
    }

    /// <summary>Takes out every frame that touches [<paramref name="start"/>, <paramref name="end"/>), free or not.</summary>
    public FramePoolResult Exclude(ulong start, ulong end)
    {
        ulong low = Bits.AlignDown(start, ImageLayout.PageSizeBytes);
        ulong high = Bits.AlignUp(end, ImageLayout.PageSizeBytes);
        for (int i = 0; i < _count;)
        {
            FrameRange range = _ranges[i];
            if (range.End <= low || high <= range.Base)
            {
                i++;
                continue;
            }

            RemoveAt(i);
            if (range.Base < low)
            {
                // The run that was removed left room for one.
                Check.That(InsertAt(i++, range.Base, (low - range.Base) / ImageLayout.PageSizeBytes) == FramePoolResult.Done);
            }

            if (high < range.End)
            {
                // The one insertion that can fail: a range was split in two.
                FramePoolResult result = InsertAt(i++, high, (range.End - high) / ImageLayout.PageSizeBytes);
                if (result != FramePoolResult.Done)
                {
                    return result;
                }
            }
        }

        return FramePoolResult.Done;
    }

    private FramePoolResult InsertAt(int at, ulong physical, ulong count)
    {
        if (_count == Limits.MemoryRangesMax)
        {
            return FramePoolResult.TooManyRanges;
        }

        for (int i = _count; i > at; i--)
        {
            _ranges[i] = _ranges[i - 1];
        }

        _ranges[at].Base = physical;
        _ranges[at].Count = count;
        _count++;
        return FramePoolResult.Done;
    }

    private void RemoveAt(int at)
    {
        _count--;
        for (int i = at; i < _count; i++)
        {
            _ranges[i] = _ranges[i + 1];
        }
    }

    [InlineArray(Limits.MemoryRangesMax)]
    private struct Ranges
    {
        private FrameRange _range0;
    }
}
