using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Sched;
using Atoll.Syscall;

namespace Atoll.Programs;

/// <summary>Where the event loop lets programs run, and takes over again.</summary>
/// <remarks>
/// While a program runs the instance's wake word says that it sleeps: a doorbell then interrupts the program, and the event loop looks at the links. So a
/// program that never calls the kernel keeps it from nothing, and one that calls it often costs the links nothing. When all programs wait the core halts at once: the wake word has
/// said so since before they ran (decision 0240).
/// </remarks>
public static class ProgramLoop
{
    /// <summary>The event loop begins, on an empty stack: for the first time, or because programs came to a stop.</summary>
    [Blocks]
    public static unsafe void Enter(ref InstanceState state)
    {
        if (state.Wake.SaysAsleep)
        {
            if (AllWait(in state))
            {
                Park(ref state);
            }

            state.Wake.Withdraw<CoherentMemory>(state.Map.Wake);
        }

        state.Kernel.Figures.Turns++;
        state.Kernel.Figures.SleptTicks = state.SleptTsc;
    }

    /// <summary>After a turn: deals with interrupts and deadlines of programs, and lets the first that can run go on. Returns when none can.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="dutyMicroseconds">When the event loop has something to do by itself, or <see cref="EventLoop.NoTimer"/>.</param>
    public static unsafe void RunIfAny<TDuty>(ref InstanceState state, ulong dutyMicroseconds)
        where TDuty : IDuty
    {
        ref Microkernel kernel = ref state.Kernel;
        if (kernel.Interrupts.HasRaised)
        {
            DeviceInterrupts.SignalRaised(ref kernel);
        }

        ulong now = Cpu.ReadTsc();
        UserTraps.Elapse(ref kernel, now);
        if (kernel.Scheduler.Ready.Highest == ReadyQueues.None)
        {
            return;
        }

        // In the order of a sleep: say so, look once more, go.
        state.Wake.Announce<CoherentMemory>(state.Map.Wake);
        if (SleepProtocol.HasNews<CoherentMemory, InstanceLinks, InstanceState>(ref state))
        {
            state.Wake.Withdraw<CoherentMemory>(state.Map.Wake);
            return;
        }

        Volatile.Write(ref state.Map.Status.ProgramsWake, state.Wake.Value);
        state.EmptyTurns = 0;
        if (now >= state.TimerAt)
        {
            // It came while the kernel ran.
            state.TimerAt = ProgramTimer.Never;
        }

        ulong duty = state.OwesMessages ? Limits.FullRingSleepMicroseconds : dutyMicroseconds;
        state.DutyAt = duty == EventLoop.NoTimer ? ProgramTimer.Never : now + state.Clock.TscTicks(duty);
        state.TimerIsStale = true;
        ulong exit = Dispatch.Next(ref kernel.Scheduler);
        ProgramTimer.Arm(ref state);
        UserMode.Resume(exit);
    }

    /// <summary>After a turn: programs run, or the instance rests.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="result">How the turn went.</param>
    /// <param name="dutyMicroseconds">When the event loop has something to do by itself, or <see cref="EventLoop.NoTimer"/>.</param>
    [Blocks]
    public static void Rest<TDuty>(ref InstanceState state, TurnResult result, ulong dutyMicroseconds)
        where TDuty : IDuty
    {
        ulong next = dutyMicroseconds;
        if (state.Grant.Base != 0)
        {
            if (result != TurnResult.More)
            {
                RunIfAny<TDuty>(ref state, dutyMicroseconds);
            }

            next = NextMicroseconds(ref state, dutyMicroseconds);
        }

        // Named once: the loops have its code in line.
        EventLoop.Rest<TDuty>(ref state, result, next);
    }

    // What a system call leaves to the event loop rings this core itself (ChannelTurn, RemoteTurn), so that a halt ends at once; orders about cores do not.
    private static bool AllWait(ref readonly InstanceState state) =>
        state.Kernel.Scheduler.Ready.Highest == ReadyQueues.None && !state.Kernel.Members.HasOrders;

    // A turn of the event loop would find nothing: whoever sends has seen since before the programs ran that this core sleeps, so what has come has rung, and is pending.
    [Blocks]
    private static void Park(ref InstanceState state)
    {
        // Whoever judges the heartbeat takes it for a sleeper, not for a core whose programs keep it busy.
        Volatile.Write(ref state.Map.Status.ProgramsWake, 0);
        StatusCounter.Add(ref state.Map.Status.Sleeps, 1);
        ProgramTimer.Arm(ref state);
        TimedHalt.UntilInterrupt(ref state);
        Volatile.Write(ref state.Map.Status.SleptTicks, state.SleptTsc);
    }

    /// <summary>Microseconds until a program needs the kernel or the event loop has something to do, for a halt.</summary>
    public static ulong NextMicroseconds(ref InstanceState state, ulong dutyMicroseconds)
    {
        ulong next = Budgets.NextEvent(ref state.Kernel.Scheduler);
        if (next == ProgramTimer.Never)
        {
            return dutyMicroseconds;
        }

        ulong until = ProgramTimer.Microseconds(in state, next, Cpu.ReadTsc());
        return dutyMicroseconds == EventLoop.NoTimer || until < dutyMicroseconds ? until : dutyMicroseconds;
    }
}
