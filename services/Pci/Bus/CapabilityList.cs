namespace Atoll.Services.Pci;

/// <summary>The list of what a function can do besides. The function may write anything into it: no end, a circle, a place in the header.</summary>
/// <remarks>Source: PCI Local Bus Specification 3.0, "Capabilities List".</remarks>
public static class CapabilityList
{
    // The list lies behind the header, and each entry has four bytes at least.
    private const uint FirstPossible = 0x40;
    private const int EntriesMax = (int)((ConfigurationRegisters.Bytes - FirstPossible) / sizeof(uint));
    private const uint PointerMask = 0xFC;

    /// <summary>Finds the first entry of a kind.</summary>
    /// <typeparam name="TSpace">Configuration space.</typeparam>
    /// <param name="space">Configuration space.</param>
    /// <param name="place">The function.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>Where it is; 0: there is none.</returns>
    public static uint Find<TSpace>(in TSpace space, FunctionPlace place, byte kind)
        where TSpace : struct, IConfigurationSpace
    {
        if ((space.Read(place, ConfigurationRegisters.CommandAndStatus) & ConfigurationRegisters.HasCapabilities) == 0)
        {
            return 0;
        }

        uint at = space.Read(place, ConfigurationRegisters.CapabilityPointer) & PointerMask;
        for (int looked = 0; looked < EntriesMax && at >= FirstPossible; looked++)
        {
            uint head = space.Read(place, at);
            if ((byte)head == kind)
            {
                return at;
            }

            at = (head >> 8) & PointerMask;
        }

        return 0;
    }
}
