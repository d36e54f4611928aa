using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Completes the <see cref="TrapFrame"/>, calls <c>atoll_trap</c> with it, and returns.</summary>
/// <remarks>
/// On entry the stack holds SS, RSP, RFLAGS, CS, RIP, error code and vector. The CPU has aligned RSP to 16 before it
/// pushed SS, and the whole frame is a multiple of 16: RSP is aligned at the call.
/// Nothing is lost: compiled C# uses XMM registers for every copy of 16 bytes and more.
/// Sources: Intel SDM Vol. 3A, "64-Bit Mode Stack Frame" and "IRET in IA-32e Mode".
/// </remarks>
public sealed class InterruptCommonPath : CodeFragment
{
    /// <summary>Symbol of the path.</summary>
    public const string Symbol = "interrupt_common";

    private const int VectorRegisterCount = 16;
    private const int VectorRegisterBytes = 16;
    private const int VectorAreaBytes = VectorRegisterCount * VectorRegisterBytes;

    private const int CleanFlags = 2;

    /// <summary>In the order of pushing: RAX lies highest in the frame.</summary>
    private static readonly AssemblerRegister64[] s_general =
        [rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15];

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [SymbolNames.Trap];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = ["popf", "iret"] };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        code.Frame(UnwindRule.End, offset: 0);
        SaveRegisters(a);
        // The System V ABI wants DF clear, and AC would turn SMAP off: ring 3 may have set both.
        a.push(CleanFlags);
        a.popfq();
        code.Frame(UnwindRule.FromTrapFrame, offset: 0);
        a.mov(rdi, rsp);
        a.call(context.AddressOf(SymbolNames.Trap));
        RestoreVectorRegisters(a);
        code.Frame(UnwindRule.End, offset: 0);
        RestoreGeneralRegisters(a);
        a.iretq();
    }

    private static void SaveRegisters(Assembler a)
    {
        foreach (AssemblerRegister64 register in s_general)
        {
            a.push(register);
        }

        a.sub(rsp, VectorAreaBytes);
        for (int index = 0; index < VectorRegisterCount; index++)
        {
            a.movaps(__xmmword_ptr[rsp + (index * VectorRegisterBytes)], VectorRegister(index));
        }
    }

    private static void RestoreVectorRegisters(Assembler a)
    {
        for (int index = 0; index < VectorRegisterCount; index++)
        {
            a.movaps(VectorRegister(index), __xmmword_ptr[rsp + (index * VectorRegisterBytes)]);
        }

        a.add(rsp, VectorAreaBytes);
    }

    private static void RestoreGeneralRegisters(Assembler a)
    {
        foreach (AssemblerRegister64 register in s_general.Reverse())
        {
            a.pop(register);
        }

        const int VectorAndErrorCodeBytes = 16;
        a.add(rsp, VectorAndErrorCodeBytes);
    }

    private static AssemblerRegisterXMM VectorRegister(int index) => new(Register.XMM0 + index);
}
