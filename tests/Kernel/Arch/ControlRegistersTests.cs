using Atoll.Arch;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Arch;

/// <summary>Protection is turned on bit by bit as CPUID says.</summary>
/// <remarks>
/// Sources: Intel SDM Vol. 2A, "CPUID", leaf 07H: EBX[7] SMEP, EBX[20] SMAP, ECX[2] UMIP; Vol. 3A, "Control Registers":
/// CR4[6] MCE, CR4[20] SMEP, CR4[21] SMAP, CR4[11] UMIP.
/// </remarks>
public sealed class ControlRegistersTests
{
    private const ulong Cr4AtEntry = 0x620; // PAE, OSFXSR, OSXMMEXCPT.
    private const ulong MachineCheckEnable = 0x40;

    [Theory]
    [InlineData(0x0000_0000u, 0x0u, 0UL, (ProtectionFeatures)0)]
    [InlineData(0x0000_0080u, 0x0u, 0x10_0000UL, ProtectionFeatures.Smep)]
    [InlineData(0x0010_0000u, 0x0u, 0x20_0000UL, ProtectionFeatures.Smap)]
    [InlineData(0x0000_0000u, 0x4u, 0x00_0800UL, ProtectionFeatures.Umip)]
    [InlineData(0x0010_0080u, 0x4u, 0x30_0800UL,
        ProtectionFeatures.Smep | ProtectionFeatures.Smap | ProtectionFeatures.Umip)]
    [InlineData(0xFFEF_FF7Fu, 0xFFFF_FFFBu, 0UL, (ProtectionFeatures)0)]
    public void EachBitAlone(uint ebx, uint ecx, ulong bits, ProtectionFeatures features)
    {
        SimulatedCore core = new() { Cr4 = Cr4AtEntry };
        core.CpuidLeaves[0] = new CpuidResult { Eax = 7 };
        core.CpuidLeaves[7] = new CpuidResult { Ebx = ebx, Ecx = ecx };
        using IDisposable scope = core.Use();

        Assert.Equal(features, ControlRegisters.EnableProtection());
        Assert.Equal(Cr4AtEntry | MachineCheckEnable | bits, core.Cr4);
    }

    /// <summary>
    /// Past the highest leaf an Intel CPU answers with the data of the highest leaf, which means something else.
    /// </summary>
    [Fact]
    public void LeafSevenIsNotAskedFor_WhenTheCpuHasNone()
    {
        SimulatedCore core = new() { Cr4 = Cr4AtEntry };
        core.CpuidLeaves[0] = new CpuidResult { Eax = 6 };
        core.CpuidLeaves[7] = new CpuidResult { Ebx = ~0u, Ecx = ~0u };
        using IDisposable scope = core.Use();

        Assert.Equal((ProtectionFeatures)0, ControlRegisters.EnableProtection());
        Assert.Equal(Cr4AtEntry | MachineCheckEnable, core.Cr4);
    }
}
