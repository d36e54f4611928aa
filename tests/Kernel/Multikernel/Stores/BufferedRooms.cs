using Atoll.Kernel.Tests.Defects;
using Atoll.Kernel.Tests.Multikernel.Defects;
using Atoll.Kernel.Tests.Multikernel.Simulations;

namespace Atoll.Kernel.Tests.Multikernel.Stores;

/// <summary>The product's rooms and their simulations, compiled in memory over cores with store buffers.</summary>
/// <remarks>
/// Every room names its memory: where it says the machine's own, it says <see cref="BufferedMemory"/> here. So no other test, and no benchmark on the host, pays for the buffers, and nothing of
/// the product asks whether there are any (decision 0260).
/// </remarks>
internal static class BufferedRooms
{
    private const string Memory = "CoherentMemory";

    private static readonly string[] s_rooms = [.. SimulatedSources.Rooms, "Ipc"];

    /// <summary>Compiles nothing yet.</summary>
    public static DefectiveRooms Make() => new(
        "kernel",
        [.. s_rooms.Select(room => $"Atoll.{room}.dll")],
        SimulatedSources.Places(s_rooms, [.. SimulationSearch.Files, "Stores/BufferedMemory"]),
        typeof(SimulationSearch).FullName!,
        [typeof(BufferedMemory).Namespace!],
        text => text.Replace(Memory, nameof(BufferedMemory), StringComparison.Ordinal));
}
