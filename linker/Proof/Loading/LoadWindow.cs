using Atoll.Abi;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Loading;

/// <summary>Addresses at which segments may lie, and where in physical memory those are.</summary>
/// <param name="Name">For findings.</param>
/// <param name="Base">First virtual address.</param>
/// <param name="PhysicalBase">Its physical address.</param>
/// <param name="SizeBytes">Bytes.</param>
internal sealed record LoadWindow(string Name, ulong Base, ulong PhysicalBase, ulong SizeBytes)
{
    /// <summary>What the boot tables map: the boot segment one to one, the image in the upper half (docs/image.md).</summary>
    private static readonly LoadWindow[] s_kernel =
    [
        new(
            "boot segment",
            ImageLayout.BootSegmentBase,
            ImageLayout.BootSegmentBase,
            ImageLayout.BootSegmentLimit - ImageLayout.BootSegmentBase),
        new(
            "kernel image",
            ImageLayout.ImageBase,
            ImageLayout.ImagePhysicalBase,
            ImageLayout.ImageLimit - ImageLayout.ImageBase),
    ];

    /// <summary>A program knows no physical address: both are the same. Page 0 stays free.</summary>
    private static readonly LoadWindow s_program = new(
        "program",
        ImageLayout.PageSizeBytes,
        ImageLayout.PageSizeBytes,
        ProgramManifest.AddressLimit - ImageLayout.PageSizeBytes);

    /// <summary>The window that holds the whole of a segment, or null.</summary>
    public static LoadWindow? Of(WrittenSegment load, bool isProgram) => isProgram
        ? s_program.Holds(load) ? s_program : null
        : Array.Find(s_kernel, window => window.Holds(load));

    /// <summary>Where a virtual address in it is in physical memory.</summary>
    public ulong PhysicalOf(ulong address) => PhysicalBase + (address - Base);

    private bool Holds(WrittenSegment load)
    {
        ulong offset = unchecked(load.Address - Base);
        return offset < SizeBytes && load.MemoryBytes <= SizeBytes - offset;
    }
}
