using Atoll.Cli.Workspace;

namespace Atoll.Cli.Testing;

/// <summary>Runs the simulations as a search: <c>test sim</c>.</summary>
public sealed class SimulationRun(Repository repository)
{
    /// <summary>Cores of the biggest machine that is simulated.</summary>
    public const int CoresMost = 1024;

    // The one test that searches; it says in the file that it is told what it has done.
    private const string Search = "SimulationSearchTests";

    /// <summary>Whether what was done goes to stdout.</summary>
    public bool IsJson { get; init; }

    /// <summary>Runs them.</summary>
    /// <param name="told">What the test is told: seeds, minutes, cores.</param>
    /// <returns>Exit code: 0 when every seed held.</returns>
    public int Run(IReadOnlyList<KeyValuePair<string, string>> told)
    {
        string report = Path.GetTempFileName();
        try
        {
            int code = new TestRun(repository)
            {
                Filter = Search,
                Environment = [.. told, KeyValuePair.Create("ATOLL_SIM_REPORT", report)],
                SaysSummary = !IsJson,
            }.Run();
            if (IsJson)
            {
                Console.Write(File.ReadAllText(report));
            }

            return code;
        }
        finally
        {
            File.Delete(report);
        }
    }
}
