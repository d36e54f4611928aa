using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Tests.Precision;

/// <summary>A snippet with a label: the rule must report at the markers, or must stay silent.</summary>
/// <remarks>
/// The label says what is right, not what the rule does today. A file of <c>Cases/</c> has the snippets of one rule, each below a
/// line <c>=== fires: title</c> or <c>=== silent: title</c>. Words before the colon: <c>dotnet</c> for the class library of .NET in
/// place of the kernel's, <c>file</c> for a whole file in place of members, <c>room=NAME</c> for an assembly.
/// </remarks>
public sealed partial record PrecisionCase(string Id, string Title, bool Fires, TestPlatform Platform, string Room, MarkedSource Source)
{
    /// <summary>Every case, by rule.</summary>
    public static ImmutableArray<PrecisionCase> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("tests", "Analyzers", "Precision", "Cases"), "*.txt")
            .Order(StringComparer.Ordinal)
            .SelectMany(static path => Read(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path).ReplaceLineEndings("\n"))),
    ];

    /// <summary>The files beside the sources: those in the folder <c>Cases/ATLnnnn</c>.</summary>
    public AnalyzerOptions Files
    {
        get
        {
            string folder = Repository.PathOf("tests", "Analyzers", "Precision", "Cases", Id);
            return new(Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder).Select(static path => new TextFile(path, File.ReadAllText(path)))]
                : []);
        }
    }

    /// <summary>The case as an assembly under the kernel's rules.</summary>
    public CSharpCompilation Compile() => Platform.Compile([CSharpSource.Parse(Source.Text)], Room);

    /// <summary>Reads the cases of one rule. A label that its markers contradict is an error of the case.</summary>
    public static IEnumerable<PrecisionCase> Read(string id, string text)
    {
        string prelude = text[..text.IndexOf("===", StringComparison.Ordinal)];
        foreach (Match match in Case().Matches(text))
        {
            string[] words = match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string code = prelude + match.Groups["code"].Value;
            MarkedSource source = MarkedSource.Parse(words.Contains("file") ? code : $"static unsafe class C\n{{\n{code}}}\n");
            bool fires = words[0] == "fires";
            if (fires != source.Expected.Any() || source.Expected.Any(expected => expected.Id != id))
            {
                throw new FormatException($"{id}, '{match.Groups["title"].Value}': the markers contradict the label");
            }

            yield return new PrecisionCase(
                id,
                match.Groups["title"].Value,
                fires,
                words.Contains("dotnet") ? TestPlatform.DotNet : TestPlatform.Kernel,
                words.FirstOrDefault(static word => word.StartsWith("room=", StringComparison.Ordinal))?[5..] ?? "Atoll.Test",
                source);
        }
    }

    [GeneratedRegex(@"^=== (?<words>(fires|silent)[^:\n]*): (?<title>[^\n]+)\n(?<code>.*?)(?=^===|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Case();
}
