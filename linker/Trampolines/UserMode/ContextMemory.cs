using System.Runtime.InteropServices;
using Atoll.Abi;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>The words of a <see cref="ThreadContext"/>, and which register each of them is.</summary>
internal static class ContextMemory
{
    /// <summary>Registers that a system call keeps. RSP is kept, too, but by other instructions.</summary>
    public static readonly IReadOnlyList<(AssemblerRegister64 Register, string Field)> Kept =
    [
        (rbx, nameof(ThreadContext.Rbx)), (rbp, nameof(ThreadContext.Rbp)), (r12, nameof(ThreadContext.R12)),
        (r13, nameof(ThreadContext.R13)), (r14, nameof(ThreadContext.R14)), (r15, nameof(ThreadContext.R15)),
    ];

    /// <summary>Registers that a system call returns results in, RAX left out.</summary>
    public static readonly IReadOnlyList<(AssemblerRegister64 Register, string Field)> Results =
    [
        (rdi, nameof(ThreadContext.Rdi)), (rsi, nameof(ThreadContext.Rsi)), (rdx, nameof(ThreadContext.Rdx)),
        (r10, nameof(ThreadContext.R10)), (r8, nameof(ThreadContext.R8)), (r9, nameof(ThreadContext.R9)),
    ];

    /// <summary>What an interrupt keeps besides, RAX left out.</summary>
    public static readonly IReadOnlyList<(AssemblerRegister64 Register, string Field)> Volatile =
        [(rcx, nameof(ThreadContext.Rcx)), (r11, nameof(ThreadContext.R11))];

    /// <summary>A word of the context that a register points to.</summary>
    public static AssemblerMemoryOperand Word(AssemblerRegister64 context, string field) =>
        __qword_ptr[context + (int)Marshal.OffsetOf<ThreadContext>(field)];

    /// <summary>The FXSAVE area of the context that a register points to.</summary>
    public static AssemblerMemoryOperand Fpu(AssemblerRegister64 context) => __[context + ThreadContext.FpuOffset];

    /// <summary>Stores registers in a context.</summary>
    public static void Store(
        Assembler a, AssemblerRegister64 context, IEnumerable<(AssemblerRegister64 Register, string Field)> registers)
    {
        foreach ((AssemblerRegister64 register, string field) in registers)
        {
            a.mov(Word(context, field), register);
        }
    }

    /// <summary>Loads registers from a context.</summary>
    public static void Load(
        Assembler a, AssemblerRegister64 context, IEnumerable<(AssemblerRegister64 Register, string Field)> registers)
    {
        foreach ((AssemblerRegister64 register, string field) in registers)
        {
            a.mov(register, Word(context, field));
        }
    }
}
