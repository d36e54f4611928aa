using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>The 64-bit half of the boot entry: an instance's processor state, then <c>atoll_boot_main</c>.</summary>
/// <remarks>EBX start info, EDI:ESI TSC. High halves of registers are undefined after the switch of mode.</remarks>
public sealed class BootLongModeEntry : CodeFragment
{
    /// <summary>Symbol of the entry.</summary>
    public const string Symbol = "boot_long_mode_entry";

    /// <summary>Bit 1 always reads as one (Intel SDM Vol. 1, "EFLAGS Register").</summary>
    private const int ResetRflags = 2;

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.BootCode;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References =>
        [PseudoDescriptor.GdtPointer, PseudoDescriptor.IdtPointer, SymbolNames.BootMain];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new()
    {
        Privileged = ["lgdt", "lidt", "ltr", "load-segment", "popf"],
    };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        a.mov(rax, context.AddressOf(PseudoDescriptor.GdtPointer));
        a.lgdt(__[rax]);
        a.mov(rax, context.AddressOf(PseudoDescriptor.IdtPointer));
        a.lidt(__[rax]);
        DataSegments.Load(a);
        a.mov(eax, ImageLayout.TaskStateSelector);
        a.ltr(ax);
        a.mov(rsp, ImageLayout.StackTop);
        ResetFlags(a);
        ResetFloatingPoint(a);

        a.shl(rdi, 32);
        a.mov(esi, esi);
        a.or(rsi, rdi);
        a.mov(edi, ebx);
        a.xor(ebp, ebp);
        a.mov(rax, context.AddressOf(SymbolNames.BootMain));
        a.call(rax);
        a.ud2();
    }

    /// <summary>The boot loader promises nothing about DF, which compiled code counts on, and NT, with which IRET faults.</summary>
    private static void ResetFlags(Assembler a)
    {
        a.push(ResetRflags);
        a.popfq();
    }

    /// <summary>The boot loader promises nothing about x87 and MXCSR.</summary>
    private static void ResetFloatingPoint(Assembler a)
    {
        a.fninit();
        a.push((int)ControlRegisters.DefaultMxcsr);
        a.ldmxcsr(__dword_ptr[rsp]);
        a.pop(rax);
    }
}
