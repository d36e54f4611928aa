using Atoll.Mm;

namespace Atoll.Kernel.Tests.Mm;

/// <summary>A pool of frames as one truth value for each frame: slow, and too simple to be wrong.</summary>
internal sealed class FrameOracle(int frames)
{
    private const ulong PageBytes = 4096;
    private readonly bool[] _isFree = new bool[frames];

    /// <summary>Free frames.</summary>
    public ulong FreeFrames => (ulong)_isFree.Count(free => free);

    /// <summary>Separate runs of free frames.</summary>
    public int RunCount => Runs().Count();

    /// <summary>Whether every frame of a run has this state.</summary>
    public bool All(int first, int count, bool isFree) => _isFree.Skip(first).Take(count).All(free => free == isFree);

    /// <summary>Sets a run.</summary>
    public void Set(int first, int count, bool isFree) => Array.Fill(_isFree, isFree, first, count);

    /// <summary>Where the pool must take from: the lowest run that is long enough, below the limit.</summary>
    /// <returns>The first frame, or -1.</returns>
    public int Take(int count, ulong limit)
    {
        foreach ((int first, int length) in Runs())
        {
            if (length >= count && (ulong)(first + count) * PageBytes <= limit)
            {
                Set(first, count, isFree: false);
                return first;
            }
        }

        return -1;
    }

    /// <summary>Where the pool must take from at an aligned address: the lowest run that is long enough from there on.</summary>
    /// <returns>The first frame, or -1.</returns>
    public int TakeAligned(int count, int alignment)
    {
        foreach ((int first, int length) in Runs())
        {
            int aligned = (first + alignment - 1) / alignment * alignment;
            if (aligned + count <= first + length)
            {
                Set(aligned, count, isFree: false);
                return aligned;
            }
        }

        return -1;
    }

    /// <summary>Frames that share a byte with [start, end) are not free.</summary>
    public void Exclude(ulong start, ulong end)
    {
        for (int frame = 0; frame < _isFree.Length; frame++)
        {
            ulong low = (ulong)frame * PageBytes;
            _isFree[frame] &= !(low < end && start < low + PageBytes);
        }
    }

    /// <summary>Drains a copy of the pool frame by frame: it must hold exactly these frames.</summary>
    public void AssertSame(FramePool pool)
    {
        Assert.Equal(FreeFrames, pool.FreeFrames);
        Assert.Equal(RunCount, pool.RangeCount);
        for (int frame = 0; frame < _isFree.Length; frame++)
        {
            if (_isFree[frame])
            {
                Assert.Equal(FramePoolResult.Done, pool.Take(1, ulong.MaxValue, out ulong physical));
                Assert.Equal((ulong)frame * PageBytes, physical);
            }
        }

        Assert.Equal(FramePoolResult.OutOfMemory, pool.Take(1, ulong.MaxValue, out _));
    }

    private IEnumerable<(int First, int Length)> Runs()
    {
        for (int first = 0, length; first < _isFree.Length; first += length)
        {
            int end = Array.IndexOf(_isFree, !_isFree[first], first);
            length = (end < 0 ? _isFree.Length : end) - first;
            if (_isFree[first])
            {
                yield return (first, length);
            }
        }
    }
}
