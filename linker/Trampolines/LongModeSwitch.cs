using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Turns on paging and long mode in 32-bit protected mode. A far jump to 64-bit code must follow.</summary>
/// <remarks>
/// The next instruction is fetched through the new tables, so they map the code that is running one to one.
/// Overwrites EAX, ECX and EDX. Source: Intel SDM Vol. 3A, "Initializing IA-32e Mode".
/// </remarks>
public static class LongModeSwitch
{
    /// <summary>Writes CR4, CR3, EFER and CR0, in that order.</summary>
    /// <param name="a">A 32-bit assembler.</param>
    /// <param name="loadTables">Emits what brings the PML4's physical address to EAX.</param>
    public static void Emit(Assembler a, Action loadTables)
    {
        a.mov(eax, ControlRegisters.LongModeCR4);
        a.mov(cr4, eax);
        loadTables();
        a.mov(cr3, eax);
        a.mov(ecx, ControlRegisters.IA32_EFER);
        a.xor(edx, edx);
        a.mov(eax, ControlRegisters.LongModeEfer);
        a.wrmsr();
        a.mov(eax, ControlRegisters.LongModeCR0);
        a.mov(cr0, eax);
    }
}
