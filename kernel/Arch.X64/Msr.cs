namespace Atoll.Arch;

/// <summary>Model-specific registers, named as in the Intel SDM Vol. 4, "Model-Specific Registers".</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class Msr
{
    /// <summary>Local APIC base address and enable bits.</summary>
    public const uint IA32_APIC_BASE = 0x1B;

    /// <summary>First x2APIC register; the register at MMIO offset n is 0x800 + n / 16.</summary>
    public const uint IA32_X2APIC_BASE = 0x800;

    /// <summary>RDMSR.</summary>
    public static ulong Read(uint register) => Stubs.ReadMsr(register);

    /// <summary>WRMSR.</summary>
    public static void Write(uint register, ulong value) => Stubs.WriteMsr(register, value);
}
