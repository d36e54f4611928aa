using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Testing;

/// <summary>Tests the tests: the product is changed a little in many ways, and each change must be noticed (<c>tests/Mutants/Runner</c> does it).</summary>
public sealed class MutantRun(Repository repository)
{
    // Tests of seeded defects compile the sources themselves: they see no mutant, and take longer than all others.
    private const string Never = "FullyQualifiedName!~DefectTests&FullyQualifiedName!~DefectModelTests";

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

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

        Dotnet.Build(repository.In("tests", "Mutants", "Runner", "MutantRunner.csproj"), "what judges mutants");
        int failed = names.Count(room => !Judge(room));
        Console.WriteLine($"{names.Length - failed} passed, {failed} failed, 0 skipped");
        return failed == 0 ? 0 : 1;
    }

    private string Folder => repository.In("tests", "Mutants");

    private string FileOf(string room) => Path.Combine(Folder, room + ".json");

    private bool Judge(string name)
    {
        string file = FileOf(name);
        MutantRoom room = Read(name);
        var clock = Stopwatch.StartNew();
        MutationReport report = Mutate(name, room);
        foreach (string test in report.Unusable)
        {
            Progress.Say($"  notices nothing, because it fails here without a mutant: {test}");
        }

        MutationScore score = report.Against(room);
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

    private MutationReport Mutate(string name, MutantRoom room)
    {
        Dotnet.Build(repository.In(room.Tests), "the tests");
        string output = Directory.CreateDirectory(repository.In("artifacts", "mutants")).FullName;
        string tests = Path.GetFileNameWithoutExtension(room.Tests);
        string project = repository.In(room.Project);
        string settings = Path.Combine(output, $"{name}.settings.json");
        string result = Path.Combine(output, $"{name}.json");
        File.Delete(result);
        File.WriteAllText(settings, JsonSerializer.Serialize(
            new
            {
                Project = project,
                Tests = Built(tests, $"Atoll.{tests}.dll"),
                Filter = room.Filter is null ? Never : $"{Never}&({room.Filter})",
                Patterns = OnlyFiles is not null ? [OnlyFiles] : room.Sample?.Draw(Path.GetDirectoryName(project)!, room.Files) ?? room.Files,
                Journal = Path.Combine(output, $"{name}.journal"),
                Result = result,
            },
            s_json));
        Progress.Say($"{name}: compiling all mutants, then testing each");
        int code = ChildProcess.Run("dotnet", ["exec", Built("MutantRunner", "Atoll.MutantRunner.dll"), settings], environment: null);
        return code == 0 && File.Exists(result)
            ? MutationReport.Parse(File.ReadAllText(result))
            : throw new UserException($"{name}: the mutation run broke off: see above, and {output}");
    }

    private string Built(string project, string file) => repository.In("artifacts", "bin", project, "release", file);
}
