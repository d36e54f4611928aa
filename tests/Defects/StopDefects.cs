using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>Defects of what is said about faults of other cores: a machine with four cores must find them. The kernel is sound.</summary>
internal static class StopDefects
{
    private static readonly VmShape s_four = new(4) { MemoryMiB = 128 };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Defect> All { get; } =
    [
        new("only Init of the first core says what stopped", "services/Init/StopChannel.cs",
            "state.Core < state.System.Header.StopsCount ?", "state.Core == 0 ?", "shell-cores", s_four)
        {
            Complaint = "the console was not told of the last fault on core 1",
            IsInPrograms = true,
        },
        new("a fault of another core is told as one of the first", "services/Supervisor/SupervisorServer.cs",
            "            Write(core, in happened);", "            Write(_core, in happened);", "shell-cores", s_four)
        {
            Complaint = "the console was not told of the last fault on core 1",
            IsInPrograms = true,
        },
    ];
}
