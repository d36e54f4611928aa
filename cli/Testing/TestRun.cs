using Atoll.Cli.Systems;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;
using Atoll.TestVm.Scenarios;

namespace Atoll.Cli.Testing;

/// <summary>Builds and runs tests. The last line on stdout is <c>N passed, N failed, N skipped</c>.</summary>
public sealed class TestRun(Repository repository)
{
    /// <summary>Rooms whose tests take the kernel image.</summary>
    private static readonly string[] s_imageRooms = ["vm", "image", "cli"];

    private readonly TestProjects _projects = new(repository);

    /// <summary>A room, a part of tests' full names, or null for all tests.</summary>
    public string? Filter { get; init; }

    /// <summary>Whether long tests run too.</summary>
    public bool IsLong { get; init; }

    /// <summary>Whether the last line on stdout says how many passed. Failures are told in any case.</summary>
    public bool SaysSummary { get; init; } = true;

    /// <summary>What the tests are told.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    private string Results => repository.In("artifacts", "test-results");

    /// <summary>Runs them.</summary>
    /// <returns>Exit code: 0 when at least one ran and all passed.</returns>
    public int Run()
    {
        TestSelection selection = _projects.Select(Filter);
        if (selection.Projects.Count == 0)
        {
            return Report(new TestResults(0, 0, []), code: 1);
        }

        TestTools.TryInstall(selection);
        PrepareMachines(selection);
        string solution = _projects.WriteSolution(selection.Projects);
        Progress.Say("building the tests");
        Dotnet.Build(solution, "the tests");
        if (Directory.Exists(Results))
        {
            Directory.Delete(Results, recursive: true);
        }

        int code = Dotnet.Test(Arguments(solution, selection), Environment);
        return Report(Directory.Exists(Results) ? TestResults.Read(Results) : new TestResults(0, 0, []), code);
    }

    // Host tests still run when there is no image; the tests that need one say so.
    private void PrepareMachines(TestSelection selection)
    {
        if (!selection.HasRoom(s_imageRooms))
        {
            return;
        }

        try
        {
            Emulator.Require();
            SystemPackages.TryInstall(ScenarioCatalog.All.SelectMany(scenario => scenario.Packages));
            ImageBuild.Product(repository).Run();
            ImageBuild.Trials(repository).Run();
            ImageBuild.LongWay(repository).Run();
            foreach (string system in ScenarioCatalog.All.SelectMany(scenario => scenario.Systems).Distinct())
            {
                _ = new SystemBuild(repository, system).Run();
            }
            ImageBuild.Suite(repository).Run();
        }
        catch (UserException error)
        {
            Progress.Say(error.Message);
        }
    }

    private IEnumerable<string> Arguments(string solution, TestSelection selection)
    {
        List<string> terms = [];
        if (selection.NamePart is not null)
        {
            terms.Add($"FullyQualifiedName~{selection.NamePart}");
        }

        if (!IsLong)
        {
            terms.Add("Category!=Long");
        }

        // One project at a time: virtual machines must not starve each other.
        List<string> arguments =
        [
            solution, "-c", "Release", "--no-build", "-m:1",
            "--results-directory", Results,
            "--logger", "trx;LogFilePrefix=tests",
            "--logger", "console;verbosity=normal",
        ];
        return terms.Count > 0 ? [.. arguments, "--filter", string.Join('&', terms)] : arguments;
    }

    private int Report(TestResults results, int code)
    {
        foreach (FailedTest failure in results.Failures)
        {
            Console.WriteLine($"FAILED {failure.Name}");
            Console.WriteLine(failure.Message);
            Console.WriteLine($"repeat: ./build.sh test {failure.FilterName}");
            Console.WriteLine();
        }

        bool ranNone = results.Passed + results.Failures.Count == 0;
        if (ranNone)
        {
            Progress.Say(Filter is null
                ? "no test ran"
                : $"no test matches '{Filter}'{(IsLong ? "" : ", or only long ones do (--long)")}; the rooms are {string.Join(", ", _projects.Rooms)}");
        }
        else if (code != 0 && results.Failures.Count == 0)
        {
            Progress.Say("the test run broke off: see above");
        }

        if (SaysSummary)
        {
            Console.WriteLine(results.Summary);
        }

        return code == 0 && !ranNone ? 0 : 1;
    }
}
