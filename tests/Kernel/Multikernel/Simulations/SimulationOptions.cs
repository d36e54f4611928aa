namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>What a simulated machine is about.</summary>
public enum SimulationKind
{
    /// <summary>Members pass messages over links, while some die.</summary>
    Links,

    /// <summary>Programs open and leave channels, while cores die.</summary>
    Channels,

    /// <summary>Members hang at any step.</summary>
    Hangs,

    /// <summary>Programs give each other capabilities and revoke them, while cores die.</summary>
    Capabilities,
}

/// <summary>One run of a simulation, as data: with the same options everything happens again, to the last event.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Seed">Decides every turn, delay and fault.</param>
/// <param name="Cores">Cores of the machine.</param>
/// <param name="Faults">Members that die or hang, at most.</param>
/// <param name="Steps">How much is done before all calms down.</param>
public sealed record SimulationOptions(SimulationKind Kind, int Seed, int Cores, int Faults, int Steps)
{
    /// <summary>Least cores of a machine that has members.</summary>
    public const int CoresLeast = 2;

    // A status page has room for the traffic with so many: who is beyond takes no part in a workload, and is never done with it.
    private const int WorkloadCoresMost = 255;

    // Who hangs is looked at by the coordinator in a period that all share: a test of many has nothing to add, and takes long.
    private const int HangCoresMost = 12;

    // What each core holds of each other is compared after every turn.
    private const int CapabilityCoresMost = 48;

    private const int FaultsMost = 4;
    private const int StepsMost = 400;

    /// <summary>Draws the options of a seed. Small machines are as likely as those of twice their size.</summary>
    /// <param name="kind">What it is about.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="coresMost">Cores of the biggest machine.</param>
    public static SimulationOptions Draw(SimulationKind kind, int seed, int coresMost)
    {
        var random = new Random(seed);
        int most = int.Min(coresMost, CoresMostOf(kind));
        int cores = (int)(CoresLeast * Math.Pow((most + 1) / (double)CoresLeast, random.NextDouble()));
        int faults = kind == SimulationKind.Hangs || random.Next(3) != 0 ? random.Next(1, FaultsMost + 1) : 0;
        return new SimulationOptions(kind, seed, int.Min(cores, most), faults, random.Next(1, StepsMost + 1));
    }

    private static int CoresMostOf(SimulationKind kind) => kind switch
    {
        SimulationKind.Links => WorkloadCoresMost,
        SimulationKind.Hangs => HangCoresMost,
        SimulationKind.Capabilities => CapabilityCoresMost,
        _ => int.MaxValue,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}, seed {Seed}, {Cores} cores, {Faults} faults, {Steps} steps";
}
