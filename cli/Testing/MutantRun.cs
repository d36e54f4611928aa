using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Testing;

/// <summary>Tests the tests: Stryker changes the product a little in many ways, and each change must be noticed.</summary>
/// <remarks>It works in a copy of the sources, <c>artifacts/mutants</c>, because it replaces what is built.</remarks>
public sealed class MutantRun(Repository repository)
{
    private const string Tool = "dotnet-stryker";

    // Tests of seeded defects compile the sources themselves: they see no mutant, and take longer than all others.
    private const string Never = "Category!=Long&FullyQualifiedName!~DefectTests&FullyQualifiedName!~DefectModelTests";

    /// <summary>Whether to write what was found into the room's file.</summary>
    public bool Accept { get; init; }

    /// <summary>The only files to mutate, a pattern from the project's folder; all of the room's when null.</summary>
    public string? OnlyFiles { get; init; }

    /// <summary>The rooms that have a file.</summary>
    public IEnumerable<string> Rooms => Directory.EnumerateFiles(Folder, "*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file))
        .Order(StringComparer.Ordinal);

    /// <summary>What is known of a room.</summary>
    public MutantRoom Read(string room) => MutantRoom.Read(FileOf(room));

    /// <summary>Mutates rooms, one after the other.</summary>
    /// <param name="name">A room; all when null.</param>
    /// <returns>Exit code: 0 when every score is what it was or better, and at its aim.</returns>
    public int Run(string? name)
    {
        string[] names = [.. Rooms.Where(room => name is null || string.Equals(room, name, StringComparison.OrdinalIgnoreCase))];
        if (names.Length == 0)
        {
            throw new UserException($"nothing is mutated in '{name}'; the rooms are {string.Join(", ", Rooms)}");
        }

        Dotnet.RestoreTools();
        var tree = new SourceTree(repository, repository.In("artifacts", "mutants"));
        tree.Update();
        int failed = names.Count(room => !Judge(room, tree));
        Console.WriteLine($"{names.Length - failed} passed, {failed} failed, 0 skipped");
        return failed == 0 ? 0 : 1;
    }

    private string Folder => repository.In("tests", "Mutants");

    private string FileOf(string room) => Path.Combine(Folder, room + ".json");

    private bool Judge(string name, SourceTree tree)
    {
        string file = FileOf(name);
        MutantRoom room = Read(name);
        var clock = Stopwatch.StartNew();
        MutationScore score = Mutate(name, room, tree).Against(room);
        int minutes = (int)Math.Ceiling(clock.Elapsed.TotalMinutes);
        string percent = score.Score.ToString("0.0", CultureInfo.InvariantCulture);
        Console.WriteLine($"{name}: {percent} % of {score.Counted} mutants noticed{(OnlyFiles is null ? "" : $" in {OnlyFiles}")}");
        foreach (Survivor survivor in score.Unknown)
        {
            Console.WriteLine($"  {survivor.File}: {survivor.Code}");
            Console.WriteLine($"    survives: '{survivor.Original}' -> '{survivor.Replacement}'");
        }

        if (Accept && OnlyFiles is null && score.Score >= (room.Score ?? 0))
        {
            (room with { Score = score.Score, Mutants = score.Counted, Minutes = minutes, Survivors = score.Survivors }).Write(file);
            File.WriteAllText(repository.In(MutantPage.Path), MutantPage.Of(Rooms.Select(one => (one, Read(one)))));
            Console.WriteLine($"  written to tests/Mutants/{name}.json and {MutantPage.Path}");
            return score.Score >= room.Aim;
        }

        string? complaint = score.Complaint(room, isWhole: OnlyFiles is null);
        if (complaint is not null)
        {
            Console.WriteLine($"  {complaint}");
        }

        return complaint is null;
    }

    private MutationReport Mutate(string name, MutantRoom room, SourceTree tree)
    {
        string project = Path.Combine(tree.Root, room.Project);
        string output = Directory.CreateDirectory(repository.In("artifacts", "mutants-" + name)).FullName;
        string settings = Path.Combine(output, "settings.json");
        File.WriteAllText(settings, Settings(room, project));
        Progress.Say($"{name}: building, then testing each mutant");
        string[] arguments = ["--config-file", settings, "--output", output, "--skip-version-check"];
        string tests = Path.GetDirectoryName(Path.Combine(tree.Root, room.Tests))!;
        int code = Dotnet.Tool(Tool, arguments, Tell, tests);
        string report = Path.Combine(output, "reports", "mutation-report.json");
        return code == 0 && File.Exists(report)
            ? MutationReport.Parse(File.ReadAllText(report), Path.GetDirectoryName(project)!)
            : throw new UserException($"{name}: the mutation run broke off: see above, and {output}");
    }

    private IReadOnlyList<string> Patterns(MutantRoom room, string project) =>
        OnlyFiles is not null ? [OnlyFiles] : room.Sample?.Draw(Path.GetDirectoryName(project)!, room.Files) ?? room.Files;

    // Source: Stryker.NET documentation, "Configuration".
    private string Settings(MutantRoom room, string project) => new JsonObject
    {
        ["stryker-config"] = new JsonObject
        {
            ["project"] = Path.GetFileName(project),
            ["configuration"] = "Release",
            ["mutate"] = new JsonArray([.. Patterns(room, project).Select(pattern => (JsonNode)pattern)]),
            ["test-case-filter"] = room.Filter is null ? Never : $"{Never}&({room.Filter})",
            ["reporters"] = new JsonArray("json"),

            // Each run of tests keeps more than one processor busy.
            ["concurrency"] = Math.Max(1, Environment.ProcessorCount / 2),

            // Beside one and a half times what the tests take: enough on a busy machine, and most of a room's time goes into mutants that never end.
            ["additional-timeout"] = (int)TimeSpan.FromSeconds(5).TotalMilliseconds,

            // The words of messages are for people, and read by them.
            ["ignore-mutations"] = new JsonArray("string"),
            ["thresholds"] = new JsonObject { ["high"] = 100, ["low"] = 0, ["break"] = 0 },
        },
    }.ToJsonString();

    // Of a log of hundreds of lines: how many mutants there are, and what went wrong.
    private static void Tell(string line)
    {
        if (line.Contains("mutants ", StringComparison.Ordinal) || line.Contains(" ERR]", StringComparison.Ordinal)
            || line.Contains(" FTL]", StringComparison.Ordinal) || line.Contains("Number of tests", StringComparison.Ordinal))
        {
            Progress.Say($"  {line}");
        }
    }
}
