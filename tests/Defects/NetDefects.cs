using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>Defects of the stack that a scan of the machine must find. The system is built with them; the kernel is sound.</summary>
internal static class NetDefects
{
    private const string Stack = "services/Net/Stack/NetStack.cs";

    private static readonly VmShape s_one = new(1) { MemoryMiB = 128 };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Defect> All { get; } =
    [
        new("a frame for which nobody listens is in no counter", Stack,
            "        State.Counters.Count(outcome);\n        return outcome;",
            "        if (outcome != FrameOutcome.TcpNoConnection)\n        {\n            State.Counters.Count(outcome);\n        }\n\n        return outcome;",
            "net-scan", s_one)
        {
            Complaint = "frames came through the card",
            IsInPrograms = true,
        },
    ];
}
