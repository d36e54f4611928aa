using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>Defects of a switchboard's work with its kernel, which the played one of its tests does not have: a machine on which programs connect must find them. The kernel is sound.</summary>
internal static class ConnectDefects
{
    private const string Board = "services/Switchboard/OwnBoard.cs";

    private static readonly VmShape s_four = new(4) { MemoryMiB = 128 };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Defect> All { get; } =
    [
        new("a switchboard keeps the end that it has given to a server", Board,
            "        line.EndTurn();\n        Drop(place);", "        line.EndTurn();", "connect", s_four)
        {
            Complaint = "did not come to its end",
            IsInPrograms = true,
        },
        new("a switchboard keeps the server's end of a line", Board,
            "the line ends with the server.\n        _ = _node.Delete(_outSlot);", "the line ends with the server.", "connect", s_four)
        {
            Complaint = "ends of channels that the switchboard of core 0 is left with",
            IsInPrograms = true,
        },
    ];
}
