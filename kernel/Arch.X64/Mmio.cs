namespace Atoll.Arch;

/// <summary>Device registers in memory. Exactly one access of exactly 32 bits, which a C# load does not promise.</summary>
[InterruptSafe, NoPanic, NoBlock]
[Trusted(Safety = "One access of 32 bits wherever it is said: an address that is not mapped is a fault of this instance, like any.")]
public static unsafe class Mmio
{
    /// <summary>Reads a register.</summary>
    public static uint Read32(ulong address) => Stubs.MmioRead32((uint*)address);

    /// <summary>Writes a register.</summary>
    public static void Write32(ulong address, uint value) => Stubs.MmioWrite32((uint*)address, value);
}
