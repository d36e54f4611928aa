namespace Atoll.Analyzers.Tests.Gate;

/// <summary>One way to build a room without its rules having a say, and what the build must answer.</summary>
/// <param name="Name">What is tried. Also the name of the case's folder.</param>
/// <param name="Answers">What must be among the errors. Nothing: the build must succeed.</param>
public sealed record Bypass(string Name, params string[] Answers)
{
    /// <summary>A static that ATL0601 objects to.</summary>
    public const string Wrong = "static class Room { static int s_ticks; static int Next() => s_ticks++; }";

    /// <summary>Code to which no rule objects.</summary>
    public const string Sound = "static class Room { static int Next(int ticks) => ticks + 1; }";

    /// <summary>A reference to a local that is gone, which csc only warns of in unsafe code.</summary>
    public const string Dangling = "static unsafe class Room { static ref int Next(int ticks) { int local = ticks; return ref local; } }";

    /// <summary>The room's one source file.</summary>
    public string Source { get; init; } = Sound;

    /// <summary>Properties as the command line gives them: stronger than all that a project says.</summary>
    public string Properties { get; init; } = "";

    /// <summary>What the project says besides.</summary>
    public string Project { get; init; } = "";

    /// <summary>Whether the project imports what brings a room under the rules.</summary>
    public bool HasGate { get; init; } = true;

    /// <summary>More files beside the source, by name.</summary>
    public IReadOnlyList<(string Name, string Text)> Files { get; init; } = [];
}
