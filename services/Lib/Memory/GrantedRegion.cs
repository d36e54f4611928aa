using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Frames of 2 MiB that others have given, mapped in the program's window for such (<see cref="ProgramInformation.LargeWindowAddress"/>).</summary>
/// <remarks>Whoever gave a frame may take it back at any moment: the next access is a fault of the program then. It may change every byte at any time, as the owner of any region may.</remarks>
public static class GrantedRegion
{
    private const ulong Bytes = 1UL << ObjectSize.LargeFrameBits;

    /// <summary>Maps a frame. Deleting its capability takes it out again.</summary>
    /// <param name="frame">A frame of 2 MiB; another is refused by the kernel, as it does not fit there.</param>
    /// <param name="space">Slot of the program's own address space: a need of kind <c>space</c>.</param>
    /// <param name="place">Which place of the window. Nothing else is mapped there.</param>
    /// <param name="rights">How.</param>
    /// <param name="region">The memory, when it is mapped.</param>
    public static SystemResult Map(MemoryFrame frame, uint space, uint place, MapRights rights, out MemoryRegion region)
    {
        region = default;
        ulong at = ProgramInformation.LargeWindowAddress + (place * Bytes);
        if (at >= ProgramInformation.LargeWindowEnd)
        {
            return SystemResult.ArgumentInvalid;
        }

        SystemResult result = frame.Map(space, at, rights);
        region = result == SystemResult.Ok ? new MemoryRegion(OwnWindow.Of(at), Bytes) : default;
        return result;
    }
}
