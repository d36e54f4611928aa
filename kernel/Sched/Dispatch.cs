using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;

namespace Atoll.Sched;

/// <summary>Lets threads run and stops them.</summary>
/// <remarks>
/// Context: the kernel, interrupts off. Blocks: never. Each costs a fixed number of steps, or O(log n) where a deadline changes.
/// A thread whose state is Ready is in one of four places: it runs; it is in a ready queue; it waits for its next budget (it has a
/// deadline); or it has no time of its own and runs when somebody who calls it lends some.
/// </remarks>
public static class Dispatch
{
    /// <summary>A thread can run from now on as far as it is concerned.</summary>
    public static void Wake(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        ref Thread woken = ref thread.Value;
        woken.State = ThreadState.Ready;
        if (!woken.SchedulingContext.IsNull)
        {
            Enqueue(ref scheduler, thread);
        }
        else
        {
            scheduler.HasForeignNews |= (woken.Flags & ThreadFlags.Foreign) != 0;
        }
    }

    /// <summary>A thread cannot run any more. Whoever calls knows why, and ends its wait at an endpoint or notification first.</summary>
    public static void Stop(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        Withdraw(ref scheduler, thread);
        thread.Value.State = ThreadState.Inactive;
    }

    /// <summary>Takes a thread out of its ready queue, and its deadline from it.</summary>
    public static void Withdraw(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        ref Thread withdrawn = ref thread.Value;
        if (withdrawn.IsQueued)
        {
            scheduler.Ready.Remove(thread);
        }

        if (withdrawn.HasDeadline)
        {
            scheduler.Deadlines.Remove(thread);
        }
    }

    /// <summary>A thread runs on other time from now on: none, its own, or lent time.</summary>
    public static void SetTime(ref Scheduler scheduler, ObjectPointer<Thread> thread, ObjectPointer<SchedulingContext> time)
    {
        ref Thread changed = ref thread.Value;
        bool isReady = changed.State == ThreadState.Ready;
        if (isReady)
        {
            Withdraw(ref scheduler, thread);
        }

        if (!changed.SchedulingContext.IsNull)
        {
            changed.SchedulingContext.Value.Runner = default;
        }

        changed.SchedulingContext = time;
        if (!time.IsNull)
        {
            time.Value.Runner = thread;
            if (isReady && !thread.Is(scheduler.Current))
            {
                Enqueue(ref scheduler, thread);
            }
        }
    }

    /// <summary>A thread has got, or has lost, the address space that it needs to run.</summary>
    public static void Reconsider(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        ref Thread changed = ref thread.Value;
        if (changed.State != ThreadState.Ready)
        {
            return;
        }

        Withdraw(ref scheduler, thread);
        if (!changed.SchedulingContext.IsNull && !thread.Is(scheduler.Current))
        {
            Enqueue(ref scheduler, thread);
        }
    }

    /// <summary>Moves a thread to another priority.</summary>
    public static void SetPriority(ref Scheduler scheduler, ObjectPointer<Thread> thread, byte priority)
    {
        bool queued = thread.Value.IsQueued;
        if (queued)
        {
            scheduler.Ready.Remove(thread);
        }

        thread.Value.Priority = priority;

        // The turn of the running thread ends only when others of its priority wait.
        scheduler.ChargeChanged = true;
        if (queued)
        {
            scheduler.Ready.AddLast(thread);
        }
    }

    /// <summary>The running thread goes behind the others of its priority.</summary>
    public static void Yield(ref Scheduler scheduler)
    {
        ObjectPointer<Thread> current = scheduler.Current;
        if (current.Value.Priority == scheduler.Ready.Highest)
        {
            scheduler.Ready.AddLast(current);
        }
    }

    /// <summary>Decides who runs when the kernel goes back to ring 3, and makes it so.</summary>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    public static ulong Next(ref Scheduler scheduler)
    {
        ObjectPointer<Thread> current = scheduler.Current;
        return !current.IsNull && GoesOnAsItWas(in scheduler, in current.Value) ? ExitWord.SameThread : Choose(ref scheduler, current);
    }

    // Nearly always: nothing that decides about it has changed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool GoesOnAsItWas(ref readonly Scheduler scheduler, ref readonly Thread current) =>
        CanGoOn(in current)
        && GoesFirst(in scheduler, in current)
        && current.TableRoot == scheduler.LoadedTables
        && current.SchedulingContext.Is(scheduler.Charged);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Choose(ref Scheduler scheduler, ObjectPointer<Thread> current)
    {
        bool canGoOn = !current.IsNull && CanGoOn(in current.Value);
        if (canGoOn && GoesFirst(in scheduler, in current.Value))
        {
            // It may have given itself another address space, and have received a caller's time with its message.
            Charge(ref scheduler, in current.Value);
            UseTables(ref scheduler, in current.Value);
            return ExitWord.SameThread;
        }

        ObjectPointer<Thread> next = scheduler.Ready.TakeHighest();
        if (canGoOn)
        {
            // It has not had its turn to the end, so it goes on before the others of its priority.
            scheduler.Ready.AddFirst(current);
        }

        if (next.IsNull)
        {
            scheduler.Leave();
            Budgets.ChargeTo(ref scheduler, default, Cpu.ReadTsc());
            return ExitWord.Idle;
        }

        return Run(ref scheduler, next);
    }

    /// <summary>Makes a thread the one that runs next. It is in no queue, and has time.</summary>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    public static ulong Run(ref Scheduler scheduler, ObjectPointer<Thread> next)
    {
        ref Thread runs = ref next.Value;
        Charge(ref scheduler, in runs);
        UseTables(ref scheduler, in runs);
        scheduler.Switches++;
        ulong exit = next.Is(scheduler.Current) ? ExitWord.SameThread : next.Address;
        scheduler.Leave();
        return exit;
    }

    /// <summary>Waits for the next budget of its time.</summary>
    internal static void AwaitBudget(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        thread.Value.Deadline = thread.Value.SchedulingContext.Value.RefillAt;
        scheduler.Deadlines.Add(thread);
    }

    private static void Charge(ref Scheduler scheduler, ref readonly Thread runs)
    {
        if (!runs.SchedulingContext.Is(scheduler.Charged))
        {
            Budgets.ChargeTo(ref scheduler, runs.SchedulingContext, Cpu.ReadTsc());
        }
    }

    private static void UseTables(ref Scheduler scheduler, ref readonly Thread runs)
    {
        if (runs.TableRoot != scheduler.LoadedTables)
        {
            scheduler.LoadedTables = runs.TableRoot;
            Cpu.UsePageTables(runs.TableRoot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool CanGoOn(ref readonly Thread current) =>
        current.State == ThreadState.Ready
        && (current.Flags & (ThreadFlags.Queued | ThreadFlags.HasDeadline)) == 0
        && !current.SchedulingContext.IsNull
        && current.TableRoot != 0;

    // Who runs has not had its turn to the end: it goes before its equals.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool GoesFirst(ref readonly Scheduler scheduler, ref readonly Thread current) =>
        current.Priority >= scheduler.Ready.Highest;

    private static void Enqueue(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        ref SchedulingContext time = ref thread.Value.SchedulingContext.Value;

        // A turn of round robin that is over is no reason to wait: lower priorities would run. It ends once others of its priority wait.
        if (time.Remaining == 0 && time.IsLimited)
        {
            AwaitBudget(ref scheduler, thread);
        }
        else if (thread.Value.TableRoot != 0)
        {
            scheduler.Ready.AddLast(thread);
        }
    }
}
