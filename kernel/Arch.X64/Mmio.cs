namespace Atoll.Arch;

/// <summary>Device registers in memory. Exactly one access of exactly 32 bits, which a C# load does not promise.</summary>
[InterruptSafe, NoPanic, NoBlock]
[Trusted(Safety = "Registers of the local APIC; and what fault injection says, which is to end the instance.")]
public static unsafe class Mmio
{
    /// <summary>Reads a register.</summary>
    public static uint Read32(ulong address) => Stubs.MmioRead32((uint*)address);

    /// <summary>Writes a register.</summary>
    public static void Write32(ulong address, uint value) => Stubs.MmioWrite32((uint*)address, value);
}
