namespace Atoll.Linker.Trampolines;

/// <summary>Bits of the control registers that trampolines write, in the manual's spelling.</summary>
/// <remarks>
/// Sources: Intel SDM Vol. 3A, "Control Registers" and "Extended Feature Enable Register";
/// Vol. 1, "MXCSR Control and Status Register".
/// </remarks>
public static class ControlRegisters
{
    /// <summary>Protection Enable.</summary>
    public const uint CR0_PE = 1u << 0;

    /// <summary>Monitor Coprocessor: WAIT obeys TS.</summary>
    public const uint CR0_MP = 1u << 1;

    /// <summary>Extension Type: always 1.</summary>
    public const uint CR0_ET = 1u << 4;

    /// <summary>Numeric Error: x87 errors are exceptions and not interrupts.</summary>
    public const uint CR0_NE = 1u << 5;

    /// <summary>Write Protect: the kernel cannot write read-only pages either.</summary>
    public const uint CR0_WP = 1u << 16;

    /// <summary>Paging.</summary>
    public const uint CR0_PG = 1u << 31;

    /// <summary>Physical Address Extension.</summary>
    public const uint CR4_PAE = 1u << 5;

    /// <summary>FXSAVE and SSE are in use.</summary>
    public const uint CR4_OSFXSR = 1u << 9;

    /// <summary>SIMD floating-point errors are exceptions.</summary>
    public const uint CR4_OSXMMEXCPT = 1u << 10;

    /// <summary>The model-specific register of the extended features.</summary>
    public const uint IA32_EFER = 0xC000_0080;

    /// <summary>IA-32e Mode Enable.</summary>
    public const uint IA32_EFER_LME = 1u << 8;

    /// <summary>Execute Disable Bit Enable.</summary>
    public const uint IA32_EFER_NXE = 1u << 11;

    /// <summary>CR0 in protected mode. Written whole, since INIT leaves CD and NW set.</summary>
    public const uint ProtectedModeCR0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP;

    /// <summary>CR0 in long mode.</summary>
    public const uint LongModeCR0 = ProtectedModeCR0 | CR0_PG;

    /// <summary>CR4 on entry to C#. The instance adds what its CPU has.</summary>
    public const uint LongModeCR4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT;

    /// <summary>EFER in long mode.</summary>
    public const uint LongModeEfer = IA32_EFER_LME | IA32_EFER_NXE;

    /// <summary>MXCSR: every SIMD exception masked, round to nearest (the value after reset).</summary>
    public const uint DefaultMxcsr = 0x1F80;
}
