namespace Atoll.Cli.Terminal;

/// <summary>What the user sees while waiting. Never part of the data.</summary>
public static class Progress
{
    /// <summary>Writes one line to stderr.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);
}
