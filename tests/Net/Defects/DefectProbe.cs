using Atoll.Net.Tests.Simulation;
using Atoll.Packetdrill.Scripting;

namespace Atoll.Net.Tests.Defects;

/// <summary>Looks for one defect. Compiled once with the tests, and once with each defective stack.</summary>
public static class DefectProbe
{
    /// <summary>The finder that is not a script: streams over a bad link.</summary>
    public const string Streams = "streams";

    /// <summary>Runs a finder.</summary>
    /// <param name="finder"><see cref="Streams"/>, or the name of a script.</param>
    /// <param name="script">The script's text.</param>
    /// <returns>What it found, or null.</returns>
    public static string? Run(string finder, string script)
    {
        try
        {
            return finder == Streams ? RunStreams() : RunScript(finder, script);
        }
        catch (Exception error) when (error is not FormatException)
        {
            // Whatever a defect makes the stack or the harness throw, it has been found.
            return error.Message;
        }
    }

    private static string? RunStreams() =>
        Enumerable.Range(0, 40).Select(seed => new StreamSimulation(seed).Run()).FirstOrDefault(failure => failure is not null);

    private static string? RunScript(string name, string text)
    {
        using var stack = new ManagedStack();
        return new ScriptRunner(Script.Parse(name, text), stack).Run();
    }
}
