using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Churn;

/// <summary>Orders what becomes of cores, at random, and sees that each order ends once. With <c>reap=1</c> it has the coordinator started again, at random moments, for ever.</summary>
public static class ChurnProgram
{
    private const byte ArgumentsUnclear = 1;
    private const byte NoCoordinator = 2;
    private const ulong ReapUsual = 0;
    private const ulong RoundsUsual = 100;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        ulong reap = ReapUsual;
        ulong rounds = RoundsUsual;
        ulong seed = 1;
        ArgumentReader reader = new(start.Arguments);
        while (reader.TryNext(out System.ReadOnlySpan<byte> key, out ulong value))
        {
            reap = Text.AreEqual(key, "reap"u8) ? value : reap;
            rounds = Text.AreEqual(key, "rounds"u8) ? value : rounds;
            seed = Text.AreEqual(key, "seed"u8) ? value : seed;
        }

        SystemClient system = new(start.Find("system"u8));
        ClockClient clock = new(start.Find("clock"u8));
        if (reader.IsWrong)
        {
            ProgramExit.End(ArgumentsUnclear);
        }

        if (!CoordinatorProcess.TryFind(system, out CoordinatorProcess coordinator))
        {
            ProgramExit.End(NoCoordinator);
        }

        if (reap != 0)
        {
            Reaper.Run(in coordinator, clock, new RandomNumbers(seed));
        }

        Orderer orderer = new(new CoresClient(start.Find("cores"u8)), new InstanceFigures(start.Find("figures"u8)), clock, in coordinator, start.Cores);
        orderer.Run(rounds, new RandomNumbers(seed));
        ChurnReport.Say(new ConsoleClient(start.Find("console"u8)), in orderer.Counts, coordinator.Starts());
    }
}
