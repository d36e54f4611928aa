using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Registers of a thread that does not run.</summary>
public static class ThreadRegisters
{
    /// <summary>MXCSR after reset (Intel SDM Vol. 1, "MXCSR Control and Status Register").</summary>
    private const uint DefaultMxcsr = 0x1F80;

    /// <summary>x87 control word after FNINIT.</summary>
    private const ushort DefaultControlWord = 0x37F;

    /// <summary>As if the thread had never run: zeros, and vector state as after reset. It goes on by a full restore.</summary>
    public static void Clear(ref Thread thread)
    {
        ulong localBase = thread.Context.FsBase;
        thread.Context = default;
        thread.Context.FsBase = localBase;
        thread.Context.Kind = ContextKind.Interrupt;
        thread.Context.Rflags = UserFlags.Always;
        thread.Context.FpuControlWord = DefaultControlWord;
        thread.Context.Mxcsr = DefaultMxcsr;
    }

    /// <summary>A register by its place in <see cref="ThreadContext"/>; 0 beyond the last.</summary>
    internal static ulong Read(ref readonly ThreadContext context, ulong index) => index switch
    {
        0 => context.Rax,
        1 => context.Rbx,
        2 => context.Rcx,
        3 => context.Rdx,
        4 => context.Rsi,
        5 => context.Rdi,
        6 => context.Rbp,
        7 => context.R8,
        8 => context.R9,
        9 => context.R10,
        10 => context.R11,
        11 => context.R12,
        12 => context.R13,
        13 => context.R14,
        14 => context.R15,
        15 => context.Rip,
        16 => context.Rflags,
        17 => context.Rsp,
        _ => 0,
    };
}
