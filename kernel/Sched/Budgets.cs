using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Sched;

/// <summary>Charges time to budgets.</summary>
/// <remarks>
/// A context has <see cref="SchedulingContext.Budget"/> ticks in each <see cref="SchedulingContext.Period"/>. A period begins when a full budget is first used, so
/// that who slept long does not get the budgets of the time that it slept. Budget and period equal: no limit, the budget is the turn of round robin.
/// </remarks>
public static class Budgets
{
    /// <summary>From now on another context is charged; the one before pays what it used.</summary>
    public static void ChargeTo(ref Scheduler scheduler, ObjectPointer<SchedulingContext> next, ulong now)
    {
        Settle(ref scheduler, now);
        scheduler.ChargeChanged = true;
        scheduler.Charged = next;
        if (!next.IsNull)
        {
            Begin(ref next.Value, now);
        }
    }

    /// <summary>Takes what was used since the last time from the context that is charged.</summary>
    public static void Settle(ref Scheduler scheduler, ulong now)
    {
        if (!scheduler.Charged.IsNull)
        {
            ref SchedulingContext paid = ref scheduler.Charged.Value;
            ulong used = now - scheduler.ChargedSince;
            paid.Used += used;
            paid.Remaining = used >= paid.Remaining ? 0 : paid.Remaining - used;
        }

        scheduler.ChargedSince = now;
    }

    /// <summary>Deals with the end of the running thread's budget, if it has come to that. Call it after <see cref="Settle"/>.</summary>
    /// <returns>Whether a limited budget ended: the thread does not run on before the next.</returns>
    public static bool CheckEnd(ref Scheduler scheduler, ulong now)
    {
        ObjectPointer<Thread> current = scheduler.Current;
        if (current.IsNull || current.Value.State != ThreadState.Ready || current.Value.SchedulingContext.IsNull)
        {
            return false;
        }

        ref SchedulingContext time = ref current.Value.SchedulingContext.Value;
        if (time.Remaining != 0)
        {
            return false;
        }

        if (!time.IsLimited || now >= time.RefillAt)
        {
            Refill(ref time);
            Begin(ref time, now);
            Dispatch.Yield(ref scheduler);
            return false;
        }

        Dispatch.AwaitBudget(ref scheduler, current);
        return true;
    }

    /// <summary>Sets budget and period: the first budget is there at once, also for a thread that waited for the next of the old
    /// ones.</summary>
    public static void Configure(
        ref Scheduler scheduler, ObjectPointer<SchedulingContext> context, ulong budget, ulong period, ulong now)
    {
        Settle(ref scheduler, now);
        ref SchedulingContext time = ref context.Value;
        time.Budget = budget;
        time.Period = period;
        Refill(ref time);
        if (context.Is(scheduler.Charged))
        {
            Begin(ref time, now);
            scheduler.ChargeChanged = true;
        }

        if (!time.Runner.IsNull)
        {
            Dispatch.Reconsider(ref scheduler, time.Runner);
        }
    }

    /// <summary>A full budget again. Its period begins when it is first used.</summary>
    public static void Refill(ref SchedulingContext time)
    {
        time.Remaining = time.Budget;
        time.RefillAt = 0;
    }

    /// <summary>When something has to happen by itself: a deadline, or the end of the running thread's turn. The greatest number: never.</summary>
    public static ulong NextEvent(ref Scheduler scheduler)
    {
        ulong next = scheduler.Deadlines.Earliest;
        if (scheduler.Charged.IsNull)
        {
            return next;
        }

        // When nobody else of this priority waits for a turn, and nothing ends, there is no tick.
        ref SchedulingContext time = ref scheduler.Charged.Value;
        ObjectPointer<Thread> runner = time.Runner;
        bool matters = time.IsLimited || (!runner.IsNull && runner.Value.Priority == scheduler.Ready.Highest);
        ulong end = scheduler.ChargedSince + time.Remaining;
        return matters && end < next ? end : next;
    }

    /// <summary>The next thread whose deadline has come, out of the heap; null when there is none.</summary>
    public static ObjectPointer<Thread> TakeDue(ref Scheduler scheduler, ulong now)
    {
        if (scheduler.Deadlines.IsEmpty || scheduler.Deadlines.Earliest > now)
        {
            return default;
        }

        ObjectPointer<Thread> due = scheduler.Deadlines.First;
        scheduler.Deadlines.Remove(due);
        return due;
    }

    private static void Begin(ref SchedulingContext time, ulong now)
    {
        if (time.RefillAt == 0)
        {
            time.RefillAt = now + time.Period;
        }
    }
}
