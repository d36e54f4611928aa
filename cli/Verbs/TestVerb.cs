using System.CommandLine;
using System.Globalization;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;
using Atoll.TestVm.Scenarios;

namespace Atoll.Cli.Verbs;

/// <summary><c>test</c>: builds and runs the tests. The last line on stdout is <c>N passed, N failed, N skipped</c>.</summary>
public static class TestVerb
{
    /// <summary>Rooms whose tests take the kernel image.</summary>
    private static readonly string[] s_imageRooms = ["vm", "image"];

    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var filter = new Argument<string?>("filter")
        {
            Description = "A room under tests/ (linker, analyzers, kernel, vm …) or a part of test names.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var isLong = new Option<bool>("--long") { Description = "Run long tests too." };
        var accept = new Option<bool>("--accept") { Description = "Accept received snapshots as verified." };
        var seeds = new Option<int?>("--seeds") { Description = "Seeds for each simulation." };
        var minutes = new Option<int?>("--minutes") { Description = "Minutes for each search." };
        var command = new Command("test", "Build and run the tests.") { filter, isLong, accept, seeds, minutes };
        command.SetAction(parsed => new TestRun(repository)
        {
            Filter = parsed.GetValue(filter),
            IsLong = parsed.GetValue(isLong),
            Environment = Variables(
                ("ATOLL_LONG", parsed.GetValue(isLong) ? "1" : null),
                ("ATOLL_ACCEPT", parsed.GetValue(accept) ? "1" : null),
                ("ATOLL_SEEDS", parsed.GetValue(seeds)?.ToString(CultureInfo.InvariantCulture)),
                ("ATOLL_MINUTES", parsed.GetValue(minutes)?.ToString(CultureInfo.InvariantCulture))),
        }.Run());
        return command;
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Variables(params (string Name, string? Value)[] variables) =>
        [.. variables.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!))];

    private sealed class TestRun(Repository repository)
    {
        private readonly TestProjects _projects = new(repository);

        public string? Filter { get; init; }

        public bool IsLong { get; init; }

        public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

        private string? Room => Filter is not null && _projects.IsRoom(Filter) ? Filter : null;

        private string Results => repository.In("artifacts", "test-results");

        public int Run()
        {
            TestTools.TryInstall(Room);
            PrepareMachines();
            string solution = _projects.WriteSolution(_projects.Find(Room));
            Progress.Say("building the tests");
            if (Dotnet.Run("build", solution, "-c", "Release", "-v", "quiet") != 0)
            {
                throw new UserException("the tests were not built: see the errors above");
            }

            if (Directory.Exists(Results))
            {
                Directory.Delete(Results, recursive: true);
            }

            int code = Dotnet.Run("test", Arguments(solution), Environment);
            return Report(code);
        }

        // Host tests still run when there is no image; the tests that need one say so.
        private void PrepareMachines()
        {
            if (Room is not null && !s_imageRooms.Contains(Room, StringComparer.OrdinalIgnoreCase))
            {
                return;
            }

            try
            {
                Emulator.Require();
                SystemPackages.TryInstall(ScenarioCatalog.All.SelectMany(scenario => scenario.Packages));
                new ImageBuild(repository).Run();
            }
            catch (UserException error)
            {
                Progress.Say(error.Message);
            }
        }

        private IEnumerable<string> Arguments(string solution)
        {
            List<string> terms = [];
            if (Filter is not null && Room is null)
            {
                terms.Add($"FullyQualifiedName~{Filter}");
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

        private int Report(int code)
        {
            TestResults results = Directory.Exists(Results) ? TestResults.Read(Results) : new TestResults(0, 0, []);
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
                Progress.Say(Filter is null ? "no test ran" : $"no test matches '{Filter}'");
            }
            else if (code != 0 && results.Failures.Count == 0)
            {
                Progress.Say("the test run broke off: see above");
            }

            Console.WriteLine(results.Summary);
            return code == 0 && !ranNone ? 0 : 1;
        }
    }
}
