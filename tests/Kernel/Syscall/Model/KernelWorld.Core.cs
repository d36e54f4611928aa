using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;
using Atoll.Sched;
using Atoll.Syscall;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>The core: what programs ask, what interrupts them, what the trampolines and the timer do. Plays <c>Entry</c> and
/// <c>Programs</c>.</summary>
public sealed unsafe partial class KernelWorld
{
    private CpuRegisters _cpu;

    /// <summary>When the timer fires while a program runs; the greatest number: never.</summary>
    public ulong TimerAt { get; private set; }

    /// <summary>The timer is about to fire.</summary>
    public Action? TimerFires { get; set; }

    /// <summary>Calls that took the fast path.</summary>
    public long FastCalls { get; private set; }

    /// <summary>The running thread; null: the event loop.</summary>
    public ObjectPointer<Thread> Running => Scheduler.Entry.Current == 0 ? default : Thread.OfContext(Scheduler.Entry.Current);

    /// <summary>The running program; null: the event loop.</summary>
    public Program? RunningProgram => ProgramOf(Running);

    /// <summary>The core's registers.</summary>
    public ref CpuRegisters Cpu => ref _cpu;

    /// <summary>A system call of the running thread. R12 and R13 are what it passes there.</summary>
    public void SystemCall(
        ulong number, ulong address, ulong header = 0, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0,
            ulong reply = 0, ulong deadline = 0)
    {
        _cpu.Rax = number;
        _cpu.Rdi = address;
        _cpu.Rsi = header;
        _cpu.Rdx = word0;
        _cpu.R10 = word1;
        _cpu.R8 = word2;
        _cpu.R9 = word3;
        _cpu.R12 = reply;
        _cpu.R13 = deadline;
        ref Scheduler scheduler = ref Scheduler;
        scheduler.Entry.UserRsp = _cpu.Rsp;
        ref ThreadContext context = ref Running.Value.Context;
        context.Rsi = header;
        context.Rdx = word0;
        context.R10 = word1;
        context.R8 = word2;
        context.R9 = word3;
        ulong exit = number == (ulong)global::Atoll.Abi.SystemCall.Call ? Path.TryCall(ref scheduler, in _cpu)
            : number == (ulong)global::Atoll.Abi.SystemCall.ReplyReceive ? Path.TryReplyReceive(ref scheduler, in _cpu)
            : 0;
        if (exit != 0)
        {
            FastCalls++;
            Leave(exit, isInterrupt: false);
            return;
        }

        context.Rip = _cpu.Rip;
        context.Rflags = _cpu.Rflags;
        context.Rsp = _cpu.Rsp;
        exit = Path.TryAtOnce(ref Kernel, in _cpu) ?? SystemCalls.Handle(ref Kernel, number, address, reply, deadline);
        Leave(exit, isInterrupt: false);
    }

    /// <summary>The running thread does what the processor refuses.</summary>
    public void Exception(ulong vector, ulong address = 0, ulong errorCode = 0)
    {
        SaveInterrupted(vector, errorCode);
        Machine.FaultAddress = address;
        Leave(UserTraps.Raise(ref Kernel, Path.IsQuickTried), isInterrupt: true);
    }

    /// <summary>A device interrupts.</summary>
    /// <param name="number">Of its handler.</param>
    public void Device(uint number)
    {
        if (Running.IsNull)
        {
            Kernel.Interrupts.Raise(ref Scheduler, number);
            RunIfAny();
            return;
        }

        SaveInterrupted(InterruptVector.FirstDevice + number, 0);
        Kernel.Interrupts.Raise(ref Scheduler, number);
        AfterInterrupt();
    }

    /// <summary>Time goes on. The timer fires when it is due, and whoever runs then uses the time.</summary>
    public void Advance(ulong ticks)
    {
        ulong end = Machine.Now + ticks;
        while (true)
        {
            ulong due = Running.IsNull ? Budgets.NextEvent(ref Scheduler) : TimerAt;
            due = due <= Machine.Now ? Machine.Now + 1 : due;
            if (due > end)
            {
                break;
            }

            Machine.Now = due;
            TimerFires?.Invoke();
            Timer();
        }

        Machine.Now = end;
    }

    /// <summary>The event loop lets the first program run that can.</summary>
    public void RunIfAny()
    {
        MismatchException.ThrowUnless(Running.IsNull, "a program runs already");
        UserTraps.Elapse(ref Kernel, Machine.Now);
        if (Scheduler.Ready.Highest == ReadyQueues.None)
        {
            return;
        }

        TimerAt = ulong.MaxValue;
        ulong exit = Dispatch.Next(ref Scheduler);
        Arm(isStale: true);
        Scheduler.Entry.Current = exit;
        Enter(exit);
    }

    private void Timer()
    {
        if (Running.IsNull)
        {
            RunIfAny();
            return;
        }

        SaveInterrupted(InterruptVector.Timer, 0);
        TimerAt = ulong.MaxValue;
        UserTraps.Elapse(ref Kernel, Machine.Now);
        ulong exit = Dispatch.Next(ref Scheduler);
        if (exit != ExitWord.Idle)
        {
            Arm(isStale: true);
        }

        Leave(exit, isInterrupt: true);
    }

    private void SaveInterrupted(ulong vector, ulong errorCode)
    {
        ref ThreadContext context = ref Running.Value.Context;
        _cpu.SaveAll(ref context);
        context.Vector = vector;
        context.ErrorCode = errorCode;
    }

    private void AfterInterrupt()
    {
        UserTraps.Elapse(ref Kernel, Machine.Now);
        Leave(Dispatch.Next(ref Scheduler), isInterrupt: true);
    }

    private void Leave(ulong exit, bool isInterrupt)
    {
        ref Scheduler scheduler = ref Scheduler;
        ref ThreadContext context = ref *(ThreadContext*)scheduler.Entry.Current;
        if (exit == ExitWord.SameThread)
        {
            Arm(isStale: false);
            if (isInterrupt)
            {
                _cpu.LoadAll(in context);
                context.Kind = ContextKind.SystemCall;
            }
            else
            {
                _cpu.LoadResults(in context);
            }

            return;
        }

        if (!isInterrupt)
        {
            // Where a thread ended itself these are the words that nobody reads.
            _cpu.SaveKept(ref context);
        }

        if (exit == ExitWord.Idle)
        {
            scheduler.Entry.Current = 0;
            _cpu = default;
            return;
        }

        Arm(isStale: false);
        scheduler.Entry.Current = exit;
        Enter(exit);
    }

    private void Enter(ulong exit)
    {
        ref ThreadContext context = ref Thread.OfContext(exit).Value.Context;
        _cpu.LoadAll(in context);
        context.Kind = ContextKind.SystemCall;
    }

    private void Arm(bool isStale)
    {
        if (Scheduler.TakeChanged() || isStale)
        {
            TimerAt = Budgets.NextEvent(ref Scheduler);
        }
    }
}
