using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Instance;
using Atoll.Irq;
using Atoll.Sched;
using Atoll.Syscall;
using Atoll.Trap;

namespace Atoll.Programs;

/// <summary>What ring 3 enters: system calls that take the long way, interrupts and exceptions.</summary>
public static class UserEntry
{
    /// <summary>A system call, the long way. The message is in the thread's context.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="address">RDI.</param>
    /// <param name="number">RAX.</param>
    /// <param name="reply">R12.</param>
    /// <param name="deadline">R13.</param>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong SystemCall(ref InstanceState state, ulong address, ulong number, ulong reply, ulong deadline)
    {
        ulong began = Cpu.ReadTsc();
        ulong exit = SystemCalls.Handle(ref state.Kernel, number, address, reply, deadline);
        if (state.Kernel.HasRemoteWork)
        {
            RemoteTurn.AfterCall(ref state);
        }

        if (state.Kernel.Channels.OwesAnything)
        {
            ChannelTurn.AfterCall(ref state);
        }

        if (exit != ExitWord.Idle)
        {
            ProgramTimer.Arm(ref state);
        }

        state.Kernel.Note(Cpu.ReadTsc() - began);
        return exit;
    }

    /// <summary>A signal that wakes who goes first, or a wait for a signal.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="caller">The running thread.</param>
    /// <param name="number">RAX.</param>
    /// <param name="address">RDI.</param>
    /// <returns>The context to go on with, or <see cref="ExitWord.Idle"/>; 0: not done.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong TrySignal(ref InstanceState state, ObjectPointer<Thread> caller, ulong number, ulong address)
    {
        ulong next = SignalSwitch.Try(ref state.Kernel.Scheduler, caller, number, address);
        if (next > ExitWord.Idle)
        {
            ProgramTimer.Arm(ref state);
        }

        return next;
    }

    /// <summary>An operation of a kernel object. The message is in the thread's context.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="caller">The running thread.</param>
    /// <param name="slot">What it asks.</param>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Operate(ref InstanceState state, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot)
    {
        ulong began = Cpu.ReadTsc();
        Operations.Invoke(ref state.Kernel, caller, slot);
        if (state.Kernel.HasRemoteWork)
        {
            RemoteTurn.AfterCall(ref state);
        }

        if (state.Kernel.Channels.OwesAnything)
        {
            ChannelTurn.AfterCall(ref state);
        }

        ulong exit = Dispatch.Next(ref state.Kernel.Scheduler);
        if (exit != ExitWord.Idle)
        {
            ProgramTimer.Arm(ref state);
        }

        state.Kernel.Note(Cpu.ReadTsc() - began);
        return exit;
    }

    /// <summary>An interrupt or exception. The registers of the thread are in its context.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="isQuickTried">Whether a fault goes straight over to a handler that waits.</param>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    public static ulong Trap(ref InstanceState state, bool isQuickTried)
    {
        ulong began = Cpu.ReadTsc();
        ref Microkernel kernel = ref state.Kernel;
        ref Scheduler scheduler = ref kernel.Scheduler;
        kernel.Figures.Interrupts++;
        ulong vector = scheduler.Current.Value.Context.Vector;
        ulong exit;
        if (vector < InterruptVector.ExceptionCount)
        {
            exit = UserTraps.Raise(ref kernel, isQuickTried);
        }
        else if (Interrupt(ref state, vector))
        {
            // The event loop has something to do. The thread goes on before the others of its priority.
            scheduler.Ready.AddFirst(scheduler.Current);
            return ExitWord.Idle;
        }
        else
        {
            UserTraps.Elapse(ref kernel, began);
            exit = Dispatch.Next(ref scheduler);
        }

        if (exit != ExitWord.Idle)
        {
            ProgramTimer.Arm(ref state);
        }

        kernel.Note(Cpu.ReadTsc() - began);
        return exit;
    }

    // Tells whether the event loop is needed.
    private static bool Interrupt(ref InstanceState state, ulong vector)
    {
        if (vector is InterruptVector.Doorbell or InterruptVector.X2ApicDoorbell)
        {
            state.Apic.EndOfInterrupt();
            return true;
        }

        if (vector is InterruptVector.Timer or InterruptVector.X2ApicTimer)
        {
            state.Apic.EndOfInterrupt();
            state.TimerAt = ProgramTimer.Never;
            state.TimerIsStale = true;
            return Cpu.ReadTsc() >= state.DutyAt;
        }

        if (IrqTable.Owns(vector))
        {
            state.Apic.EndOfInterrupt();
            state.Kernel.Interrupts.Raise(ref state.Kernel.Scheduler, (uint)(vector - InterruptVector.FirstDevice));
            return false;
        }

        TrapHandler.CountStray(ref state, vector);
        return false;
    }
}
