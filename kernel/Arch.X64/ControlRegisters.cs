using System;

namespace Atoll.Arch;

/// <summary>Protection features of CR4 that a core may have (Intel SDM Vol. 3A, "Control Registers").</summary>
public static class ControlRegisters
{
    private const ulong CR4_MCE = 1UL << 6;
    private const ulong CR4_UMIP = 1UL << 11;
    private const ulong CR4_SMEP = 1UL << 20;
    private const ulong CR4_SMAP = 1UL << 21;

    /// <summary>Turns on machine-check exceptions, and supervisor-mode execution and access prevention and user-mode instruction prevention, where the CPU has them.</summary>
    /// <returns>What is on now.</returns>
    public static ProtectionFeatures EnableProtection()
    {
        // CPUID leaf 7, subleaf 0 (Intel SDM Vol. 2A, "CPUID", "Structured Extended Feature Flags").
        CpuidResult leaf7 = Cpu.Cpuid(0, 0).Eax >= 7 ? Cpu.Cpuid(7, 0) : default;
        ProtectionFeatures features = 0;

        // Without it a machine check shuts the whole machine down instead of entering its handler. Every x86-64 CPU has it.
        ulong bits = CR4_MCE;

        if ((leaf7.Ebx & (1u << 7)) != 0)
        {
            features |= ProtectionFeatures.Smep;
            bits |= CR4_SMEP;
        }

        if ((leaf7.Ebx & (1u << 20)) != 0)
        {
            features |= ProtectionFeatures.Smap;
            bits |= CR4_SMAP;
        }

        if ((leaf7.Ecx & (1u << 2)) != 0)
        {
            features |= ProtectionFeatures.Umip;
            bits |= CR4_UMIP;
        }

        Cpu.WriteCr4(Cpu.ReadCr4() | bits);
        return features;
    }
}

/// <summary>Protections beyond paging that are on.</summary>
[Flags]
public enum ProtectionFeatures : uint
{
    /// <summary>The kernel cannot execute user pages.</summary>
    Smep = 1,

    /// <summary>The kernel cannot touch user pages by mistake.</summary>
    Smap = 2,

    /// <summary>Programs cannot read descriptor table addresses.</summary>
    Umip = 4,
}
