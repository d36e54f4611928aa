using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Tables;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Profiles;

/// <summary>The kernel: booted by PVH, in the high half, with boot segment and tables of its own
/// (docs/image.md).</summary>
public static class KernelProfile
{
    /// <summary>The profile.</summary>
    public static LinkProfile Instance { get; } = new(
        IsProgram: false,
        PvhEntry.Symbol,
        new AddressWindow(
            "kernel image",
            ImageLayout.ImageBase,
            ImageLayout.ImagePhysicalBase,
            ImageLayout.ImageLimit - ImageLayout.ImageBase),
        new AddressWindow(
            "boot segment",
            ImageLayout.BootSegmentBase,
            ImageLayout.BootSegmentBase,
            ImageLayout.BootSegmentLimit - ImageLayout.BootSegmentBase),
        Catalogue.Of,
        image => [new PvhNote(), new BuildIdNote(), new ImageInfoTable(image), new UnwindTable(image), new BootDataCopy(image)],
        [
            PvhEntry.Symbol, SymbolNames.BootMain, SymbolNames.InstanceMain, SymbolNames.Trap,
            PvhNote.Symbol, BuildIdNote.Symbol, ImageInfoTable.Symbol,
        ],
        [PvhEntry.Symbol, SymbolNames.BootMain, PvhNote.Symbol]);
}
