using Atoll.Kernel.Tests.Defects;

namespace Atoll.Kernel.Tests.Multikernel.Stores;

/// <summary>Fences that are missing: a store that is still in its core's buffer when the core looks at what the other has stored.</summary>
internal static class StoreDefects
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedDefect> All { get; } =
    [
        new("a turn ends without a fence", "Ipc/TurnEnd.cs", "                TMemory.Fence();\n", ""),
        new("who is about to sleep says so without a fence", "Ipc/WakeWord.cs", "        TMemory.Fence();\n", ""),
        new("a program's ring goes out without a fence", "Programs/ChannelTurn.cs", "        BufferedMemory.Fence();\n", ""),
    ];
}
