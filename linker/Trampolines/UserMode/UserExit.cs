using Atoll.Abi;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>Leaves the kernel for another thread than the one that came, and puts that one away.</summary>
/// <remarks>
/// Nothing of the kernel and nothing of the thread before may be in any register when ring 3 goes on: the property
/// <c>user-exits</c> of the proof follows every one of them through these instructions.
/// Sources: Intel SDM Vol. 2B, "SYSRET", "IRET"; Vol. 2A, "FXRSTOR"; Vol. 3A, "Segment Registers in IA-32e Mode".
/// </remarks>
internal static class UserExit
{
    private const uint FsBase = 0xC000_0100;
    private const ushort UserCode = ImageLayout.UserCodeSelector | ImageLayout.UserPrivilege;
    private const ushort UserData = ImageLayout.UserDataSelector | ImageLayout.UserPrivilege;

    /// <summary>Bits above the lower half: what is shifted out and back in is a canonical address of the lower
    /// half.</summary>
    private const byte UpperBits = 17;

    /// <summary>Puts away the thread that is in a system call. The stack holds its flags and, above, its instruction
    /// pointer. Changes RCX and RDX.</summary>
    public static void SaveCaller(Assembler a)
    {
        a.mov(rdx, EntryStateMemory.Current);
        ContextMemory.Store(a, rdx, ContextMemory.Kept);
        a.pop(ContextMemory.Word(rdx, nameof(ThreadContext.Rflags)));
        a.pop(ContextMemory.Word(rdx, nameof(ThreadContext.Rip)));
        a.mov(rcx, EntryStateMemory.UserRsp);
        a.mov(ContextMemory.Word(rdx, nameof(ThreadContext.Rsp)), rcx);
    }

    /// <summary>Runs the thread whose context RAX points to.</summary>
    /// <param name="code">Takes the code.</param>
    /// <param name="initialFpuState">Address of the FXSAVE image of <see cref="InitialFpuState"/>.</param>
    public static void Run(CodeBuilder code, ulong initialFpuState)
    {
        Assembler a = code.Asm;
        Label afterInterrupt = a.CreateLabel();
        Label hasFsBase = a.CreateLabel();
        a.mov(EntryStateMemory.Current, rax);
        NullSegments(a);
        // A null selector in FS has set its base to 0, or left it (AMD): only two zeros leave nothing to do.
        a.mov(rcx, ContextMemory.Word(rax, nameof(ThreadContext.FsBase)));
        a.or(rcx, EntryStateMemory.LoadedFsBase);
        a.je(hasFsBase);
        SetFsBase(a);
        a.Label(ref hasFsBase);
        a.cmp(ContextMemory.Word(rax, nameof(ThreadContext.Kind)), (int)ContextKind.SystemCall);
        a.jne(afterInterrupt);
        ToSystemCall(code, initialFpuState);
        a.Label(ref afterInterrupt);
        ToInterrupted(a);
    }

    private static void NullSegments(Assembler a)
    {
        a.xor(ecx, ecx);
        a.mov(ds, ecx);
        a.mov(es, ecx);
        a.mov(fs, ecx);
        a.mov(gs, ecx);
    }

    private static void SetFsBase(Assembler a)
    {
        a.mov(rsi, rax);
        a.mov(rax, ContextMemory.Word(rsi, nameof(ThreadContext.FsBase)));
        a.mov(EntryStateMemory.LoadedFsBase, rax);
        a.mov(rdx, rax);
        a.shr(rdx, 32);
        a.mov(ecx, FsBase);
        a.wrmsr();
        a.mov(rax, rsi);
    }

    /// <summary>Back behind a SYSCALL: what the call keeps, its results, and vector state as after a start.</summary>
    private static void ToSystemCall(CodeBuilder code, ulong initialFpuState)
    {
        Assembler a = code.Asm;
        code.RestoreFpu(initialFpuState);
        ContextMemory.Load(a, rax, ContextMemory.Kept);
        LoadAddress(a, rcx);
        LoadFlags(a, r11);
        ContextMemory.Load(a, rax, ContextMemory.Results);
        // From here on only interrupts that have a stack of their own can come: the others are masked.
        a.mov(rsp, ContextMemory.Word(rax, nameof(ThreadContext.Rsp)));
        a.mov(rax, ContextMemory.Word(rax, nameof(ThreadContext.Rax)));
        a.sysretq();
    }

    /// <summary>Back into interrupted code, or to the first instruction: every register.</summary>
    private static void ToInterrupted(Assembler a)
    {
        // Whoever runs and stops again without an interrupt has stopped in a system call.
        a.mov(ContextMemory.Word(rax, nameof(ThreadContext.Kind)), (int)ContextKind.SystemCall);
        a.fxrstor64(ContextMemory.Fpu(rax));
        a.mov(rsp, ImageLayout.StackTop);
        a.push(UserData);
        a.push(ContextMemory.Word(rax, nameof(ThreadContext.Rsp)));
        LoadFlags(a, rcx);
        a.push(rcx);
        a.push(UserCode);
        LoadAddress(a, rcx);
        a.push(rcx);
        ContextMemory.Load(a, rax, ContextMemory.Kept);
        ContextMemory.Load(a, rax, ContextMemory.Results);
        ContextMemory.Load(a, rax, ContextMemory.Volatile);
        a.mov(rax, ContextMemory.Word(rax, nameof(ThreadContext.Rax)));
        a.iretq();
    }

    /// <summary>No address that is not canonical reaches SYSRET or IRETQ, which would fault in ring 0.</summary>
    private static void LoadAddress(Assembler a, AssemblerRegister64 register)
    {
        a.mov(register, ContextMemory.Word(rax, nameof(ThreadContext.Rip)));
        a.shl(register, UpperBits);
        a.shr(register, UpperBits);
    }

    private static void LoadFlags(Assembler a, AssemblerRegister64 register)
    {
        a.mov(register, ContextMemory.Word(rax, nameof(ThreadContext.Rflags)));
        a.and(register, (int)UserFlags.Writable);
        a.or(register, (int)UserFlags.Always);
    }
}
