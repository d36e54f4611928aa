using System;

namespace Atoll.Services.VirtioNet;

/// <summary>Connections that began while nobody listened over the stack whose share they are. They stay with the stack that took them, also when the share's own begins to serve.</summary>
/// <remarks>
/// Two words for each: the caller, and one more than the number of the stack. They lie in memory that outlives the driver. A caller has eight places; when they are taken the first gives
/// way, and that connection is reset when its share's stack begins to serve.
/// </remarks>
public struct AdoptedFlows
{
    /// <summary>Places: a page of them.</summary>
    public const int Most = 256;

    /// <summary>Words of them.</summary>
    public const int Words = Most * WordsEach;

    private const int WordsEach = 2;
    private const int PlacesEach = 8;
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;
    private const int SpreadShift = 64 - 8;

    private int _count;

    /// <summary>Begins with what an earlier life has left.</summary>
    /// <param name="flows">The words.</param>
    public void Begin(Span<ulong> flows)
    {
        _count = 0;
        for (int place = 0; place < Most; place++)
        {
            _count += IsTaken(flows, place) ? 1 : 0;
        }
    }

    /// <summary>A stack takes a connection that is not of its share.</summary>
    public void Add(Span<ulong> flows, ulong caller, uint stack)
    {
        int place = PlaceOf(flows, caller, orFree: true);
        _count += IsTaken(flows, place) ? 0 : 1;
        flows[place * WordsEach] = caller;
        flows[(place * WordsEach) + 1] = stack + 1;
    }

    /// <summary>Who has taken a connection.</summary>
    /// <returns>False: nobody but the stack of its share.</returns>
    public readonly bool TryFind(Span<ulong> flows, ulong caller, out uint stack)
    {
        stack = 0;
        if (_count == 0)
        {
            return false;
        }

        int place = PlaceOf(flows, caller, orFree: false);
        bool isThere = IsTaken(flows, place) && flows[place * WordsEach] == caller;
        stack = isThere ? (uint)flows[(place * WordsEach) + 1] - 1 : 0;
        return isThere;
    }

    /// <summary>A stack is gone, with all of its connections.</summary>
    public void RemoveAll(Span<ulong> flows, uint stack)
    {
        for (int place = 0; place < Most && _count != 0; place++)
        {
            if (flows[(place * WordsEach) + 1] == stack + 1)
            {
                flows[(place * WordsEach) + 1] = 0;
                _count--;
            }
        }
    }

    private static bool IsTaken(Span<ulong> flows, int place) => flows[(place * WordsEach) + 1] != 0;

    // The caller's own place; else a free one, if that is wanted; else its first.
    private static int PlaceOf(Span<ulong> flows, ulong caller, bool orFree)
    {
        int first = (int)((caller * Spread) >> SpreadShift);
        int free = first;
        for (int step = PlacesEach - 1; step >= 0; step--)
        {
            int place = (first + step) % Most;
            if (IsTaken(flows, place) && flows[place * WordsEach] == caller)
            {
                return place;
            }

            free = orFree && !IsTaken(flows, place) ? place : free;
        }

        return free;
    }
}
