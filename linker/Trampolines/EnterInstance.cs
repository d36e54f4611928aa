using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Puts the core on an instance's own tables and empty stack, and calls its main. Never returns.</summary>
/// <remarks>
/// Arguments: RDI physical PML4, RSI the core's TSC at its first instruction. Interrupts are off.
/// The tables come first: whichever tables were on before (boot tables, start tables), they share nothing with the
/// new ones but this text. The registers that follow hold addresses of the new address space.
/// CR4 beyond what long mode and SSE need is the instance's own business.
/// Sources: Intel SDM Vol. 3A, "Loading and Storing System Registers" and "Segment Registers in IA-32e Mode".
/// </remarks>
public sealed class EnterInstance : CodeFragment
{
    /// <summary>Symbol of the stub.</summary>
    public const string Symbol = "x64_enter_instance";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References =>
        [PseudoDescriptor.GdtPointer, PseudoDescriptor.IdtPointer, SymbolNames.InstanceMain];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new()
    {
        Privileged = ["write-cr3", "lgdt", "lidt", "ltr", "lldt", "load-segment", "far-transfer"],
    };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        code.Frame(UnwindRule.End, offset: 0);
        a.mov(cr3, rdi);
        a.mov(rsp, ImageLayout.StackTop);
        code.LoadGlobalDescriptorTable(context.AddressOf(PseudoDescriptor.GdtPointer));
        code.LoadInterruptDescriptorTable(context.AddressOf(PseudoDescriptor.IdtPointer));
        ReloadCodeSegment(a);
        DataSegments.Load(a);
        // After a reset the LDT lies at address 0, which is the programs': they could make gates of their own there.
        a.xor(eax, eax);
        a.lldt(ax);
        a.mov(eax, ImageLayout.TaskStateSelector);
        // Marks the descriptor busy, in this instance's own and still fresh copy of data.
        a.ltr(ax);
        a.mov(rdi, rsi);
        // A zero ends the chain of frame pointers.
        a.xor(ebp, ebp);
        a.call(context.AddressOf(SymbolNames.InstanceMain));
        a.ud2();
    }

    /// <summary>No far jump takes a 64-bit offset: a far return does.</summary>
    private static void ReloadCodeSegment(Assembler a)
    {
        Label reloaded = a.CreateLabel();
        a.push(ImageLayout.KernelCodeSelector);
        a.lea(rax, __[reloaded]);
        a.push(rax);
        a.AddInstruction(Instruction.Create(Code.Retfq));
        a.Label(ref reloaded);
    }
}
