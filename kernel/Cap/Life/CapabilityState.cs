namespace Atoll.Cap;

/// <summary>What an instance keeps for its capabilities besides the objects themselves.</summary>
/// <remarks>Zeroed memory is that of an instance without address spaces. Layout version 1.</remarks>
[NonCopyable]
public struct CapabilityState
{
    /// <summary>Containers that are being taken apart.</summary>
    public DyingList Dying;

    /// <summary>Numbers of address spaces.</summary>
    public VSpaceTable Spaces;

    /// <summary>The kernel's half of every address space: the last entry of its level 4 table.</summary>
    public ulong KernelEntry;

    /// <summary>Whether the processor maps pages of 1 GiB.</summary>
    public bool HasHugePages;
}
