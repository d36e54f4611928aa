using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>A signal that wakes who goes first of all, and the wait for the next: straight to the thread that runs then. Anything else is left to the long way, with nothing
/// changed.</summary>
/// <remarks>
/// The usual case: a notification in the root CNode, a waiter without a deadline, a wait that may last. Both threads have time of their own, so a clock is read, and whoever calls arms
/// the timer. Cost: bench figure <c>signal.switch</c>.
/// </remarks>
public static class SignalSwitch
{
    /// <summary>Does a signal, or a wait for one, of the running thread at a plain slot.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="current">The running thread.</param>
    /// <param name="number">RAX, from the program.</param>
    /// <param name="address">RDI, from the program.</param>
    /// <returns>The context to go on with, or <see cref="ExitWord.Idle"/>; 0: not done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Try(ref Scheduler scheduler, ObjectPointer<Thread> current, ulong number, ulong address)
    {
        if (address >= current.Value.PlainSlots)
        {
            return 0;
        }

        ref readonly CapabilitySlot slot = ref CNode.Slot(current.Value.RootSlots, address).Value;
        return number switch
        {
            (ulong)SystemCall.Send when FastPath.Holds(in slot, CapabilityType.Notification, CapabilityRights.Write) =>
                TryWake(ref scheduler, current, slot.Notification, slot.Badge),
            (ulong)SystemCall.Receive when FastPath.Holds(in slot, CapabilityType.Notification, CapabilityRights.Read) =>
                TryWait(ref scheduler, current, slot.Notification),
            _ => 0,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong TryWake(ref Scheduler scheduler, ObjectPointer<Thread> current, ObjectPointer<Notification> notification, ulong badge)
    {
        ObjectPointer<Thread> waiter = notification.Value.Head;
        if (waiter.IsNull || !GoesFirst(in waiter.Value, in current.Value))
        {
            return 0;
        }

        ThreadQueue.Remove(ref notification.Value.Head, waiter);
        ref Thread woken = ref waiter.Value;
        woken.Notification = default;
        woken.State = ThreadState.Ready;
        MessageTransfer.CarrySignal(ref woken, badge);
        current.Value.Context.Rax = (ulong)SystemResult.Ok;
        scheduler.Ready.AddFirst(current);
        return Dispatch.Run(ref scheduler, waiter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong TryWait(ref Scheduler scheduler, ObjectPointer<Thread> current, ObjectPointer<Notification> notification)
    {
        if (notification.Value.IsPending)
        {
            return 0;
        }

        current.Value.Flags = ThreadFlags.None;
        Notifications.Wait(ref scheduler, notification, current, WaitBound.None);
        return Dispatch.Next(ref scheduler);
    }

    // On time of its own, of which some is left, in an address space, before the running thread; so before all that are ready, too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool GoesFirst(ref readonly Thread waiter, ref readonly Thread current) =>
        (waiter.Flags & (ThreadFlags.HasDeadline | ThreadFlags.NoSpace)) == 0
        && waiter.Priority > current.Priority
        && !waiter.SchedulingContext.IsNull
        && waiter.SchedulingContext.Value.Remaining != 0;
}
