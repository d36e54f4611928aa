namespace Atoll.Cli.Workspace;

/// <summary>Runs the .NET SDK's command line with the settings that every use here shares.</summary>
public static class Dotnet
{
    /// <summary>Runs one command; its output goes to stderr.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(string command, params string[] arguments) => Run(command, arguments, []);

    /// <summary>Runs one command with further environment variables.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(string command, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        // A plain log: the terminal logger redraws lines, which a pipe turns into noise.
        string[] common = ["-nologo", "--tl:off", "-clp:ErrorsOnly"];
        return ChildProcess.Run("dotnet", [command, .. arguments, .. common], new Dictionary<string, string>(environment)
        {
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["MSBUILDDISABLENODEREUSE"] = "1",
        });
    }
}
