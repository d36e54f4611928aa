using Atoll.Abi;

namespace Atoll.Linker.Trampolines;

/// <summary>Where the boot loader puts what has an address in the high half.</summary>
public static class LoadAddress
{
    /// <summary>Physical address of a byte of text, read-only data or pristine data.</summary>
    public static ulong Of(ulong imageAddress) =>
        unchecked(imageAddress - ImageLayout.ImageBase + ImageLayout.ImagePhysicalBase);
}
