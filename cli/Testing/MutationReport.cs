using System.Globalization;
using System.Text.Json;

namespace Atoll.Cli.Testing;

/// <summary>What a run of Stryker's found: its JSON report, as far as it matters here.</summary>
/// <remarks>Source: stryker-mutator, "mutation-testing-report-schema", version 2.</remarks>
/// <param name="Noticed">Mutants that a test noticed, by failing or by never ending.</param>
/// <param name="Survivors">Mutants that no test noticed, or that no test ran.</param>
public sealed record MutationReport(int Noticed, IReadOnlyList<Survivor> Survivors)
{
    /// <summary>Reads a report.</summary>
    /// <param name="json">The report.</param>
    /// <param name="folder">Folder of the mutated project: files are named from there.</param>
    public static MutationReport Parse(string json, string folder)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        int noticed = 0;
        List<Survivor> survivors = [];
        foreach (JsonProperty file in document.RootElement.GetProperty("files").EnumerateObject())
        {
            string name = Path.GetRelativePath(folder, Path.GetFullPath(file.Name, folder)).Replace('\\', '/');
            string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
            foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                switch (mutant.GetProperty("status").GetString())
                {
                    case "Killed" or "Timeout" or "RuntimeError":
                        noticed++;
                        break;
                    case "Survived" or "NoCoverage":
                        survivors.Add(Read(name, lines, mutant));
                        break;
                }
            }
        }

        return new MutationReport(noticed, survivors);
    }

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

    private static Survivor Read(string file, string[] lines, JsonElement mutant)
    {
        JsonElement location = mutant.GetProperty("location");
        (int line, int column) = Position(location.GetProperty("start"));
        (int lastLine, int lastColumn) = Position(location.GetProperty("end"));
        string code = lines[line];
        string original = line == lastLine ? code[column..Math.Min(lastColumn, code.Length)] : code[column..];
        string replacement = mutant.TryGetProperty("replacement", out JsonElement text) ? text.GetString() ?? "" : "";
        return new Survivor(file, code.Trim(), original.Trim(), replacement.Trim());
    }

    // The report counts from 1.
    private static (int Line, int Column) Position(JsonElement position) =>
        (position.GetProperty("line").GetInt32() - 1, position.GetProperty("column").GetInt32() - 1);
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
