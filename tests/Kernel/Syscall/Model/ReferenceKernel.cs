using Atoll.Abi;
using Atoll.Cap;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>What programs may expect, with plain collections: who runs, who waits for what, who pays. This part: time.</summary>
public sealed partial class ReferenceKernel
{
    private const int DueAtOnceMax = 16;
    private readonly List<ModelThread>[] _ready = [.. Enumerable.Range(0, 256).Select(_ => new List<ModelThread>())];
    private ulong _chargedSince;

    /// <summary>Threads that live, in the order in which they were made.</summary>
    public List<ModelThread> Threads { get; } = [];

    /// <summary>Who runs; null: nobody.</summary>
    public ModelThread? Running { get; private set; }

    /// <summary>Whose time it is.</summary>
    public ModelTime? Charged { get; private set; }

    /// <summary>Now.</summary>
    public ulong Now { get; private set; }

    /// <summary>Two things were due at the same tick: in which order they happen is not promised, so the run ends.</summary>
    public bool HasTie { get; private set; }

    /// <summary>Threads of a priority that could run, first come first.</summary>
    public IReadOnlyList<ModelThread> Ready(int priority) => _ready[priority];

    /// <summary>When something happens by itself; the greatest number: never.</summary>
    public ulong NextDue => Threads.Select(thread => thread.WaitEnds ?? thread.BudgetAt ?? ulong.MaxValue)
        .Append(Running?.Time is { IsLimited: true } time ? _chargedSince + time.Remaining : ulong.MaxValue).Min();

    /// <summary>Time goes on; whoever runs uses it.</summary>
    public void MoveTo(ulong now)
    {
        if (Running is not null)
        {
            Running.Time!.Used += now - Now;
        }

        Now = now;
    }

    /// <summary>A thread begins.</summary>
    public void Start(ModelThread thread) => Wake(thread);

    /// <summary>The timer fires.</summary>
    public void Timer(ulong now)
    {
        MoveTo(now);
        if (Running is not null)
        {
            Running.ErrorCode = 0;
        }

        Interrupt();
    }

    /// <summary>The timer, or an interrupt: budgets end, deadlines come. Then who goes first runs.</summary>
    public void Interrupt()
    {
        Elapse();
        Next();
    }

    /// <summary>Who goes first runs.</summary>
    public void Next()
    {
        ModelThread? current = Running;
        if (current is { State: ThreadState.Ready, BudgetAt: null, Time: not null, Space: not null }
            && !_ready[current.Priority].Contains(current))
        {
            if (current.Priority >= Highest)
            {
                Charge(current.Time);
                return;
            }

            _ready[current.Priority].Insert(0, current);
        }

        int highest = Highest;
        Running = highest < 0 ? null : _ready[highest][0];
        if (Running is not null)
        {
            _ready[highest].RemoveAt(0);
        }

        Charge(Running?.Time);
    }

    private int Highest => Array.FindLastIndex(_ready, threads => threads.Count > 0);

    private void Elapse()
    {
        Settle();
        if (Running is { State: ThreadState.Ready, Time: { Remaining: 0 } time } current)
        {
            EndBudget(current, time);
        }

        List<ModelThread> due = [.. Threads.Where(thread => (thread.WaitEnds ?? thread.BudgetAt) <= Now).OrderBy(thread =>
            thread.WaitEnds ?? thread.BudgetAt)];
        HasTie |= due.Select(thread => thread.WaitEnds ?? thread.BudgetAt).Distinct().Count() != due.Count;
        foreach (ModelThread thread in due.Take(DueAtOnceMax))
        {
            if (thread.State == ThreadState.Ready)
            {
                thread.BudgetAt = null;
                Refill(thread.Time!);
                Wake(thread);
            }
            else
            {
                thread.WaitEnds = null;
                EndWait(thread, SystemResult.TimedOut);
            }
        }
    }

    private void EndBudget(ModelThread current, ModelTime time)
    {
        if (time.IsLimited && Now < time.RefillAt)
        {
            current.BudgetAt = time.RefillAt;
            if ((current.Options & FaultOptions.Budget) != 0)
            {
                Raise(current, FaultKind.Budget, time.Used);
            }

            return;
        }

        Refill(time);
        Begin(time);
        Yield();
    }

    private void Yield()
    {
        if (Running!.Priority == Highest)
        {
            _ready[Running.Priority].Add(Running);
        }
    }

    private void Charge(ModelTime? time)
    {
        if (Charged != time)
        {
            Settle();
            Charged = time;
            if (time is not null)
            {
                Begin(time);
            }
        }
    }

    private void Settle()
    {
        if (Charged is not null)
        {
            ulong used = Now - _chargedSince;
            Charged.Remaining -= Math.Min(used, Charged.Remaining);
        }

        _chargedSince = Now;
    }

    private void Begin(ModelTime time) => time.RefillAt = time.RefillAt == 0 ? Now + time.Period : time.RefillAt;

    private static void Refill(ModelTime time)
    {
        time.Remaining = time.Budget;
        time.RefillAt = 0;
    }

    private void Wake(ModelThread thread)
    {
        thread.State = ThreadState.Ready;
        Enqueue(thread);
    }

    private void Enqueue(ModelThread thread)
    {
        if (thread.Time is not { } time)
        {
            return;
        }

        if (time.Remaining == 0 && time.IsLimited)
        {
            thread.BudgetAt = time.RefillAt;
        }
        else if (thread.Space is not null)
        {
            _ready[thread.Priority].Add(thread);
        }
    }

    private void Withdraw(ModelThread thread)
    {
        _ready[thread.Priority].Remove(thread);
        thread.BudgetAt = null;
        thread.WaitEnds = null;
    }

    private void Stop(ModelThread thread)
    {
        Withdraw(thread);
        thread.State = ThreadState.Inactive;
    }

    private void Reconsider(ModelThread thread)
    {
        if (thread.State != ThreadState.Ready)
        {
            return;
        }

        Withdraw(thread);
        if (thread != Running)
        {
            Enqueue(thread);
        }
    }

    private void SetTime(ModelThread thread, ModelTime? time)
    {
        if (thread.State == ThreadState.Ready)
        {
            Withdraw(thread);
        }

        if (thread.Time is not null)
        {
            thread.Time.Runner = null;
        }

        thread.Time = time;
        if (time is not null)
        {
            time.Runner = thread;
            if (thread.State == ThreadState.Ready && thread != Running)
            {
                Enqueue(thread);
            }
        }
    }
}
