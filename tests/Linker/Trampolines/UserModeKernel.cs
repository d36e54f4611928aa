using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Tests.Proof;
using Iced.Intel;
using static Atoll.Linker.Elf.ElfNative;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>The least kernel that the trampolines of ring 3 can serve, in machine code: it runs on the boot tables, has two
/// threads, and leaves its own words in every register that C# may leave them in.</summary>
internal static class UserModeKernel
{
    /// <summary>System calls, besides Call (RDI 1: to the other thread) and ReplyReceive.</summary>
    public const uint End = 0x77, Ring = 0x78, SetOthersBase = 0x79, SetOthersAddress = 0x7A, ReadWord = 0x7B, Echo = 0x99;

    /// <summary>Words that <see cref="ReadWord"/> reads: offsets in the state page.</summary>
    public const int TrapFlags = 0x100, LastVector = 0x108, Steps = 0x110, CallFlags = 0x118;

    /// <summary>First of the values that a thread's registers begin with.</summary>
    public const ulong FirstPattern = 0xA000, SecondPattern = 0xB000;

    /// <summary>Selector of a program's data.</summary>
    public const ushort UserData = 0x23;

    /// <summary>Vector of a doorbell in xAPIC mode.</summary>
    public const ulong Doorbell = 0xF0;

    private const ulong State = ImageLayout.StatePage;
    private const ulong First = State + 0x400;
    private const int OtherBits = 0xC00;
    private const ulong Secret = 0x5EC2_E7C0_DE5E_C2E7;
    private const ulong Tables = 0x100_0000;
    private const ulong Program = 0x120_0000;

    /// <summary>What every Call returns.</summary>
    public static IReadOnlyList<(AssemblerRegister64 Register, ulong Value)> Results { get; } =
        [(rax, 0x1001), (rdi, 0x1002), (rsi, 0x1003), (rdx, 0x1004), (r10, 0x1005), (r8, 0x1006), (r9, 0x1007)];

    private static readonly Dictionary<AssemblerRegister64, string> s_fields = new()
    {
        [rax] = "Rax", [rcx] = "Rcx", [rdx] = "Rdx", [rbx] = "Rbx", [rbp] = "Rbp", [rsi] = "Rsi", [rdi] = "Rdi", [r8] = "R8",
        [r9] = "R9", [r10] = "R10", [r11] = "R11", [r12] = "R12", [r13] = "R13", [r14] = "R14", [r15] = "R15",
    };

    /// <summary>The image.</summary>
    public static LinkedImage Link(UserModeProgram program)
    {
        ObjectBuilder builder = new();
        byte[] tables = ProofSubject.Code(a => MapProgram(a, program));
        byte[] registers = ProofSubject.Code(a => SetRegisters(a, program));
        // lea rsi, [user_code]; …; call x64_syscall_entry; …; jmp x64_resume
        byte[] code = [0x48, 0x8D, 0x35, 0, 0, 0, 0, .. tables, 0xE8, 0, 0, 0, 0, .. registers, 0xE9, 0, 0, 0, 0];
        builder.Constant("user_code", program.Bytes);
        builder.Code(
            "atoll_boot_main",
            code,
            new Fixup(3, R_X86_64_PC32, "user_code", -4),
            Fixup.Call("x64_syscall_entry") with { Offset = 7 + (ulong)tables.Length + 1 },
            Fixup.Call("x64_resume") with { Offset = (ulong)code.Length - 4 });
        builder.Code("atoll_instance_main", [0xC3]).Code("atoll_trap", ProofSubject.Code(a => Stop(a, 0xEE)));
        builder.Code("atoll_call", ProofSubject.Code(Call)).Code("atoll_reply_receive", ProofSubject.Code(ReplyReceive));
        builder.Code("atoll_system_call", ProofSubject.Code(SystemCall)).Code("atoll_user_trap", ProofSubject.Code(UserTrap));
        builder.Code("atoll_idle", ProofSubject.Code(a => Stop(a, 0xED)));
        return LinkedImage.Of(builder);
    }

    /// <summary>The boot tables, and below 1 TiB a page of 2 MiB for ring 3, with the program in it (RSI).</summary>
    private static void MapProgram(Assembler a, UserModeProgram program)
    {
        const ulong UserTable = 7;
        const ulong UserPage = 0x87;
        // The 8259s, which interrupt from the first instruction on that lets them.
        a.mov(al, 0xFF);
        a.@out(0x21, al);
        a.@out(0xA1, al);
        a.mov(edi, (uint)Program);
        a.mov(ecx, program.Bytes.Length);
        a.rep.movsb();
        a.mov(rsi, cr3);
        a.mov(edi, (uint)Tables);
        a.mov(ecx, 512);
        a.rep.movsq();
        a.xor(eax, eax);
        a.mov(ecx, 1024);
        a.rep.stosq();
        Store(a, Tables + 8, (Tables + 0x1000) | UserTable);
        Store(a, Tables + 0x1000, (Tables + 0x2000) | UserTable);
        Store(a, Tables + 0x2000, Program | UserPage);
        a.mov(eax, (uint)Tables);
        a.mov(cr3, rax);
    }

    /// <summary>Registers of the machine, and both contexts. RAX: the entry for LSTAR.</summary>
    private static void SetRegisters(Assembler a, UserModeProgram program)
    {
        a.mov(rdx, rax);
        a.shr(rdx, 32);
        a.mov(ecx, 0xC000_0082);
        a.wrmsr();
        Write(a, 0xC000_0081, ((0x20ul - 8) << 48) | (0x08ul << 32));
        Write(a, 0xC000_0084, UserFlags.ClearedOnEntry);
        a.mov(ecx, 0xC000_0080);
        a.rdmsr();
        a.or(eax, 1);
        a.wrmsr();
        Context(a, First, FirstPattern, UserModeProgram.Base, UserModeProgram.StackOfFirst);
        Context(a, First ^ OtherBits, SecondPattern, program.SecondStart, UserModeProgram.StackOfSecond);
        a.mov(rdi, First);
    }

    private static void Context(Assembler a, ulong context, ulong pattern, ulong start, ulong stack)
    {
        AssemblerRegister64[] order = [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];
        foreach ((AssemblerRegister64 register, string field) in s_fields)
        {
            Set(a, context, field, pattern + (ulong)Array.IndexOf(order, register));
        }

        Set(a, context, nameof(ThreadContext.Rip), start);
        Set(a, context, nameof(ThreadContext.Rsp), stack);
        // IOPL 3, NT, VM: a program cannot have them, whatever the context says.
        Set(a, context, nameof(ThreadContext.Rflags), 0x2_7000);
        Set(a, context, nameof(ThreadContext.Kind), (ulong)ContextKind.Interrupt);
        Store(a, context + ThreadContext.FpuOffset + FpuArea.ControlWordOffset, FpuArea.InitialControlWord);
        Store(a, context + ThreadContext.FpuOffset + FpuArea.MxcsrOffset, FpuArea.InitialMxcsr);
        for (int number = 0; number < 16; number++)
        {
            // Intel SDM Vol. 2A, "FXSAVE": XMM0 at 160, 16 bytes each.
            Store(a, context + ThreadContext.FpuOffset + 160 + ((ulong)number * 16), pattern + 0x80 + (ulong)number);
        }
    }

    /// <summary>RDI 0: the same thread goes on; 1: the other one.</summary>
    private static void Call(Assembler a)
    {
        Label done = a.CreateLabel();
        a.mov(r11, __qword_ptr[unchecked((long)State)]);
        foreach ((AssemblerRegister64 register, ulong value) in Results)
        {
            a.mov(Word(r11, s_fields[register]), (int)value);
        }

        a.xor(eax, eax);
        a.test(edi, edi);
        a.je(done);
        a.mov(rax, r11);
        a.xor(rax, OtherBits);
        a.Label(ref done);
        Leave(a);
    }

    private static void ReplyReceive(Assembler a)
    {
        a.mov(r11, __qword_ptr[unchecked((long)State)]);
        a.mov(Word(r11, nameof(ThreadContext.Rdx)), r8);
        a.xor(eax, eax);
        Leave(a);
    }

    private static void SystemCall(Assembler a)
    {
        a.pushfq();
        a.pop(Absolute(CallFlags));
        a.mov(r11, __qword_ptr[unchecked((long)State)]);
        a.mov(r10, r11);
        a.xor(r10, OtherBits);
        a.mov(rax, rdx);
        When(a, End, () =>
        {
            a.mov(eax, edi);
            a.mov(edx, (uint)ImageLayout.SerialPort);
            // The number of the check, low byte first; the exit code says whether there is one.
            a.@out(dx, al);
            a.mov(al, ah);
            a.@out(dx, al);
            a.mov(eax, edi);
            a.@out((byte)ImageLayout.DebugExitPort, eax);
        });
        When(a, Ring, () =>
        {
            // Intel SDM Vol. 3A, "Local APIC Register Address Map": spurious vector with the enable bit; command: to self.
            a.mov(__dword_ptr[unchecked((long)ImageLayout.LocalApicPage + 0xF0)], 0x1FF);
            a.mov(__dword_ptr[unchecked((long)ImageLayout.LocalApicPage + 0x300)], 0x4_40F0);
        });
        When(a, SetOthersBase, () => a.mov(Word(r10, nameof(ThreadContext.FsBase)), rsi));
        When(a, SetOthersAddress, () => a.mov(Word(r10, nameof(ThreadContext.Rip)), rsi));
        When(a, ReadWord, () =>
        {
            a.mov(rcx, State);
            a.mov(rcx, __[rcx + rsi]);
            a.mov(Word(r11, nameof(ThreadContext.Rdx)), rcx);
        });
        When(a, Echo, () =>
        {
            a.mov(Word(r11, nameof(ThreadContext.Rdx)), rax);
            a.mov(Word(r11, nameof(ThreadContext.R10)), r8);
            a.mov(Word(r11, nameof(ThreadContext.R8)), r9);
        });
        a.xor(eax, eax);
        Leave(a);
    }

    private static void UserTrap(Assembler a)
    {
        a.pushfq();
        a.pop(Absolute(TrapFlags));
        a.mov(r11, __qword_ptr[unchecked((long)State)]);
        a.mov(rax, Word(r11, nameof(ThreadContext.Vector)));
        a.mov(Absolute(LastVector), rax);
        When(a, 1, () => a.inc(Absolute(Steps)));
        When(a, 6, () => a.add(Word(r11, nameof(ThreadContext.Rip)), 2));
        When(a, 14, () =>
        {
            a.mov(rcx, Word(r11, nameof(ThreadContext.R15)));
            a.mov(Word(r11, nameof(ThreadContext.Rip)), rcx);
        });
        When(a, (uint)Doorbell, () => a.mov(__dword_ptr[unchecked((long)ImageLayout.LocalApicPage + 0xB0)], 0));
        a.xor(eax, eax);
        Leave(a);
    }

    /// <summary>Does something if RAX is a number.</summary>
    private static void When(Assembler a, uint number, Action then)
    {
        Label not = a.CreateLabel();
        a.cmp(rax, (int)number);
        a.jne(not);
        then();
        a.Label(ref not);
        a.nop();
    }

    /// <summary>Returns, with words of the kernel in all that a function may change.</summary>
    private static void Leave(Assembler a)
    {
        a.mov(rcx, Secret);
        foreach (AssemblerRegister64 register in new[] { rdx, rsi, rdi, r8, r9, r10, r11 })
        {
            a.mov(register, rcx);
        }

        for (int number = 0; number < 16; number++)
        {
            AssemblerRegisterXMM register = new(Register.XMM0 + number);
            a.movq(register, rcx);
            a.punpcklqdq(register, register);
        }

        a.ret();
    }

    private static void Stop(Assembler a, byte code)
    {
        a.mov(al, code);
        a.@out((byte)ImageLayout.DebugExitPort, al);
        a.hlt();
    }

    private static void Write(Assembler a, uint register, ulong value)
    {
        a.mov(ecx, register);
        a.mov(eax, (uint)value);
        a.mov(edx, (uint)(value >> 32));
        a.wrmsr();
    }

    private static void Set(Assembler a, ulong context, string field, ulong value) =>
        Store(a, context + (ulong)Marshal.OffsetOf<ThreadContext>(field), value);

    private static void Store(Assembler a, ulong address, ulong value)
    {
        a.mov(rax, value);
        a.mov(__qword_ptr[unchecked((long)address)], rax);
    }

    private static AssemblerMemoryOperand Absolute(int offset) => __qword_ptr[unchecked((long)State + offset)];

    private static AssemblerMemoryOperand Word(AssemblerRegister64 context, string field) =>
        __qword_ptr[context + (int)Marshal.OffsetOf<ThreadContext>(field)];
}
