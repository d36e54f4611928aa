using Atoll.Abi;
using Atoll.Cap;
using Atoll.Sched;
using Atoll.Syscall;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>What is tried before the long way, in the order of <c>Entry</c>. All that a program can tell apart must be the same, whichever
/// it is.</summary>
/// <remarks>The message is in the running thread's context already.</remarks>
public abstract class CallPath
{
    /// <summary>As in the product.</summary>
    public static CallPath Fast { get; } = new FastFirst();

    /// <summary>Every call takes the long way.</summary>
    public static CallPath Long { get; } = new LongOnly();

    /// <summary>Whether a fault is tried with <see cref="HandOver.TryFault"/>.</summary>
    public bool IsQuickTried => this == Fast;

    /// <summary>See <see cref="FastPath.TryCall"/> and <see cref="HandOver.Try"/>.</summary>
    /// <returns>The context to switch to; 0: not done.</returns>
    public abstract ulong TryCall(ref Scheduler scheduler, in CpuRegisters cpu);

    /// <summary>See <see cref="FastPath.TryReplyReceive"/> and <see cref="HandOver.Try"/>.</summary>
    /// <returns>The context to switch to; 0: not done.</returns>
    public abstract ulong TryReplyReceive(ref Scheduler scheduler, in CpuRegisters cpu);

    /// <summary>Nothing, a signal, a wait for one, or an operation on a slot of a plain CSpace.</summary>
    /// <returns>An <see cref="ExitWord"/>; null: not done.</returns>
    public abstract ulong? TryAtOnce(ref Microkernel kernel, in CpuRegisters cpu);

    private sealed class FastFirst : CallPath
    {
        public override ulong TryCall(ref Scheduler scheduler, in CpuRegisters cpu)
        {
            ObjectPointer<Thread> current = scheduler.Current;
            ObjectPointer<Thread> receiver = default;
            if (cpu.Rdi < current.Value.PlainSlots)
            {
                ObjectPointer<CapabilitySlot> slot = CNode.Slot(current.Value.RootSlots, cpu.Rdi);
                receiver = FastPath.TryCall(in scheduler, current, in slot.Value, cpu.Rsi);
            }

            return Switch(ref scheduler, receiver, in cpu);
        }

        public override ulong TryReplyReceive(ref Scheduler scheduler, in CpuRegisters cpu)
        {
            ObjectPointer<Thread> current = scheduler.Current;
            ObjectPointer<Thread> caller = default;
            if (cpu.Rdi < current.Value.PlainSlots && cpu.R12 < current.Value.PlainSlots)
            {
                ObjectPointer<CapabilitySlot> slot = CNode.Slot(current.Value.RootSlots, cpu.Rdi);
                ObjectPointer<CapabilitySlot> reply = CNode.Slot(current.Value.RootSlots, cpu.R12);
                caller = FastPath.TryReplyReceive(in scheduler, current, in slot.Value, in reply.Value, cpu.Rsi);
            }

            return Switch(ref scheduler, caller, in cpu);
        }

        public override ulong? TryAtOnce(ref Microkernel kernel, in CpuRegisters cpu)
        {
            ObjectPointer<Thread> current = kernel.Scheduler.Current;
            if (cpu.Rax == (ulong)SystemCall.None)
            {
                current.Value.Context.Rax = (ulong)SystemResult.Ok;
                return ExitWord.SameThread;
            }

            if (cpu.Rdi >= current.Value.PlainSlots)
            {
                return null;
            }

            ObjectPointer<CapabilitySlot> slot = CNode.Slot(current.Value.RootSlots, cpu.Rdi);
            return cpu.Rax switch
            {
                (ulong)SystemCall.Call => Operate(ref kernel, current, slot, cpu.Rsi),
                (ulong)SystemCall.Send when FastPath.CanSignal(in slot.Value) => FastPath.Signal(current, slot),
                > (ulong)SystemCall.ReplyReceive => SignalSwitch.Try(ref kernel.Scheduler, current, cpu.Rax, cpu.Rdi) is not 0 and ulong exit ? exit : null,
                _ => null,
            };
        }

        private static ulong? Operate(
            ref Microkernel kernel, ObjectPointer<Thread> current, ObjectPointer<CapabilitySlot> slot, ulong header)
        {
            if (Operations.AreAtOnce(in slot.Value, header))
            {
                return Operations.InvokeAtOnce(ref kernel, current, slot);
            }

            if (!Operations.Are(in slot.Value))
            {
                return null;
            }

            Operations.Invoke(ref kernel, current, slot);
            return Dispatch.Next(ref kernel.Scheduler);
        }

        private static ulong Switch(ref Scheduler scheduler, ObjectPointer<Thread> partner, in CpuRegisters cpu) =>
            partner.IsNull ? HandOver.Try(ref scheduler, scheduler.Current, cpu.Rax, cpu.Rdi, cpu.R12) : FastPath.SwitchTo(ref scheduler, partner);
    }

    private sealed class LongOnly : CallPath
    {
        public override ulong TryCall(ref Scheduler scheduler, in CpuRegisters cpu) => 0;

        public override ulong TryReplyReceive(ref Scheduler scheduler, in CpuRegisters cpu) => 0;

        public override ulong? TryAtOnce(ref Microkernel kernel, in CpuRegisters cpu) => null;
    }
}
