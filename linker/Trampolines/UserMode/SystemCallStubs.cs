using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>What a program calls to reach its kernel (docs/system-calls.md). They lie in the program's own image.</summary>
/// <remarks>
/// The kernel keeps RBX, RBP, R12 to R15 and RSP and destroys all else, vector registers included: as the System V ABI
/// allows every function.
/// </remarks>
public static class SystemCallStubs
{
    private const string Syscall = "syscall";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Fragment> All { get; } =
    [
        // SystemResult (): the cheapest call; it fits where it is called.
        new LeafStub("x64_system_call_none", a => { a.xor(eax, eax); a.syscall(); }, Syscall),
        // SystemResult (number, address): no message.
        new LeafStub("x64_system_call0", a => { a.mov(rax, rdi); a.mov(rdi, rsi); a.xor(esi, esi); a.syscall(); }, Syscall),
        // CallAnswer (address, header, word 0 to word 3): RAX and RDX as they come, result and word 0.
        new LeafStub("x64_call", a => { a.mov(r10, rcx); a.mov(eax, (int)SystemCall.Call); a.syscall(); }, Syscall),
        new ReplyReceiveStub(),
        new ProgramEntryStub(),
        // A failed check of a program is a fault of its thread, at the check itself: whoever supervises it is told which.
        new LeafStub("x64_check_failed", a => a.ud2()) { IsTrap = true },
        new SystemCallStub(),
    ];

    /// <summary>A word of the structure that a register points to.</summary>
    internal static AssemblerMemoryOperand Word<T>(AssemblerRegister64 frame, string field) =>
        __qword_ptr[frame + (int)Marshal.OffsetOf<T>(field)];
}

/// <summary><c>SystemResult (address, header, word 0, word 1, reply, ref ReceivedMessage)</c>: replies, receives.</summary>
public sealed class ReplyReceiveStub : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => "x64_reply_receive";

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = ["syscall"] };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        code.Called();
        code.Push(rbx);
        code.Push(r12);
        a.mov(rbx, r9);
        a.mov(r12, r8);
        a.mov(r10, rcx);
        // The reply has two words at most: no address of this program's goes along.
        a.xor(r8d, r8d);
        a.xor(r9d, r9d);
        a.mov(eax, (int)SystemCall.ReplyReceive);
        a.syscall();
        Store(nameof(ReceivedMessage.Badge), rdi);
        Store(nameof(ReceivedMessage.Header), rsi);
        Store(nameof(ReceivedMessage.Word0), rdx);
        Store(nameof(ReceivedMessage.Word1), r10);
        Store(nameof(ReceivedMessage.Word2), r8);
        Store(nameof(ReceivedMessage.Word3), r9);
        code.Pop(r12);
        code.Pop(rbx);
        a.ret();

        void Store(string field, AssemblerRegister64 register) =>
            a.mov(SystemCallStubs.Word<ReceivedMessage>(rbx, field), register);
    }
}

/// <summary><c>void (ref CallFrame)</c>: any system call, all arguments and results in memory.</summary>
public sealed class SystemCallStub : CodeFragment
{
    private static readonly (AssemblerRegister64 Register, string Field)[] s_both =
    [
        (rax, nameof(CallFrame.Number)), (rdi, nameof(CallFrame.Address)), (rsi, nameof(CallFrame.Header)),
        (rdx, nameof(CallFrame.Word0)), (r10, nameof(CallFrame.Word1)), (r8, nameof(CallFrame.Word2)),
        (r9, nameof(CallFrame.Word3)),
    ];

    /// <inheritdoc/>
    public override string Name => "x64_system_call";

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = ["syscall"] };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        code.Called();
        code.Push(rbx);
        code.Push(r12);
        code.Push(r13);
        a.mov(rbx, rdi);
        foreach ((AssemblerRegister64 register, string field) in s_both)
        {
            a.mov(register, SystemCallStubs.Word<CallFrame>(rbx, field));
        }

        a.mov(r12, SystemCallStubs.Word<CallFrame>(rbx, nameof(CallFrame.Reply)));
        a.mov(r13, SystemCallStubs.Word<CallFrame>(rbx, nameof(CallFrame.Deadline)));
        a.syscall();
        foreach ((AssemblerRegister64 register, string field) in s_both)
        {
            a.mov(SystemCallStubs.Word<CallFrame>(rbx, field), register);
        }

        code.Pop(r13);
        code.Pop(r12);
        code.Pop(rbx);
        a.ret();
    }
}
