using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Mutants;

/// <summary>What is mutated, and what must notice: a file that the verb <c>test mutants</c> writes.</summary>
/// <param name="Project">The project that is mutated.</param>
/// <param name="Tests">The assembly of tests, built.</param>
/// <param name="Filter">Which of them must notice (<see cref="NameFilter"/>).</param>
/// <param name="Patterns">Files of the project: <c>FOLDER/**/*.cs</c>, or a file with spans of its text, <c>FILE{from..to}{from..to}</c>.</param>
/// <param name="Journal">Where it is written what became of each mutant.</param>
/// <param name="Result">Where the result is written in the end.</param>
internal sealed record Settings(string Project, string Tests, string Filter, IReadOnlyList<string> Patterns, string Journal, string Result)
{
    /// <summary>Reads the file.</summary>
    internal static Settings Read(string path) =>
        JsonSerializer.Deserialize<Settings>(File.ReadAllText(path), new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase })!;

    /// <summary>Where a file is mutated: everywhere when empty; null: not at all.</summary>
    /// <param name="file">File, from the project's folder.</param>
    internal IReadOnlyList<TextSpan>? SpansOf(string file)
    {
        foreach (string pattern in Patterns)
        {
            string[] parts = pattern.Split('{');
            if (parts.Length > 1 && parts[0] == file)
            {
                return [.. parts[1..].Select(Span)];
            }

            if (parts.Length == 1 && Matches(pattern, file))
            {
                return [];
            }
        }

        return null;
    }

    private static TextSpan Span(string text)
    {
        string[] ends = text.TrimEnd('}').Split("..");
        return TextSpan.FromBounds(int.Parse(ends[0]), int.Parse(ends[1]));
    }

    // ** is any folders, * any part of a name.
    private static bool Matches(string pattern, string file)
    {
        string expression = Regex.Escape(pattern).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        return Regex.IsMatch(file, $"^{expression}$");
    }
}
