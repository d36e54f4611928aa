using System.Globalization;

namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>Runs seeds of a simulation until one fails, and makes that one short.</summary>
public sealed class SimulationSearch
{
    /// <summary>What the simulation of capabilities that cross is compiled from, besides the machine.</summary>
    public static IReadOnlyList<string> RemoteFiles { get; } =
    [
        "ChannelMachine", "Channels/SimulatedPrograms", "Remote/RemoteRun", "Remote/RemoteWorld", "Remote/RemoteCores", "Remote/RemoteFaults", "Remote/RemoteInvariants",
        "Remote/RemoteAgreement", "Remote/RemoteDescription", "Remote/RemotePrograms", "Remote/RunningRevoke", "Remote/ProgramActs", "Remote/CapabilityTree", "Remote/CallingPrograms",
        "Remote/ControlledThread", "Remote/CallLedger", "Remote/GrantOrder", "Remote/Confinement", "Remote/HostileKernel", "Remote/HostileGuesses",
    ];

    /// <summary>What a search is compiled from, besides the machine.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. RemoteFiles, "MachineAccounts", "Channels/ChannelRun", "Hangs/HangRun", "Simulations/SimulationOptions", "Simulations/SimulationRun", "Simulations/SimulationSearch",
        "Simulations/Shrinking",
    ];

    private readonly SimulationKind _kind;
    private readonly int _coresMost;
    private ulong _hash;
    private long _events;
    private int _seeds;
    private int _biggest;

    private SimulationSearch(SimulationKind kind, int coresMost)
    {
        _kind = kind;
        _coresMost = coresMost;
    }

    /// <summary>Runs seeds 1, 2, 3 … of every kind.</summary>
    /// <param name="seeds">How many of each.</param>
    /// <param name="steps">Cores of the biggest machine.</param>
    /// <returns>null, or which seed failed, how, and the short run.</returns>
    public static string? RunMany(int seeds, int steps)
    {
        foreach (SimulationKind kind in Enum.GetValues<SimulationKind>())
        {
            var search = new SimulationSearch(kind, steps);
            for (int seed = 1; seed <= seeds; seed++)
            {
                if (search.Failure(seed) is string failure)
                {
                    return failure;
                }
            }
        }

        return null;
    }

    /// <summary>Runs seeds of a kind for so long, or so many.</summary>
    /// <param name="kind">Number of the kind.</param>
    /// <param name="firstSeed">The first.</param>
    /// <param name="seeds">At least so many.</param>
    /// <param name="seconds">For so long.</param>
    /// <param name="coresMost">Cores of the biggest machine.</param>
    /// <returns>A line of JSON; "failure" is in it when one failed.</returns>
    public static string Run(int kind, int firstSeed, int seeds, int seconds, int coresMost)
    {
        var search = new SimulationSearch((SimulationKind)kind, coresMost);
        DateTime end = DateTime.UtcNow.AddSeconds(seconds);
        string? failure = null;
        for (int seed = firstSeed; failure is null && (seed - firstSeed < seeds || DateTime.UtcNow < end); seed++)
        {
            failure = search.Failure(seed);
        }

        return search.Line(failure);
    }

    private string? Failure(int seed)
    {
        SimulationOptions options = SimulationOptions.Draw(_kind, seed, _coresMost);
        try
        {
            (ulong hash, long events) = SimulationRun.Run(options);
            _hash ^= hash;
            _events += events;
            _seeds++;
            _biggest = int.Max(_biggest, options.Cores);
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            SimulationOptions shortest = Shrinking.Shrink(options, candidate => SimulationRun.Try(candidate) is not null);
            return $"{options}: {FirstLine(error.Message)}; shrunk to {shortest}: {FirstLine(SimulationRun.Try(shortest))}";
        }
    }

    private string Line(string? failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"simulation\":\"{_kind}\",\"seeds\":{_seeds},\"cores\":{_biggest},\"events\":{_events},\"hash\":\"{_hash:x16}\"{(failure is null ? "" : $",\"failure\":\"{Quoted(failure)}\"")}}}");

    private static string Quoted(string text) => text.Replace('\\', '/').Replace('"', '\'');

    private static string FirstLine(string? text) => (text ?? "").Split('\n')[0].Trim();
}
