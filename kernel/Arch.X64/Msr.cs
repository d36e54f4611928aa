namespace Atoll.Arch;

/// <summary>Model-specific registers, named as in the Intel SDM Vol. 4, "Model-Specific Registers".</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class Msr
{
    /// <summary>Local APIC base address and enable bits.</summary>
    public const uint IA32_APIC_BASE = 0x1B;

    /// <summary>Code segment of SYSENTER; 0: SYSENTER faults.</summary>
    public const uint IA32_SYSENTER_CS = 0x174;

    /// <summary>Extended features.</summary>
    public const uint IA32_EFER = 0xC000_0080;

    /// <summary>Segments of SYSCALL and SYSRET.</summary>
    public const uint IA32_STAR = 0xC000_0081;

    /// <summary>Where SYSCALL leads.</summary>
    public const uint IA32_LSTAR = 0xC000_0082;

    /// <summary>Flags that SYSCALL clears.</summary>
    public const uint IA32_FMASK = 0xC000_0084;

    /// <summary>Base of FS.</summary>
    public const uint IA32_FS_BASE = 0xC000_0100;

    /// <summary>First x2APIC register; the register at MMIO offset n is 0x800 + n / 16.</summary>
    public const uint IA32_X2APIC_BASE = 0x800;

    /// <summary>RDMSR.</summary>
    public static ulong Read(uint register) => Stubs.ReadMsr(register);

    /// <summary>WRMSR.</summary>
    public static void Write(uint register, ulong value) => Stubs.WriteMsr(register, value);
}
