using System;

namespace Atoll.Services.Net.Stack;

/// <summary>A queue of numbers in a span that has a place for every number that can wait, each at most once.</summary>
internal struct IndexQueue
{
    private int _head;
    private int _count;

    public readonly int Count => _count;

    public void Enqueue(Span<uint> places, uint value)
    {
        int tail = _head + _count;
        places[tail < places.Length ? tail : tail - places.Length] = value;
        _count++;
    }

    public bool TryDequeue(Span<uint> places, out uint value)
    {
        if (_count == 0)
        {
            value = 0;
            return false;
        }

        value = places[_head];
        _head = _head + 1 < places.Length ? _head + 1 : 0;
        _count--;
        return true;
    }
}
