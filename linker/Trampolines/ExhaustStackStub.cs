using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Pushes until the guard page below the stack stops it (fault injection). Never returns.</summary>
/// <remarks>It keeps a frame pointer, so that the record of the double fault can still show the callers.</remarks>
public sealed class ExhaustStackStub : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => "x64_exhaust_stack";

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { ExhaustsStack = true };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        Label again = a.CreateLabel();

        code.Called();
        a.push(rbp);
        code.Frame(UnwindRule.FromStackPointer, offset: 16, framePointerSlot: 2);
        a.mov(rbp, rsp);
        code.Frame(UnwindRule.FromFramePointer, offset: 16, framePointerSlot: 2);
        a.Label(ref again);
        a.push(rax);
        a.jmp(again);
    }
}
