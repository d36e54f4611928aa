using System.Globalization;
using System.Text;

namespace Atoll.Cli.Testing;

/// <summary>What mutants found in each room, as a page of docs/results.</summary>
public static class MutantPage
{
    /// <summary>The page, from the root.</summary>
    public const string Path = "docs/results/mutants.md";

    /// <summary>Writes it.</summary>
    /// <param name="rooms">Names and what is known of each, in order.</param>
    public static string Of(IEnumerable<(string Name, MutantRoom Room)> rooms)
    {
        var page = new StringBuilder();
        page.Append("# Mutants\n\n");
        page.Append("Written by `./build.sh test mutants ROOM --accept` from `tests/Mutants`. A mutant is noticed when a test fails or never ends with it.\n");
        page.Append("What is *equivalent* changes nothing that a test could see; its reason is listed with it, and it does not count. *Missed* has no test yet.\n");
        page.Append("What does not compile is no mutant.\n");
        page.Append("A *sample* is of members, drawn by its seed; only their mutants are made, and the score is the sample's.\n\n");
        page.Append("| room | files | sample | mutants | noticed | missed | equivalent | score | aim | command | minutes |\n");
        page.Append("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach ((string name, MutantRoom room) in rooms)
        {
            page.Append(Row(name, room));
        }

        return page.ToString();
    }

    private static string Row(string name, MutantRoom room)
    {
        string files = string.Join(", ", room.Files.Select(pattern => $"`{pattern}`"));
        string sample = room.Sample is { } drawn ? $"1 in {drawn.OneIn}, seed {drawn.Seed}" : "all";
        string aim = room.Aim.ToString("0.#", CultureInfo.InvariantCulture);
        string command = $"`./build.sh test mutants {name}`";
        if (room.Score is not { } score || room.Mutants is not { } mutants)
        {
            return $"| {name} | {files} | {sample} | | | | | never measured | {aim} | {command} | |\n";
        }

        int missed = room.Survivors.Count(survivor => survivor.Reason is null);
        int equivalent = room.Survivors.Count - missed;
        string percent = score.ToString("0.0", CultureInfo.InvariantCulture);
        return $"| {name} | {files} | {sample} | {mutants + equivalent} | {mutants - missed} | {missed} | {equivalent} | {percent} % | {aim} | {command} | {room.Minutes} |\n";
    }
}
