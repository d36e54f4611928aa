using System.CommandLine;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Verbs;

/// <summary><c>clean</c>: removes everything that was built.</summary>
public static class CleanVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var command = new Command("clean", "Remove artifacts/, with all that was built.");
        command.SetAction(_ => Clean(repository));
        return command;
    }

    private static int Clean(Repository repository)
    {
        // The stamp first: should the removal break off, the next start rebuilds this program.
        File.Delete(repository.In("artifacts", "cli.stamp"));
        try
        {
            Directory.Delete(repository.Artifacts, recursive: true);
        }
        catch (UnauthorizedAccessException) when (OperatingSystem.IsWindows())
        {
            // Windows keeps the files of a running program, and this program is one of them.
            Progress.Say("artifacts/bin/cli stays: it is running");
        }

        return 0;
    }
}
