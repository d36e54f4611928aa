using System.CommandLine;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Verbs;

/// <summary><c>pack</c>: writes the packages that other projects can install.</summary>
public static class PackVerb
{
    private static readonly string[] s_projects = ["analyzers/Atoll.Analyzers.Package", "analyzers/Atoll.Analyzers.Testing"];

    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var command = new Command("pack", "Write artifacts/packages/*.nupkg.");
        command.SetAction(_ => Pack(repository));
        return command;
    }

    private static int Pack(Repository repository)
    {
        string folder = repository.In("artifacts", "packages");
        Directory.CreateDirectory(folder);
        foreach (string project in s_projects)
        {
            Progress.Say($"packing {project}");
            Dotnet.Pack(repository.In(project), folder);
        }

        foreach (string package in Directory.EnumerateFiles(folder, "*.nupkg").Order(StringComparer.Ordinal))
        {
            Console.WriteLine(Path.GetRelativePath(repository.Root, package));
        }

        return 0;
    }
}
