using System.Numerics;
using System.Runtime.CompilerServices;
using Atoll.Base;
using Atoll.Cap;

namespace Atoll.Sched;

/// <summary>Threads that can run, by priority: a ring of threads for each, and a bit for each ring that is not empty. Who goes before all others stands apart.</summary>
/// <remarks>
/// The running thread is not among them. A thread is in one ring at most; its links are those that it would use in the queue of
/// an endpoint. Every operation costs the same, however many threads there are. Most threads that are woken go first, and run at once: they come
/// and go without a ring.
/// </remarks>
[NonCopyable]
public struct ReadyQueues
{
    /// <summary>Priorities: 0 is the lowest.</summary>
    public const int Priorities = 256;

    /// <summary>What <see cref="Highest"/> is when nobody is ready.</summary>
    public const int None = -1;

    // A shift of such a word takes its count modulo this.
    private const int WordBits = 64;

    /// <summary>Whether anybody came or went since this was last set to false.</summary>
    public bool HasChanged;

    // One more than the priority, so that zeroed memory is an empty set of queues. Of all, and of those in rings.
    private int _highest;
    private int _highestInRings;

    // A bit for each word of the next that is not 0.
    private uint _occupiedWords;

    private ObjectPointer<Thread> _first;

    private Words _occupied;
    private Heads _heads;

    /// <summary>The highest priority that a ready thread has; <see cref="None"/> when there is none.</summary>
    public readonly int Highest => _highest - 1;

    /// <summary>Who stands apart: it goes before whoever is in a ring, also of its own priority. Null: nobody does.</summary>
    public readonly ObjectPointer<Thread> First => _first;

    /// <summary>Whether every ready thread has a lower priority than this.</summary>
    public readonly bool IsBelow(byte priority) => priority >= _highest;

    /// <summary>Adds a thread behind the others of its priority.</summary>
    public void AddLast(ObjectPointer<Thread> thread)
    {
        byte priority = Queue(thread);
        if (priority >= _highest)
        {
            Lead(thread);
            return;
        }

        ThreadQueue.AddLast(ref _heads[priority], thread);
        Mark(priority);
    }

    /// <summary>Adds a thread before the others of its priority: it was running, and has not had its turn to the end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void AddFirst(ObjectPointer<Thread> thread)
    {
        byte priority = Queue(thread);
        if (priority + 1 >= _highest)
        {
            Lead(thread);
            return;
        }

        AddToRing(priority, thread);
    }

    /// <summary>Takes out a thread that is among them.</summary>
    public void Remove(ObjectPointer<Thread> thread)
    {
        ref Thread removed = ref thread.Value;
        removed.Flags &= ~ThreadFlags.Queued;
        HasChanged = true;
        if (thread.Is(_first))
        {
            _first = default;
            _highest = _highestInRings;
            return;
        }

        ref ObjectPointer<Thread> head = ref _heads[removed.Priority];
        ThreadQueue.Remove(ref head, thread);
        if (head.IsNull)
        {
            Clear(removed.Priority);
        }
    }

    /// <summary>Takes out the first thread of the highest priority.</summary>
    /// <returns>Null when nobody is ready.</returns>
    public ObjectPointer<Thread> TakeHighest()
    {
        ObjectPointer<Thread> thread = _first;
        if (thread.IsNull)
        {
            if (_highest == 0)
            {
                return default;
            }

            thread = _heads[_highest - 1];
        }

        Remove(thread);
        return thread;
    }

    private byte Queue(ObjectPointer<Thread> thread)
    {
        HasChanged = true;
        thread.Value.Flags |= ThreadFlags.Queued;
        return thread.Value.Priority;
    }

    // It goes before all; who did so until now is the first in the ring of its priority.
    private void Lead(ObjectPointer<Thread> thread)
    {
        ObjectPointer<Thread> earlier = _first;
        _first = thread;
        _highest = thread.Value.Priority + 1;
        if (!earlier.IsNull)
        {
            AddToRing(earlier.Value.Priority, earlier);
        }
    }

    private void AddToRing(byte priority, ObjectPointer<Thread> thread)
    {
        ThreadQueue.AddFirst(ref _heads[priority], thread);
        Mark(priority);
    }

    private void Mark(byte priority)
    {
        int word = priority / WordBits;
        _occupied[word] |= 1UL << priority;
        _occupiedWords |= 1U << word;
        if (priority >= _highestInRings)
        {
            _highestInRings = priority + 1;
        }
    }

    private void Clear(byte priority)
    {
        int word = priority / WordBits;
        ref ulong occupied = ref _occupied[word];
        occupied &= ~(1UL << priority);
        if (occupied == 0)
        {
            _occupiedWords &= ~(1U << word);
        }

        if (priority + 1 == _highestInRings)
        {
            _highestInRings = HighestOccupied() + 1;
            if (_first.IsNull)
            {
                _highest = _highestInRings;
            }
        }
    }

    private readonly int HighestOccupied()
    {
        if (_occupiedWords == 0)
        {
            return None;
        }

        int word = HighestBit(_occupiedWords);
        return (word * WordBits) + HighestBit(_occupied[word]);
    }

    private static int HighestBit(ulong bits) => WordBits - 1 - BitOperations.LeadingZeroCount(bits);

    [InlineArray(Priorities)]
    private struct Heads
    {
        private ObjectPointer<Thread> _head0;
    }

    [InlineArray(Priorities / WordBits)]
    private struct Words
    {
        private ulong _word0;
    }
}
