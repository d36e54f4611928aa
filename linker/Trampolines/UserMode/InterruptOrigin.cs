using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>Where every interrupt entry without a stack of its own leads: from ring 0 on to the common path, from ring
/// 3 with all registers into the thread's context and with an empty stack into C#.</summary>
/// <remarks>
/// On entry the stack holds SS, RSP, RFLAGS, CS, RIP, error code and vector. From ring 3 they lie at the top of the
/// kernel's stack (TSS.RSP0). The CPU has cleared IF, TF, NT and RF, but not AC, which would turn off SMAP, nor DF.
/// Sources: Intel SDM Vol. 3A, "64-Bit Mode Stack Frame", "Interrupt Stack Table"; Vol. 2A, "FXSAVE".
/// </remarks>
public sealed class InterruptOrigin : CodeFragment
{
    /// <summary>Symbol of the path.</summary>
    public const string Symbol = "interrupt_origin";

    private const int CodeSegmentOffset = 3 * sizeof(ulong);
    private const int CleanFlags = 2;

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References =>
        [InterruptCommonPath.Symbol, SymbolNames.UserTrap, UserRun.Symbol];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = ["popf"] };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        code.Frame(UnwindRule.End, offset: 0);
        a.test(__byte_ptr[rsp + CodeSegmentOffset], ImageLayout.UserPrivilege);
        code.BranchTo(Code.Je_rel32_64, context.AddressOf(InterruptCommonPath.Symbol));
        Save(a);
        a.mov(rsp, ImageLayout.StackTop);
        a.push(CleanFlags);
        a.popfq();
        a.xor(ebp, ebp);
        a.call(context.AddressOf(SymbolNames.UserTrap));
        code.JumpTo(context.AddressOf(UserRun.Symbol));
    }

    private static void Save(Assembler a)
    {
        a.push(rax);
        a.mov(rax, EntryStateMemory.Current);
        ContextMemory.Store(a, rax, ContextMemory.Kept);
        ContextMemory.Store(a, rax, ContextMemory.Results);
        ContextMemory.Store(a, rax, ContextMemory.Volatile);
        PopInto(nameof(ThreadContext.Rax));
        PopInto(nameof(ThreadContext.Vector));
        PopInto(nameof(ThreadContext.ErrorCode));
        PopInto(nameof(ThreadContext.Rip));
        // The selectors of ring 3 are constants: CS, and SS at the end.
        a.pop(rcx);
        PopInto(nameof(ThreadContext.Rflags));
        PopInto(nameof(ThreadContext.Rsp));
        a.mov(ContextMemory.Word(rax, nameof(ThreadContext.Kind)), (int)ContextKind.Interrupt);
        a.fxsave64(ContextMemory.Fpu(rax));

        void PopInto(string field) => a.pop(ContextMemory.Word(rax, field));
    }
}
