using System.Globalization;
using System.Text.Json;

namespace Atoll.Cli.Testing;

/// <summary>What became of a room's mutants.</summary>
/// <param name="Noticed">Mutants that a test noticed, by failing or by never ending.</param>
/// <param name="Survivors">Mutants that no test noticed, or that no test ran.</param>
/// <param name="Unusable">Tests that fail without a mutant, and why: they noticed nothing.</param>
public sealed record MutationReport(int Noticed, IReadOnlyList<Survivor> Survivors, IReadOnlyList<string> Unusable)
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Reads what <c>tests/Mutants/Runner</c> has written.</summary>
    public static MutationReport Parse(string json) => JsonSerializer.Deserialize<MutationReport>(json, s_json)!;

    /// <summary>Holds a report against what is known of the room.</summary>
    public MutationScore Against(MutantRoom room)
    {
        List<Survivor> known = [.. room.Survivors];
        List<Survivor> missed = [];
        List<Survivor> news = [];
        int equivalent = 0;
        foreach (Survivor survivor in Survivors)
        {
            // Two mutants of one text and one line are two: each entry answers for one.
            int at = known.FindIndex(survivor.IsSame);
            Survivor judged = at < 0 ? survivor : known[at];
            if (at < 0)
            {
                news.Add(survivor);
            }
            else
            {
                known.RemoveAt(at);
            }

            equivalent += judged.Reason is null ? 0 : 1;
            missed.Add(judged);
        }

        int counted = Noticed + missed.Count - equivalent;
        double score = counted == 0 ? 100 : Math.Floor(1000.0 * Noticed / counted) / 10;
        return new MutationScore(score, counted, missed, news);
    }
}

/// <summary>A room's score.</summary>
/// <param name="Score">Noticed mutants of all that are not equivalent, in percent, rounded down.</param>
/// <param name="Counted">Mutants that are not equivalent.</param>
/// <param name="Survivors">All survivors, with the reasons that are known.</param>
/// <param name="Unknown">Survivors that the room does not list.</param>
public sealed record MutationScore(double Score, int Counted, IReadOnlyList<Survivor> Survivors, IReadOnlyList<Survivor> Unknown)
{
    /// <summary>Why this is no success, or null.</summary>
    /// <param name="room">What is known of the room.</param>
    /// <param name="isWhole">Whether all files of the room were mutated.</param>
    public string? Complaint(MutantRoom room, bool isWhole) =>
        Unknown.Count > 0 ? $"{Unknown.Count} mutants that are not listed survive: write a test, or list them with the reason"
        : isWhole && Score < room.Score ? string.Create(CultureInfo.InvariantCulture, $"the score fell from {room.Score:0.0} %")
        : isWhole && Score < room.Aim ? string.Create(CultureInfo.InvariantCulture, $"the aim is {room.Aim:0.0} %")
        : null;
}
