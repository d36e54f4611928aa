using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Kernel.Tests.Multikernel.Hangs;
using Atoll.Kernel.Tests.Multikernel.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>Runs a simulation by its options.</summary>
internal static class SimulationRun
{
    private const byte Passed = 0x10;

    // A member's link table is one page: with more partners links are refused, which is no failure, and the run would have no end.
    private const int PartnersMost = 12;

    /// <summary>Runs it. Throws when something does not hold.</summary>
    /// <returns>Hash of all that happened, and how much that was.</returns>
    public static (ulong Hash, long Events) Run(SimulationOptions options)
    {
        var random = new Random(options.Seed);
        return options.Kind switch
        {
            SimulationKind.Channels => ChannelRun.Run(random, options.Steps, options.Cores, options.Faults),
            SimulationKind.Capabilities => RemoteRun.Run(random, options.Steps, options.Cores, options.Faults),
            SimulationKind.Hangs => HangRun.Run(random, options.Faults, options.Cores),
            _ => RunLinks(options, random),
        };
    }

    /// <summary>Runs it.</summary>
    /// <returns>null, or what does not hold.</returns>
    public static string? Try(SimulationOptions options)
    {
        try
        {
            _ = Run(options);
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error.Message;
        }
    }

    private static (ulong Hash, long Events) RunLinks(SimulationOptions options, Random random)
    {
        string[] workloads = options.Cores <= PartnersMost ? ["ring", "matrix", "doorbell", "storm"] : ["ring", "doorbell"];
        string workload = workloads[random.Next(workloads.Length)];
        int messages = 1 + (options.Steps / (workload == "storm" ? 20 : options.Cores > PartnersMost ? 8 : 2));
        string line = $"workload={workload} messages={messages} end=pass idle.turns={random.Next(20)}"
            + (options.Faults == 0 ? "" : $" kills={options.Faults} seed={random.Next(1000)}");
        using var machine = new SimulatedMultikernel(options.Cores, random, line, x2Apic: random.Next(2) == 0);
        machine.TicksMax = 3_000_000_000 * (ulong)options.Cores;
        machine.Run();
        Assert.True(machine.ExitCode == Passed, $"{line}: the verdict is {machine.ExitCode}");
        Assert.Equal((uint)options.Faults, machine.Coordinator.Died);
        MachineAccounts.AssertNothingIsLost(machine);
        return (machine.EventHash, machine.Events);
    }
}
