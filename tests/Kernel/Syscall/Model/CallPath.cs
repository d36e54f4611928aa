using Atoll.Sched;
using Atoll.Syscall;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>What is tried before the long way. All that a program can tell apart must be the same, whichever it is.</summary>
public abstract class CallPath
{
    /// <summary>As in the product.</summary>
    public static CallPath Fast { get; } = new FastFirst();

    /// <summary>Every call takes the long way.</summary>
    public static CallPath Long { get; } = new LongOnly();

    /// <summary>See <see cref="FastPath.TryCall"/>.</summary>
    public abstract ulong TryCall(ref Scheduler scheduler, in CpuRegisters cpu);

    /// <summary>See <see cref="FastPath.TryReplyReceive"/>.</summary>
    public abstract ulong TryReplyReceive(ref Scheduler scheduler, in CpuRegisters cpu);

    private sealed class FastFirst : CallPath
    {
        public override ulong TryCall(ref Scheduler scheduler, in CpuRegisters cpu) =>
            FastPath.TryCall(ref scheduler, cpu.Rdi, cpu.Rsi, cpu.Rdx, cpu.R10, cpu.R8, cpu.R9);

        public override ulong TryReplyReceive(ref Scheduler scheduler, in CpuRegisters cpu) =>
            FastPath.TryReplyReceive(ref scheduler, cpu.Rdi, cpu.Rsi, cpu.Rdx, cpu.R10, cpu.R8, cpu.R9, cpu.R12);
    }

    private sealed class LongOnly : CallPath
    {
        public override ulong TryCall(ref Scheduler scheduler, in CpuRegisters cpu) => 0;

        public override ulong TryReplyReceive(ref Scheduler scheduler, in CpuRegisters cpu) => 0;
    }
}
