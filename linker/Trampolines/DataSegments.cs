using Atoll.Abi;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Loads the segment registers that 64-bit code has no use for.</summary>
public static class DataSegments
{
    /// <summary>DS, ES and SS get the kernel's data segment; FS and GS, which nothing uses, are null.</summary>
    public static void Load(Assembler a)
    {
        a.mov(eax, ImageLayout.KernelDataSelector);
        a.mov(ds, eax);
        a.mov(es, eax);
        a.mov(ss, eax);
        a.xor(eax, eax);
        a.mov(fs, eax);
        a.mov(gs, eax);
    }
}
