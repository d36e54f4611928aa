using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>All simulations, of machines of up to 1024 instances; and which blocks of the protocol no seed has reached (<c>./build.sh test sim</c>).</summary>
/// <remarks>
/// ATOLL_SEEDS, ATOLL_MINUTES and ATOLL_SEED as elsewhere, shared among the simulations; ATOLL_SIM_CORES: cores of the biggest machine; ATOLL_SIM_REPORT: the file that takes the
/// lines of JSON.
/// </remarks>
public sealed class SimulationSearchTests(ITestOutputHelper output)
{
    private const int SeedsUsual = 2;
    private const int CoresUsual = 16;
    private const int EfficiencyMembers = 512;
    private static readonly TimeSpan s_beyond = TimeSpan.FromMinutes(30);

    [Fact]
    public void EverySeedOfEverySimulation_Holds()
    {
        var rooms = new WideRooms();
        List<string> lines = [];
        SimulationKind[] kinds = Enum.GetValues<SimulationKind>();
        int seconds = (Number("ATOLL_MINUTES") ?? 0) * 60 / kinds.Length;
        string? failure = rooms.Run(TimeSpan.FromSeconds(kinds.Length * seconds) + s_beyond, assembly =>
        {
            Type search = assembly.GetType(typeof(SimulationSearch).FullName!)!;
            foreach (SimulationKind kind in kinds)
            {
                object?[] arguments =
                [
                    (int)kind, Number("ATOLL_SEED") ?? 1, Number("ATOLL_SEED") is null ? Number("ATOLL_SEEDS") ?? SeedsUsual : 1, Number("ATOLL_SEED") is null ? seconds : 0,
                    Number("ATOLL_SIM_CORES") ?? CoresUsual,
                ];
                lines.Add((string)search.GetMethod(nameof(SimulationSearch.Run))!.Invoke(null, arguments)!);
            }

            int members = int.Min(EfficiencyMembers, (Number("ATOLL_SIM_CORES") ?? CoresUsual) - 1) & ~1;
            lines.Add((string)assembly.GetType(typeof(EfficiencyRun).FullName!)!.GetMethod(nameof(EfficiencyRun.Compare))!.Invoke(null, [int.Max(2, members)])!);
            lines.Add(Unreached(rooms, (bool[])assembly.GetType(typeof(Marks).FullName!)!.GetMethod(nameof(Marks.Reached))!.Invoke(null, [])!));
            return lines.FirstOrDefault(line => line.Contains("\"failure\"", StringComparison.Ordinal));
        });
        lines.ForEach(output.WriteLine);
        if (Environment.GetEnvironmentVariable("ATOLL_SIM_REPORT") is string report)
        {
            File.WriteAllLines(report, lines);
        }

        Assert.True(failure is null, failure);
    }

    private static string Unreached(WideRooms rooms, bool[] reached)
    {
        string[] missing = [.. rooms.Places.Where((_, mark) => !reached[mark])];
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["marks"] = rooms.Places.Count,
            ["reached"] = rooms.Places.Count - missing.Length,
            ["unreached"] = missing,
        });
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
