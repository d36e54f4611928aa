using Atoll.Base;
using Atoll.Cap;

namespace Atoll.Sched;

/// <summary>Threads that something happens to at a time: the end of a wait, or a new budget. A leftist heap, earliest first.</summary>
/// <remarks>
/// Its nodes are in the threads, so it needs no memory of its own. Every operation follows right spines only, which have at
/// most log2(n + 1) nodes: it costs O(log n), in the worst case too.
/// Source: Knuth, The Art of Computer Programming, Vol. 3, "Priority queues" (leftist trees, C. A. Crane).
/// </remarks>
[NonCopyable]
public struct DeadlineHeap
{
    // More than any right spine: a heap of 2^48 threads has no longer one.
    private const int SpineMax = 64;

    private ObjectPointer<Thread> _root;

    /// <summary>Whether anybody came or went since this was last set to false.</summary>
    public bool HasChanged;

    /// <summary>Whether nobody has a deadline.</summary>
    public readonly bool IsEmpty => _root.IsNull;

    /// <summary>The thread whose deadline is the earliest; null when there is none.</summary>
    public readonly ObjectPointer<Thread> First => _root;

    /// <summary>The earliest deadline, in TSC ticks; the greatest number when there is none.</summary>
    public readonly ulong Earliest => _root.IsNull ? ulong.MaxValue : _root.Value.Deadline;

    /// <summary>Adds a thread, whose <see cref="Thread.Deadline"/> is set.</summary>
    public void Add(ObjectPointer<Thread> thread)
    {
        ref Thread added = ref thread.Value;
        Check.That(!added.HasDeadline);
        HasChanged = true;
        added.Flags |= ThreadFlags.HasDeadline;
        added.DeadlineLeft = default;
        added.DeadlineRight = default;
        added.DeadlineParent = default;
        added.DeadlineRank = 1;
        SetRoot(Merge(_root, thread));
    }

    /// <summary>Takes out a thread that is in the heap.</summary>
    public void Remove(ObjectPointer<Thread> thread)
    {
        ref Thread removed = ref thread.Value;
        Check.That(removed.HasDeadline);
        ObjectPointer<Thread> parent = removed.DeadlineParent;
        ObjectPointer<Thread> rest = Merge(removed.DeadlineLeft, removed.DeadlineRight);
        HasChanged = true;
        removed.Flags &= ~ThreadFlags.HasDeadline;
        removed.DeadlineLeft = default;
        removed.DeadlineRight = default;
        removed.DeadlineParent = default;
        if (parent.IsNull)
        {
            SetRoot(rest);
            return;
        }

        ref Thread above = ref parent.Value;
        if (above.DeadlineLeft.Is(thread))
        {
            above.DeadlineLeft = rest;
        }
        else
        {
            above.DeadlineRight = rest;
        }

        if (!rest.IsNull)
        {
            rest.Value.DeadlineParent = parent;
        }

        RestoreAbove(parent);
    }

    private void SetRoot(ObjectPointer<Thread> root)
    {
        _root = root;
        if (!root.IsNull)
        {
            root.Value.DeadlineParent = default;
        }
    }

    // Down the two right spines in the order of deadlines, then up again to restore ranks.
    private static ObjectPointer<Thread> Merge(ObjectPointer<Thread> one, ObjectPointer<Thread> other)
    {
        if (one.IsNull)
        {
            return other;
        }

        if (other.IsNull)
        {
            return one;
        }

        if (other.Value.Deadline < one.Value.Deadline)
        {
            ObjectPointer<Thread> later = one;
            one = other;
            other = later;
        }

        ObjectPointer<Thread> top = one;
        top.Value.DeadlineParent = default;
        ObjectPointer<Thread> place = top;
        for (int depth = 0; !other.IsNull; depth++)
        {
            Check.That(depth < 2 * SpineMax);
            ObjectPointer<Thread> right = place.Value.DeadlineRight;
            if (!right.IsNull && right.Value.Deadline <= other.Value.Deadline)
            {
                place = right;
                continue;
            }

            place.Value.DeadlineRight = other;
            other.Value.DeadlineParent = place;
            place = other;
            other = right;
        }

        RestoreSpine(place);
        return top;
    }

    // Every node of a merged spine has a new right child, so all of them are looked at.
    private static void RestoreSpine(ObjectPointer<Thread> lowest)
    {
        for (ObjectPointer<Thread> at = lowest; !at.IsNull; at = at.Value.DeadlineParent)
        {
            Restore(ref at.Value);
        }
    }

    // Above a node that keeps its rank nothing changes.
    private static void RestoreAbove(ObjectPointer<Thread> from)
    {
        ObjectPointer<Thread> at = from;
        while (!at.IsNull && Restore(ref at.Value))
        {
            at = at.Value.DeadlineParent;
        }
    }

    // The shorter side goes right. Tells whether the rank is another one.
    private static bool Restore(ref Thread node)
    {
        if (Rank(node.DeadlineLeft) < Rank(node.DeadlineRight))
        {
            ObjectPointer<Thread> left = node.DeadlineLeft;
            node.DeadlineLeft = node.DeadlineRight;
            node.DeadlineRight = left;
        }

        uint rank = Rank(node.DeadlineRight) + 1;
        bool changed = rank != node.DeadlineRank;
        node.DeadlineRank = rank;
        return changed;
    }

    private static uint Rank(ObjectPointer<Thread> node) => node.IsNull ? 0 : node.Value.DeadlineRank;
}
