using System.CommandLine;
using System.Globalization;
using Atoll.Cli.Testing;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Verbs;

/// <summary><c>test</c>: builds and runs the tests.</summary>
public static class TestVerb
{
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
        Option<int?> seeds = CheckedOption.Whole("--seeds", 1, int.MaxValue, "N", "Seeds for each simulation.");
        Option<int?> seed = CheckedOption.Whole("--seed", 0, int.MaxValue, "N", "Only this seed: repeats what a failure names.");
        Option<int?> minutes = CheckedOption.Whole("--minutes", 1, 24 * 60, "M", "Minutes for each search.");
        var command = new Command("test", "Build and run the tests.") { filter, isLong, accept, seeds, seed, minutes, Mutants(repository), Simulations(repository) };
        command.SetAction(parsed => new TestRun(repository)
        {
            Filter = parsed.GetValue(filter),
            IsLong = parsed.GetValue(isLong),
            Environment = Variables(
                ("ATOLL_LONG", parsed.GetValue(isLong) ? "1" : null),
                ("ATOLL_ACCEPT", parsed.GetValue(accept) ? "1" : null),
                ("ATOLL_SEEDS", parsed.GetValue(seeds)?.ToString(CultureInfo.InvariantCulture)),
                ("ATOLL_SEED", parsed.GetValue(seed)?.ToString(CultureInfo.InvariantCulture)),
                ("ATOLL_MINUTES", parsed.GetValue(minutes)?.ToString(CultureInfo.InvariantCulture))),
        }.Run());
        return command;
    }

    private static Command Simulations(Repository repository)
    {
        Option<int?> seeds = CheckedOption.Whole("--seeds", 1, int.MaxValue, "N", "Seeds of each simulation, at least.");
        Option<int?> seed = CheckedOption.Whole("--seed", 0, int.MaxValue, "N", "Only this seed: repeats what a failure names.");
        Option<int?> minutes = CheckedOption.Whole("--minutes", 1, 24 * 60, "M", "Minutes for all of them.");
        Option<int?> cores = CheckedOption.Whole(
            "--cores", 2, SimulationRun.CoresMost, "N", $"Cores of the biggest machine; {SimulationRun.CoresMost} when it is not said.");
        var json = new Option<bool>("--json") { Description = "A line of JSON for each simulation, and one for the marks, on stdout." };
        var command = new Command("sim", "Simulate whole machines: the product's code, one seed for every turn, delay and fault.") { seeds, seed, minutes, cores, json };
        command.SetAction(parsed => new SimulationRun(repository) { IsJson = parsed.GetValue(json) }.Run(Variables(
            ("ATOLL_SEEDS", Text(parsed.GetValue(seeds))), ("ATOLL_SEED", Text(parsed.GetValue(seed))), ("ATOLL_MINUTES", Text(parsed.GetValue(minutes))),
            ("ATOLL_SIM_CORES", Text(parsed.GetValue(cores) ?? SimulationRun.CoresMost)))));
        return command;
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static Command Mutants(Repository repository)
    {
        var room = new Argument<string?>("room") { Description = "A room of tests/Mutants.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file") { Description = "Mutate only these of the room's files.", HelpName = "PATTERN" };
        var isLong = new Option<bool>("--long") { Description = "All rooms: hours." };
        var accept = new Option<bool>("--accept") { Description = "Write a score that has not fallen, and the survivors, to the room's file." };
        var command = new Command("mutants", "Test the tests: change the product a little, many times; each change must be noticed.")
        {
            room, file, isLong, accept,
        };
        command.SetAction(parsed =>
        {
            var run = new MutantRun(repository) { Accept = parsed.GetValue(accept), OnlyFiles = parsed.GetValue(file) };
            return parsed.GetValue(room) is not null || parsed.GetValue(isLong)
                ? run.Run(parsed.GetValue(room))
                : throw new UserException($"name a room, or ask for all with --long; the rooms are {string.Join(", ", run.Rooms)}");
        });
        return command;
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Variables(params (string Name, string? Value)[] variables) =>
        [.. variables.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!))];
}
