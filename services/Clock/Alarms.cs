using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.Clock;

/// <summary>Who waits until when: a few, so all are looked at.</summary>
public struct Alarms
{
    /// <summary>Most that can wait: the reply objects that a program can have.</summary>
    public const uint Most = 32;

    private Times _times;
    private Waiters _waiters;

    /// <summary>How many wait.</summary>
    public uint Count { get; private set; }

    /// <summary>The earliest time; <see cref="Deadline.Never"/>: nobody waits.</summary>
    public readonly ulong Earliest
    {
        get
        {
            ulong earliest = Deadline.Never;
            for (uint index = 0; index < Count; index++)
            {
                earliest = _times[(int)index] < earliest ? _times[(int)index] : earliest;
            }

            return earliest;
        }
    }

    /// <summary>Somebody waits.</summary>
    /// <returns>False: too many do.</returns>
    public bool TryAdd(ulong until, uint waiter)
    {
        if (Count == Most)
        {
            return false;
        }

        _times[(int)Count] = until;
        _waiters[(int)Count++] = waiter;
        return true;
    }

    /// <summary>Takes one out whose time has come.</summary>
    /// <param name="now">The time.</param>
    /// <param name="waiter">Who.</param>
    public bool TryTake(ulong now, out uint waiter)
    {
        for (uint index = 0; index < Count; index++)
        {
            if (_times[(int)index] <= now)
            {
                waiter = _waiters[(int)index];
                Count--;
                _times[(int)index] = _times[(int)Count];
                _waiters[(int)index] = _waiters[(int)Count];
                return true;
            }
        }

        waiter = 0;
        return false;
    }

    [InlineArray((int)Most)]
    private struct Times
    {
        private ulong _time0;
    }

    [InlineArray((int)Most)]
    private struct Waiters
    {
        private uint _waiter0;
    }
}
