using System.Runtime;
using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>The linker's one-instruction functions (docs/image.md, "Symbols"). Only this room calls them.</summary>
internal static unsafe class Stubs
{
    [RuntimeImport("*", "x64_in8"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern byte In8(ushort port);

    [RuntimeImport("*", "x64_out8"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern void Out8(ushort port, byte value);

    [RuntimeImport("*", "x64_in16"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern ushort In16(ushort port);

    [RuntimeImport("*", "x64_out16"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern void Out16(ushort port, ushort value);

    [RuntimeImport("*", "x64_in32"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern uint In32(ushort port);

    [RuntimeImport("*", "x64_out32"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern void Out32(ushort port, uint value);

    [RuntimeImport("*", "x64_read_msr"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern ulong ReadMsr(uint register);

    [RuntimeImport("*", "x64_write_msr"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern void WriteMsr(uint register, ulong value);

    [RuntimeImport("*", "x64_read_cr2"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern ulong ReadCr2();

    [RuntimeImport("*", "x64_read_cr3"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern ulong ReadCr3();

    [RuntimeImport("*", "x64_write_cr3"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern void WriteCr3(ulong value);

    [RuntimeImport("*", "x64_write_cr3_and_return"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern ulong WriteCr3AndReturn(ulong value, ulong result);

    [RuntimeImport("*", "x64_read_cr4"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadCr4();

    [RuntimeImport("*", "x64_syscall_entry"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong SyscallEntry();

    [RuntimeImport("*", "x64_resume"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void Resume(ulong exitWord);

    [RuntimeImport("*", "x64_write_cr4"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteCr4(ulong value);

    [RuntimeImport("*", "x64_cpuid"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void Cpuid(uint leaf, uint subleaf, CpuidResult* result);

    [RuntimeImport("*", "x64_read_tsc"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern ulong ReadTsc();

    [RuntimeImport("*", "x64_disable_interrupts"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern void DisableInterrupts();

    [RuntimeImport("*", "x64_halt"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic]
    internal static extern void Halt();

    [RuntimeImport("*", "x64_enable_interrupts_and_halt"), MethodImpl(MethodImplOptions.InternalCall), Blocks]
    internal static extern void EnableInterruptsAndHalt();

    [RuntimeImport("*", "x64_open_interrupts"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void OpenInterrupts();

    [RuntimeImport("*", "x64_invalidate_page"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void InvalidatePage(ulong virtualAddress);

    [RuntimeImport("*", "x64_mmio_read32"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern uint MmioRead32(uint* address);

    [RuntimeImport("*", "x64_mmio_write32"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern void MmioWrite32(uint* address, uint value);

    [RuntimeImport("*", "x64_image_info"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoPanic, NoBlock]
    internal static extern ImageInfo* ImageInfo();

    [RuntimeImport("*", "x64_enter_instance"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void EnterInstance(ulong tables, ulong entryTsc);

    [RuntimeImport("*", "x64_check_failed"), MethodImpl(MethodImplOptions.InternalCall), InterruptSafe, NoBlock]
    internal static extern void CheckFailed();

    [RuntimeImport("*", "x64_undefined_instruction"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void UndefinedInstruction();

    [RuntimeImport("*", "x64_exhaust_stack"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void ExhaustStack();

    [RuntimeImport("*", "x64_call_address"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void CallAddress(ulong address);
}
