using Atoll.Abi;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>The registers of the core while a program runs, and how the trampolines carry them to and from contexts
/// (docs/system-calls.md).</summary>
public struct CpuRegisters
{
    public ulong Rax, Rbx, Rdx, Rsi, Rdi, Rbp, R8, R9, R10, R12, R13, R14, R15, Rip, Rflags, Rsp;

    /// <summary>What a system call keeps goes into the context of the thread that stops.</summary>
    public readonly void SaveKept(ref ThreadContext context)
    {
        context.Rbx = Rbx;
        context.Rbp = Rbp;
        context.R12 = R12;
        context.R13 = R13;
        context.R14 = R14;
        context.R15 = R15;
        context.Rsp = Rsp;
        context.Rip = Rip;
        context.Rflags = Rflags;
        context.Kind = ContextKind.SystemCall;
    }

    /// <summary>An interrupt saves everything.</summary>
    public readonly void SaveAll(ref ThreadContext context)
    {
        SaveKept(ref context);
        context.Rax = Rax;
        context.Rdx = Rdx;
        context.Rsi = Rsi;
        context.Rdi = Rdi;
        context.R8 = R8;
        context.R9 = R9;
        context.R10 = R10;
        context.Kind = ContextKind.Interrupt;
    }

    /// <summary>Results of a system call; nothing else is loaded when the same thread goes on.</summary>
    public void LoadResults(ref readonly ThreadContext context)
    {
        Rax = context.Rax;
        Rdx = context.Rdx;
        Rsi = context.Rsi;
        Rdi = context.Rdi;
        R8 = context.R8;
        R9 = context.R9;
        R10 = context.R10;
    }

    /// <summary>Another thread goes on, or the same one after an interrupt.</summary>
    public void LoadAll(ref readonly ThreadContext context)
    {
        LoadResults(in context);
        Rbx = context.Rbx;
        Rbp = context.Rbp;
        R12 = context.R12;
        R13 = context.R13;
        R14 = context.R14;
        R15 = context.R15;
        Rsp = context.Rsp;
        Rip = context.Rip;
        Rflags = context.Rflags;
    }
}
