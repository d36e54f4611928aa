using System.Diagnostics;
using System.Text.Json;

namespace Atoll.Mutants;

/// <summary>Judges the mutants of a room: compiles all of them once, and runs the tests in this process, with one turned on at a time.</summary>
/// <remarks>A mutant can end the process, or hold it up where nobody counts steps: so a second process judges, and this one starts it again behind such a mutant.</remarks>
internal static class Program
{
    private const int Batch = 25;
    private const int SpoiledExit = 3;
    private const int BatchAgainExit = 4;
    private const int StartsMax = 200;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private static int Main(string[] arguments)
    {
        var settings = Settings.Read(arguments[0]);
        return arguments.Length > 1 ? Judge(settings, int.Parse(arguments[1])) : Watch(settings, arguments[0]);
    }

    private static int Watch(Settings settings, string file)
    {
        File.WriteAllText(settings.Journal, "");
        var journal = new Journal(settings.Journal);
        int batch = Batch;
        for (int start = 0; start < StartsMax; start++)
        {
            int code = Start(file, batch, journal);
            if (code == 0)
            {
                return 0;
            }

            if (code is SpoiledExit or BatchAgainExit)
            {
                batch = code == SpoiledExit ? 1 : Batch;
            }
            else if (journal.Unfinished() is { } mutant)
            {
                batch = Batch;
                journal.Write($"noticed {mutant} the end of the process");
            }
            else if (journal.LastOpen() is { } last)
            {
                // One of the last has left the memory of the process in pieces: it ended in a test without a mutant.
                journal.Write(batch == 1 ? $"noticed {last} what it leaves behind\nkept" : "spoiled");
                batch = 1;
            }
            else
            {
                Console.Error.WriteLine($"the process that runs the tests ended with {code}, without a mutant");
                return 1;
            }
        }

        return 1;
    }

    private static int Start(string file, int batch, Journal journal)
    {
        string[] line = [typeof(Program).Assembly.Location, file, $"{batch}"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", line) { RedirectStandardInput = true })!;
        DateTime began = DateTime.UtcNow;
        while (!process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            DateTime last = journal.LastWrite > began ? journal.LastWrite : began;
            if (journal.Unfinished() is not null && DateTime.UtcNow - last > s_patience)
            {
                process.Kill();
            }
        }

        return process.ExitCode;
    }

    private static int Judge(Settings settings, int batch)
    {
        // Who watches may be ended: nobody is left to wait for.
        _ = Task.Run(() =>
        {
            _ = Console.In.ReadToEnd();
            Environment.Exit(1);
        });
        string folder = Path.GetDirectoryName(settings.Project)!;
        var mutated = MutatedAssembly.Compile(folder, CompilerLine.Of(settings.Project), (file, _) => settings.SpansOf(file));
        var context = new TestContext(settings.Tests, mutated);
        var trial = new Trial(context.Tests, context.Room, new NameFilter(settings.Filter).Chooses, mutated.Numbers);
        var journal = new Journal(settings.Journal);
        Dictionary<int, string?> known = journal.Read();
        Console.Error.WriteLine($"{mutated.Mutants.Count} mutants and {mutated.Numbers - mutated.Mutants.Count} that do not compile, {known.Count} judged; {trial.Tests.Count} tests, {trial.Unusable.Count} that cannot run here");
        Mutant[] unknown = [.. mutated.Mutants.Where(mutant => !known.ContainsKey(mutant.Id))];
        foreach (Mutant[] some in (batch == 1 ? unknown.Take(Batch) : unknown).Chunk(batch))
        {
            Array.ForEach(some, mutant => Judge(mutant, trial, journal));
            if (trial.Spoiled() is { } failure)
            {
                Console.Error.WriteLine($"without a mutant {failure}");
                journal.Write(batch == 1 ? $"noticed {some[0].Id} what it leaves behind\nkept" : "spoiled");
                return SpoiledExit;
            }

            journal.Write("kept");
        }

        if (batch == 1 && unknown.Length > Batch)
        {
            return BatchAgainExit;
        }

        Write(settings, mutated, trial, journal.Read());
        return 0;
    }

    private static void Judge(Mutant mutant, Trial trial, Journal journal)
    {
        journal.Write($"begin {mutant.Id}");
        string? by = trial.Judge(mutant.Id);
        journal.Write(by is null
            ? $"survived {mutant.Id} {mutant.File}: {mutant.Code}: {mutant.Original} -> {mutant.Replacement}"
            : $"noticed {mutant.Id} {by.ReplaceLineEndings(" ")}");
    }

    private static void Write(Settings settings, MutatedAssembly mutated, Trial trial, Dictionary<int, string?> known)
    {
        var result = new
        {
            noticed = known.Count(pair => pair.Value is not null),
            survivors = mutated.Mutants.Where(mutant => known[mutant.Id] is null)
                .Select(mutant => new { file = mutant.File, code = mutant.Code, original = mutant.Original, replacement = mutant.Replacement }),
            unusable = trial.Unusable,
        };
        File.WriteAllText(settings.Result, JsonSerializer.Serialize(result, new JsonSerializerOptions { WriteIndented = true }));
    }
}
