using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>The stubs of a few instructions.</summary>
/// <remarks>
/// System V calling convention: integer arguments in RDI, RSI, RDX; result in RAX; RBX, RBP and R12 to R15 kept.
/// Sources: Intel SDM Vol. 2, one section per instruction; System V ABI AMD64, "Parameter Passing".
/// </remarks>
public static class LeafStubs
{
    /// <summary>Every leaf stub.</summary>
    public static IReadOnlyList<LeafStub> All { get; } =
    [
        new("x64_in8", a => { a.mov(edx, edi); a.@in(al, dx); a.movzx(eax, al); }, "in"),
        new("x64_out8", a => { a.mov(edx, edi); a.mov(eax, esi); a.@out(dx, al); }, "out"),

        new("x64_in16", a => { a.mov(edx, edi); a.@in(ax, dx); a.movzx(eax, ax); }, "in"),
        new("x64_out16", a => { a.mov(edx, edi); a.mov(eax, esi); a.@out(dx, ax); }, "out"),
        new("x64_in32", a => { a.mov(edx, edi); a.@in(eax, dx); }, "in"),
        new("x64_out32", a => { a.mov(edx, edi); a.mov(eax, esi); a.@out(dx, eax); }, "out"),

        new("x64_read_msr", a => { a.mov(ecx, edi); a.rdmsr(); JoinHalves(a); }, "rdmsr"),
        new(
            "x64_write_msr",
            a => { a.mov(ecx, edi); a.mov(eax, esi); a.mov(rdx, rsi); a.shr(rdx, 32); a.wrmsr(); },
            "wrmsr"),

        new("x64_read_cr0", a => a.mov(rax, cr0), "read-cr0"),
        new("x64_read_cr2", a => a.mov(rax, cr2), "read-cr2"),
        new("x64_read_cr3", a => a.mov(rax, cr3), "read-cr3"),
        new("x64_read_cr4", a => a.mov(rax, cr4), "read-cr4"),
        new("x64_write_cr3", a => a.mov(cr3, rdi), "write-cr3"),
        new("x64_write_cr3_and_return", a => { a.mov(cr3, rdi); a.mov(rax, rsi); }, "write-cr3"),
        new("x64_write_cr4", a => a.mov(cr4, rdi), "write-cr4"),
        new("x64_invalidate_page", a => a.invlpg(__[rdi]), "invlpg"),

        new("x64_read_tsc", a => { a.rdtsc(); JoinHalves(a); }),
        new("x64_read_stack_pointer", a => a.lea(rax, __[rsp + 8])),
        new("x64_read_frame_pointer", a => a.mov(rax, rbp)),

        new("x64_disable_interrupts", a => a.cli(), "cli"),
        new("x64_halt", a => a.hlt(), "hlt"),
        // STI takes effect after the next instruction, so no interrupt falls between it and HLT
        // (Intel SDM Vol. 2, "STI"): a doorbell that rings here ends the halt.
        new("x64_enable_interrupts_and_halt", a => { a.sti(); a.hlt(); a.cli(); }, "sti", "hlt", "cli"),
        // The NOP lies in STI's shadow: interrupts are taken between it and CLI.
        new("x64_open_interrupts", a => { a.sti(); a.nop(); a.cli(); }, "sti", "cli"),

        new("x64_mmio_read32", a => a.mov(eax, __dword_ptr[rdi])),
        new("x64_mmio_write32", a => a.mov(__dword_ptr[rdi], esi)),

        // Registers that are narrower, of devices that want no other width.
        new("x64_mmio_read8", a => a.movzx(eax, __byte_ptr[rdi])),
        new("x64_mmio_write8", a => a.mov(__byte_ptr[rdi], sil)),
        new("x64_mmio_read16", a => a.movzx(eax, __word_ptr[rdi])),
        new("x64_mmio_write16", a => a.mov(__word_ptr[rdi], si)),

        // Nobody resumes behind the trap of a failed check.
        new("x64_check_failed", a => { a.@int(Abi.InterruptVector.CheckFailed); a.ud2(); }, "int"),
        new("x64_undefined_instruction", a => a.ud2()),
    ];

    /// <summary>Those that programs may have besides their system calls: the clock, and single accesses of devices' registers.</summary>
    public static IReadOnlyList<LeafStub> ForPrograms { get; } =
        [.. All.Where(stub => stub.Name is "x64_read_tsc" || stub.Name.StartsWith("x64_mmio_", StringComparison.Ordinal))];

    /// <summary>RAX = EDX:EAX, of which RDMSR and RDTSC clear the high halves.</summary>
    private static void JoinHalves(Assembler a)
    {
        a.shl(rdx, 32);
        a.or(rax, rdx);
    }
}
