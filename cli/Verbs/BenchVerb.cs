using System.CommandLine;
using Atoll.Bench;
using Atoll.Cli.Systems;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Verbs;

/// <summary><c>bench</c>: measures.</summary>
public static class BenchVerb
{
    private const string Stdout = "-";

    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var name = new Argument<string?>("name") { Description = "Benchmark; all without it.", Arity = ArgumentArity.ZeroOrOne };
        var icount = new Option<bool>("--icount") { Description = "Count guest instructions instead of time." };
        var json = new Option<string?>("--json") { Description = "Write JSON Lines to this file; '-' is stdout.", HelpName = "FILE" };
        var command = new Command("bench", "Measure, and compare with the aims.") { name, icount, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Benchmark> chosen = Choose(parsed.GetValue(name));

            // Opened before anything is measured: minutes later is too late to say that it cannot be written.
            using FileStream? file = parsed.GetValue(json) is { } path && path != Stdout ? Open(repository.FromCaller(path)) : null;
            Prepare(repository, chosen);
            var setup = new BenchmarkSetup(Repository.ImageFromRoot, Repository.TrialImageFromRoot, parsed.GetValue(icount));
            List<Figure> figures = [];
            foreach (Benchmark benchmark in chosen)
            {
                Progress.Say($"{benchmark.Name}: {benchmark.Description}");
                figures.AddRange(benchmark.Measure(setup));
            }

            Write(figures, parsed.GetValue(json), file);
            return 0;
        });
        return command;
    }

    private static IReadOnlyList<Benchmark> Choose(string? name) =>
        name is null ? BenchmarkCatalog.All
        : BenchmarkCatalog.Find(name) is { } benchmark ? [benchmark]
        : throw new UserException($"no benchmark '{name}'; there are: {string.Join(", ", BenchmarkCatalog.All.Select(one => one.Name))}");

    private static void Prepare(Repository repository, IReadOnlyList<Benchmark> chosen)
    {
        if (chosen.Any(benchmark => benchmark.NeedsImage))
        {
            Emulator.Require();
            ImageBuild.Product(repository).Run();
        }

        if (chosen.Any(benchmark => benchmark.NeedsTrialImage))
        {
            ImageBuild.Trials(repository).Run();
        }

        foreach (string system in chosen.SelectMany(benchmark => benchmark.Systems).Distinct())
        {
            _ = new SystemBuild(repository, system).Run();
        }

        SystemPackages.TryInstall(chosen.SelectMany(benchmark => benchmark.Packages));
        foreach (string project in chosen.SelectMany(benchmark => benchmark.Projects))
        {
            Dotnet.Build(project, project);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException(Directory.Exists(path) ? $"--json: '{path}' is a folder; name a file" : $"--json: {error.Message}");
        }
    }

    private static void Write(IReadOnlyList<Figure> figures, string? json, FileStream? file)
    {
        if (json is null)
        {
            FigureReport.WriteTable(figures);
            return;
        }

        file?.SetLength(0);
        using TextWriter output = file is null ? Console.Out : new StreamWriter(file);
        foreach (Figure figure in figures)
        {
            output.WriteLine(FigureReport.Json(figure));
        }
    }
}
