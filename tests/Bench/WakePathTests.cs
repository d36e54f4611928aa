using Atoll.TestVm.Machine;

namespace Atoll.Bench.Tests;

/// <summary>The count of a wake, on traces made by hand.</summary>
public sealed class WakePathTests
{
    private static readonly string[] s_names =
    [
        "Atoll.Workloads.TrafficMessage.Make", "Atoll.Workloads.Workload.SendBatch", "Atoll.Ipc.TurnEnd.RingSleepers<A__B>", "Atoll.Arch.LocalApic.AwaitDelivery",
        "wake_entry_240", "Atoll.Workloads.Workload.Receive", "Atoll.Links.EventLoop.Turn<A__B>",
    ];

    /// <summary>3 in SendBatch, 1 in End, 2 in the device; of the other core 2 in the entry and 4 in the turn.</summary>
    [Fact]
    public void Halves_AreCountedByCore_HoweverTheyInterleave()
    {
        TracedInstruction[] trace =
        [
            .. Run(1, "Make", 9), .. Run(1, "SendBatch", 3), .. Run(2, "Turn", 5), .. Run(1, "RingSleepers", 1), .. Run(1, "AwaitDelivery", 2),
            .. Run(2, "240", 1), .. Run(1, "RingSleepers", 7), .. Run(2, "240", 1), .. Run(2, "Turn", 4), .. Run(2, "Receive", 6),
        ];

        Assert.Equal(3 + 1 + 2 + 2 + 4, WakePath.Count(trace, Name));
    }

    /// <summary>A message whose receiver is awake rings nobody, and is no wake.</summary>
    [Fact]
    public void SendWithoutADoorbell_IsNotCounted()
    {
        TracedInstruction[] trace =
        [
            .. Run(1, "Make", 1), .. Run(1, "SendBatch", 100), .. Run(1, "RingSleepers", 1),
            .. Run(1, "Make", 1), .. Run(1, "SendBatch", 3), .. Run(1, "AwaitDelivery", 1), .. Run(1, "RingSleepers", 1),
            .. Run(2, "240", 1), .. Run(2, "Receive", 1),
        ];

        Assert.Equal(3 + 1 + 1, WakePath.Count(trace, Name));
    }

    [Fact]
    public void TraceWithoutAWake_IsAnError() =>
        Assert.Contains("0 wakes", Assert.Throws<BenchmarkException>(() => WakePath.Count(Run(0, "Turn", 3), Name)).Message, StringComparison.Ordinal);

    [Fact]
    public void LogOfQemu_IsRead()
    {
        string[] log =
        [
            "Trace 1: 0x7f33c84100c0 [0000000000000000/ffffffff8020e190/08c0c2b0/ff020201] x64_out8",
            "Trace 12: 0x7fcf18000240 [00000000000f0000/00000000000fe05b/00000040/ff020201] ",
            "Stopped execution of TB chain before 0x7f33c8410200 [ffffffff8020e192] x64_out8",
            "",
        ];

        Assert.Equal([new(1, 0xFFFF_FFFF_8020_E190), new(12, 0xF_E05B)], InstructionTrace.Read(log));
    }

    private static string? Name(ulong address) => s_names[address];

    private static IEnumerable<TracedInstruction> Run(int core, string function, int count)
    {
        ulong address = (ulong)Array.FindIndex(s_names, name => name.Split('<')[0].EndsWith(function, StringComparison.Ordinal));
        return Enumerable.Repeat(new TracedInstruction(core, address), count);
    }
}
