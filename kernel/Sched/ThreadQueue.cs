using Atoll.Base;
using Atoll.Cap;

namespace Atoll.Sched;

/// <summary>A ring of threads, named by its first: who waits at an endpoint, or is ready at a priority.</summary>
/// <remarks>A thread is in one ring at most, through <see cref="Thread.Next"/> and <see cref="Thread.Previous"/>.</remarks>
public static class ThreadQueue
{
    /// <summary>Adds a thread behind the others.</summary>
    public static void AddLast(ref ObjectPointer<Thread> first, ObjectPointer<Thread> thread)
    {
        ref Thread added = ref thread.Value;
        Check.That(added.Next.IsNull);
        if (first.IsNull)
        {
            added.Next = thread;
            added.Previous = thread;
            first = thread;
            return;
        }

        ObjectPointer<Thread> last = first.Value.Previous;
        added.Next = first;
        added.Previous = last;
        first.Value.Previous = thread;
        last.Value.Next = thread;
    }

    /// <summary>Adds a thread before the others.</summary>
    public static void AddFirst(ref ObjectPointer<Thread> first, ObjectPointer<Thread> thread)
    {
        AddLast(ref first, thread);
        first = thread;
    }

    /// <summary>Takes a thread out of the ring that it is in.</summary>
    public static void Remove(ref ObjectPointer<Thread> first, ObjectPointer<Thread> thread)
    {
        ref Thread removed = ref thread.Value;
        Check.That(!removed.Next.IsNull);
        if (removed.Next.Is(thread))
        {
            Check.That(first.Is(thread));
            first = default;
        }
        else
        {
            removed.Next.Value.Previous = removed.Previous;
            removed.Previous.Value.Next = removed.Next;
            if (first.Is(thread))
            {
                first = removed.Next;
            }
        }

        removed.Next = default;
        removed.Previous = default;
    }
}
