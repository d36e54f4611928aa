using Atoll.Cli.Terminal;

namespace Atoll.Cli.Workspace;

/// <summary>Runs the .NET SDK's command line with the settings that every use here shares.</summary>
public static class Dotnet
{
    private static readonly Dictionary<string, string> s_environment = new()
    {
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    /// <summary>Builds a project or a solution. Errors go to stderr, and every few seconds a word on what is done.</summary>
    /// <exception cref="UserException">It was not built.</exception>
    public static void Build(string project, string what)
    {
        using var progress = new BuildProgress(what);

        // Not 'dotnet build': that one cannot be kept from a summary, which says all errors once more.
        string[] arguments = ["msbuild", project, "-restore", "-p:Configuration=Release", "-v:minimal", "-nologo", "-tl:off"];
        if (ChildProcess.Run("dotnet", arguments, s_environment, progress.Take) != 0)
        {
            throw new UserException($"{what} could not be built: see the errors above");
        }
    }

    /// <summary>Runs tests that are built, with further environment variables.</summary>
    /// <returns>Exit code.</returns>
    public static int Test(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment) =>
        ChildProcess.Run("dotnet", ["test", .. arguments, "-nologo", "--tl:off", "-clp:ErrorsOnly"], With(environment));

    /// <summary>Packs a project into a folder.</summary>
    /// <exception cref="UserException">It was not packed.</exception>
    public static void Pack(string project, string folder)
    {
        if (ChildProcess.Run("dotnet", ["pack", project, "-c", "Release", "-o", folder, "-v:quiet", "-nologo", "--tl:off"], s_environment) != 0)
        {
            throw new UserException($"{project} could not be packed: see the errors above");
        }
    }

    /// <summary>Makes the tools of <c>.config/dotnet-tools.json</c> ready to run: does nothing when they are.</summary>
    /// <exception cref="UserException">They are not to be had.</exception>
    public static void RestoreTools()
    {
        List<string> lines = [];
        if (ChildProcess.Run("dotnet", ["tool", "restore"], s_environment, line => { lock (lines) { lines.Add(line); } }) != 0)
        {
            throw new UserException(string.Join('\n', [.. lines, "the tools of .config/dotnet-tools.json could not be restored"]));
        }
    }

    private static Dictionary<string, string> With(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var all = new Dictionary<string, string>(s_environment);
        foreach ((string name, string value) in environment)
        {
            all[name] = value;
        }

        return all;
    }
}
