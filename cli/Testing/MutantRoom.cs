using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atoll.Cli.Testing;

/// <summary>A mutant that no test noticed.</summary>
/// <param name="File">File, from the folder of the mutated project.</param>
/// <param name="Code">The line that it changes, without the spaces around it.</param>
/// <param name="Original">The text that it replaces.</param>
/// <param name="Replacement">What it puts there.</param>
/// <param name="Reason">Why no test can notice it, that is why it is equivalent; null while a test is missing.</param>
public sealed record Survivor(string File, string Code, string Original, string Replacement, string? Reason = null)
{
    /// <summary>Whether this is the same mutant, whatever is said of it.</summary>
    public bool IsSame(Survivor other) => this with { Reason = null } == other with { Reason = null };
}

/// <summary>A part of the product whose tests are tested by mutants: what is mutated, and what the score was.</summary>
/// <remarks>Read from <c>tests/Mutants/NAME.json</c>.</remarks>
public sealed record MutantRoom
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The project that is mutated, from the root.</summary>
    public required string Project { get; init; }

    /// <summary>The project of tests that must notice.</summary>
    public required string Tests { get; init; }

    /// <summary>Which of those tests, as a filter of <c>dotnet test</c>; all but the long ones when null.</summary>
    public string? Filter { get; init; }

    /// <summary>Which of the project's files are mutated: patterns, from the project's folder.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Which members of those files; all when null.</summary>
    public MutantSample? Sample { get; init; }

    /// <summary>Least score that there should be.</summary>
    public required double Aim { get; init; }

    /// <summary>The score so far, in percent; it may only rise. Null: never measured whole.</summary>
    public double? Score { get; init; }

    /// <summary>Mutants that the score counts, but for equivalent ones.</summary>
    public int? Mutants { get; init; }

    /// <summary>How long that took, alone on the machine that measured it, in minutes rounded up.</summary>
    public int? Minutes { get; init; }

    /// <summary>The mutants that nobody noticed.</summary>
    public IReadOnlyList<Survivor> Survivors { get; init; } = [];

    /// <summary>Reads a room.</summary>
    public static MutantRoom Read(string path) => JsonSerializer.Deserialize<MutantRoom>(File.ReadAllText(path), s_json)!;

    /// <summary>Writes it back.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, s_json) + "\n");
}
