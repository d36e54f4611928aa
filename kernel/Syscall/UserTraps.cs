using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>Exceptions of programs: each is a fault of the thread, and nothing of the kernel's.</summary>
public static class UserTraps
{
    /// <summary>Exceptions that the running thread can have; the rest are the machine's.</summary>
    /// <remarks>Source: Intel SDM Vol. 3A, "Exception and Interrupt Reference".</remarks>
    /// <param name="kernel">The core's.</param>
    /// <param name="isQuickTried">Whether a handler that waits is gone over to at once.</param>
    /// <returns>An <see cref="ExitWord"/>. No clock is read: what has become due meanwhile the timer tells.</returns>
    public static ulong Raise(ref Microkernel kernel, bool isQuickTried)
    {
        ref Scheduler scheduler = ref kernel.Scheduler;
        ObjectPointer<Thread> current = scheduler.Current;
        ulong vector = current.Value.Context.Vector;
        FaultKind kind = KindOf(vector);
        ulong address = kind == FaultKind.Page ? Cpu.FaultAddress() : vector;
        ulong next = isQuickTried ? HandOver.TryFault(ref scheduler, current, kind, address) : 0;
        if (next != 0)
        {
            return next;
        }

        Faults.Raise(ref scheduler, current, kind, address);
        return Dispatch.Next(ref scheduler);
    }

    /// <summary>What time has brought: the end of the running budget, and of waits.</summary>
    /// <remarks>At most a few at once: the timer comes again at once for the rest.</remarks>
    public static void Elapse(ref Microkernel kernel, ulong now)
    {
        const int dueAtOnceMax = 16;
        ref Scheduler scheduler = ref kernel.Scheduler;
        Budgets.Settle(ref scheduler, now);
        if (Budgets.CheckEnd(ref scheduler, now))
        {
            TellBudgetEnd(ref scheduler);
        }

        for (int taken = 0; taken < dueAtOnceMax; taken++)
        {
            ObjectPointer<Thread> due = Budgets.TakeDue(ref scheduler, now);
            if (due.IsNull)
            {
                return;
            }

            if (due.Value.State == ThreadState.Ready)
            {
                Budgets.Refill(ref due.Value.SchedulingContext.Value);
                Dispatch.Wake(ref scheduler, due);
            }
            else
            {
                Cancellation.EndWait(ref scheduler, due, SystemResult.TimedOut);
            }
        }
    }

    private static void TellBudgetEnd(ref Scheduler scheduler)
    {
        ObjectPointer<Thread> current = scheduler.Current;
        if ((current.Value.FaultOptions & FaultOptions.Budget) != 0)
        {
            Faults.Raise(ref scheduler, current, FaultKind.Budget, current.Value.SchedulingContext.Value.Used);
        }
    }

    private static FaultKind KindOf(ulong vector) => vector switch
    {
        0 => FaultKind.Divide,
        1 or 3 => FaultKind.Debug,
        6 or 7 => FaultKind.UndefinedInstruction,
        14 => FaultKind.Page,
        16 or 19 => FaultKind.FloatingPoint,
        _ => FaultKind.Protection,
    };
}
