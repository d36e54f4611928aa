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
    public static void Raise(ref Microkernel kernel)
    {
        ObjectPointer<Thread> current = kernel.Scheduler.Current;
        ulong vector = current.Value.Context.Vector;
        FaultKind kind = KindOf(vector);
        Faults.Raise(ref kernel.Scheduler, current, kind, kind == FaultKind.Page ? Cpu.FaultAddress() : vector);
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
