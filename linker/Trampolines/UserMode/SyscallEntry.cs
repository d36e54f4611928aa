using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>Where SYSCALL leads (LSTAR): onto the kernel's stack, into C#, and back to the same thread.</summary>
/// <remarks>
/// RCX and R11 hold the program's instruction pointer and flags; every flag that can be is clear (FMASK); RSP is still
/// the program's, and only interrupts with a stack of their own can come before it is not. RCX is canonical: the last
/// page of the lower half is never mapped, so no SYSCALL ends there (<see cref="UserSpace.End"/>).
/// Whether the thread goes on that came is the sign of the exit word: contexts lie in the upper half.
/// What C# may have left in vector registers is zeroed, and no more: a system call destroys them all, by contract.
/// Sources: Intel SDM Vol. 2B, "SYSCALL" and "SYSRET"; System V ABI for x86-64, "Parameter Passing".
/// </remarks>
/// <param name="vectorUse">Tells which vector registers a C# root can reach, as bits.</param>
public sealed class SyscallEntry(Func<string, int> vectorUse) : CodeFragment
{
    /// <summary>Symbol of the entry.</summary>
    public const string Symbol = "syscall_entry";

    private const int VectorRegisters = 16;

    /// <summary>What a message consists of.</summary>
    private static readonly IEnumerable<(AssemblerRegister64 Register, string Field)> s_message =
        ContextMemory.Results.Where(result => result.Register != rdi);

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References =>
        [SymbolNames.Call, SymbolNames.ReplyReceive, SymbolNames.SystemCall, UserSwitch.Symbol, UserPark.Symbol];

    /// <inheritdoc/>
    /// <remarks>Said without assembling: how many registers there are to zero is not known so early.</remarks>
    public override IReadOnlyList<CallFrameRow> CallFrames => [new CallFrameRow(0, UnwindRule.End, 0, 0)];

    /// <inheritdoc/>
    /// <remarks>True once RCX has been pushed: at the calls of C#, where a walk comes from.</remarks>
    public override UserCaller? UserCaller { get; } = new(ImageLayout.StackTop - sizeof(ulong), ImageLayout.StatePage + EntryState.UserRspOffset);

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) =>
        new() { Privileged = ["sysretq"], IsUserEntry = true, LeavesForUser = true };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        // What is zeroed makes the way too long for a short jump, or not.
        a.PreferShortBranch = false;
        Label notCall = a.CreateLabel();
        Label other = a.CreateLabel();
        a.mov(EntryStateMemory.UserRsp, rsp);
        a.cmp(rax, (int)SystemCall.Call);
        a.jne(notCall);
        Enter(code, context, SymbolNames.Call, needsState: true);

        a.Label(ref notCall);
        a.cmp(rax, (int)SystemCall.ReplyReceive);
        a.jne(other);
        Enter(code, context, SymbolNames.ReplyReceive, needsState: true, (r8, r12));

        a.Label(ref other);
        Enter(code, context, SymbolNames.SystemCall, needsState: false, (rdx, rax), (r8, r12), (r9, r13));
    }

    /// <summary>Puts the message into the thread's context, and calls C# with the addresses of capability and context, and what else
    /// the root wants.</summary>
    private void Enter(
        CodeBuilder code,
        IFragmentContext context,
        string root,
        bool needsState,
        params (AssemblerRegister64 Argument, AssemblerRegister64 Value)[] arguments)
    {
        Assembler a = code.Asm;
        a.mov(rsp, ImageLayout.StackTop);
        a.push(rcx);
        a.push(r11);
        a.mov(rcx, EntryStateMemory.Current);
        ContextMemory.Store(a, rcx, s_message);
        if (needsState)
        {
            a.mov(rsi, unchecked((int)ImageLayout.StatePage));
        }

        foreach ((AssemblerRegister64 argument, AssemblerRegister64 value) in arguments)
        {
            a.mov(argument, value);
        }

        a.call(context.AddressOf(root));
        a.test(rax, rax);
        code.BranchTo(Code.Js_rel32_64, context.AddressOf(UserSwitch.Symbol));
        code.BranchTo(Code.Jne_rel32_64, context.AddressOf(UserPark.Symbol));
        BackToCaller(a, vectorUse(root));
    }

    /// <summary>Results are in the context; what the call keeps is where it was: C# keeps it, too.</summary>
    private static void BackToCaller(Assembler a, int vectorRegisters)
    {
        for (int index = 0; index < VectorRegisters; index++)
        {
            if ((vectorRegisters & (1 << index)) != 0)
            {
                AssemblerRegisterXMM register = new(Register.XMM0 + index);
                a.pxor(register, register);
            }
        }

        a.mov(rax, EntryStateMemory.Current);
        ContextMemory.Load(a, rax, ContextMemory.Results);
        a.mov(rax, ContextMemory.Word(rax, nameof(ThreadContext.Rax)));
        a.pop(r11);
        a.pop(rcx);
        a.mov(rsp, EntryStateMemory.UserRsp);
        a.sysretq();
    }
}
