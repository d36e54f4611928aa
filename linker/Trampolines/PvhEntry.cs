using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Where the boot loader starts us: 32-bit code, paging off, flat segments, EBX = start info.</summary>
/// <remarks>
/// Reads the TSC, checks the CPU, and turns on the boot tables and long mode.
/// Sources: Xen, "x86/HVM direct boot ABI"; Intel SDM Vol. 3A, "Initializing IA-32e Mode".
/// </remarks>
public sealed class PvhEntry : CodeFragment
{
    /// <summary>Symbol of the entry, named by the PVH note.</summary>
    public const string Symbol = "pvh_entry";

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.BootCode;

    /// <inheritdoc/>
    public override int Bitness => 32;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References =>
    [
        BootPages.Stack.Name,
        CpuFeatureTable.Symbol,
        MissingFeatureReport.Symbol,
        BootPageTables.Root,
        BootGdtPointer.Symbol,
        BootLongModeEntry.Symbol,
    ];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new()
    {
        IsEntry = true,
        Privileged = ["write-cr0", "write-cr3", "write-cr4", "wrmsr", "lgdt", "cli", "far-transfer"],
    };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        a.rdtsc();

        // The ABI says that interrupts are off. No descriptor table is loaded yet, so one that is not would reset the machine.
        a.cli();
        a.mov(esp, Low(context, BootPages.Stack.Name) + (uint)BootPages.Stack.SizeBytes);
        a.push(edx);
        a.push(eax);
        a.push(ebx);
        CheckFeatures(code, context);
        // What BootLongModeEntry takes: start info, TSC low, TSC high.
        a.pop(ebx);
        a.pop(esi);
        a.pop(edi);
        LongModeSwitch.Emit(a, () => a.mov(eax, Low(context, BootPageTables.Root)));
        a.lgdt(__[Low(context, BootGdtPointer.Symbol)]);
        a.jmp(ImageLayout.KernelCodeSelector, Low(context, BootLongModeEntry.Symbol));
    }

    /// <summary>Goes on with the report for the first feature that is missing; ESI = its name.</summary>
    private static void CheckFeatures(CodeBuilder code, IFragmentContext context)
    {
        const uint LeafRange = 0x8000_0000;
        Assembler a = code.Asm;
        Label next = a.CreateLabel();
        Label missing = a.CreateLabel();
        Label present = a.CreateLabel();
        uint table = Low(context, CpuFeatureTable.Symbol);

        a.mov(ebp, table);
        a.Label(ref next);

        // The first leaf of each range says which is its last. A CPU without the range answers with something smaller.
        a.mov(eax, __dword_ptr[ebp + CpuFeatureTable.LeafOffset]);
        a.and(eax, LeafRange);
        a.cpuid();
        a.cmp(eax, __dword_ptr[ebp + CpuFeatureTable.LeafOffset]);
        a.jb(missing);

        a.mov(eax, __dword_ptr[ebp + CpuFeatureTable.LeafOffset]);
        a.xor(ecx, ecx);
        a.cpuid();
        a.push(edx);
        a.push(ecx);
        a.push(ebx);
        a.push(eax);
        a.mov(ecx, __dword_ptr[ebp + CpuFeatureTable.OutputOffset]);
        a.mov(eax, __dword_ptr[esp + (ecx * 4)]);
        a.add(esp, 16);
        a.test(__dword_ptr[ebp + CpuFeatureTable.MaskOffset], eax);
        a.jz(missing);

        a.add(ebp, CpuFeatureTable.RowBytes);
        a.cmp(ebp, table + (uint)CpuFeatureTable.RowsBytes);
        a.jb(next);
        a.jmp(present);

        a.Label(ref missing);
        a.mov(esi, __dword_ptr[ebp + CpuFeatureTable.NameOffset]);
        code.JumpTo(context.AddressOf(MissingFeatureReport.Symbol));
        a.Label(ref present);
    }

    private static uint Low(IFragmentContext context, string symbol) => checked((uint)context.AddressOf(symbol));
}
