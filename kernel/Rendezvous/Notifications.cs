using Atoll.Abi;
using Atoll.Cap;
using Atoll.Sched;

namespace Atoll.Rendezvous;

/// <summary>Signals: bits that stay until somebody takes them.</summary>
public static class Notifications
{
    /// <summary>Signals: wakes the first that waits, or leaves the bits.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="notification">Which.</param>
    /// <param name="badge">The bits.</param>
    public static void Signal(ref Scheduler scheduler, ObjectPointer<Notification> notification, ulong badge)
    {
        ref Notification signalled = ref notification.Value;
        ObjectPointer<Thread> waiter = signalled.Head;
        if (!waiter.IsNull)
        {
            Leave(ref scheduler, waiter);
            WakeWith(ref scheduler, waiter, badge);
            return;
        }

        ObjectPointer<Thread> bound = signalled.BoundThread;
        if (!bound.IsNull && bound.Value.State == ThreadState.Receiving)
        {
            EndReceive(ref scheduler, bound, badge);
            return;
        }

        signalled.Pending |= badge;
        signalled.IsPending = true;
    }

    /// <summary>Signals end a thread's waits at endpoints from now on: the one that it is in, if something is pending.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="notification">Bound to no thread.</param>
    /// <param name="thread">No notification is bound to it.</param>
    public static void Bind(ref Scheduler scheduler, ObjectPointer<Notification> notification, ObjectPointer<Thread> thread)
    {
        ref Notification bound = ref notification.Value;
        bound.BoundThread = thread;
        thread.Value.BoundNotification = notification;
        if (bound.IsPending && thread.Value.State == ThreadState.Receiving)
        {
            EndReceive(ref scheduler, thread, TakePending(ref bound));
        }
    }

    /// <summary>A thread waits for a signal, or takes what is pending.</summary>
    public static void Wait(ref Scheduler scheduler, ObjectPointer<Notification> notification, ObjectPointer<Thread> thread, WaitBound wait)
    {
        ref Thread waits = ref thread.Value;
        ref Notification awaited = ref notification.Value;
        if (awaited.IsPending)
        {
            Take(ref awaited, ref waits);
            return;
        }

        if (!wait.MayWait)
        {
            waits.Context.Rax = (ulong)SystemResult.WouldBlock;
            return;
        }

        waits.State = ThreadState.AwaitingSignal;
        waits.Notification = notification;
        ThreadQueue.AddLast(ref awaited.Head, thread);
        WaitBound.Arm(ref scheduler, thread);
    }

    /// <summary>A thread that receives from an endpoint takes what is pending at the notification bound to it.</summary>
    /// <returns>Whether there was anything.</returns>
    public static bool TakeBound(ref Thread receiver)
    {
        if (receiver.BoundNotification.IsNull || !receiver.BoundNotification.Value.IsPending)
        {
            return false;
        }

        Take(ref receiver.BoundNotification.Value, ref receiver);
        return true;
    }

    /// <summary>Takes a waiting thread out of its notification's queue.</summary>
    public static void Leave(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        ThreadQueue.Remove(ref thread.Value.Notification.Value.Head, thread);
        thread.Value.Notification = default;
        if (thread.Value.HasDeadline)
        {
            scheduler.Deadlines.Remove(thread);
        }
    }

    private static void EndReceive(ref Scheduler scheduler, ObjectPointer<Thread> thread, ulong bits)
    {
        Endpoints.Leave(ref scheduler, thread);
        Endpoints.Withdraw(ref thread.Value);
        WakeWith(ref scheduler, thread, bits);
    }

    private static void WakeWith(ref Scheduler scheduler, ObjectPointer<Thread> thread, ulong bits)
    {
        MessageTransfer.CarrySignal(ref thread.Value, bits);
        Dispatch.Wake(ref scheduler, thread);
    }

    private static void Take(ref Notification from, ref Thread thread) => MessageTransfer.CarrySignal(ref thread, TakePending(ref from));

    private static ulong TakePending(ref Notification from)
    {
        ulong bits = from.Pending;
        from.Pending = 0;
        from.IsPending = false;
        return bits;
    }
}
