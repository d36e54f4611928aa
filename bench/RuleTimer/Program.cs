using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Atoll.RuleTimer;

/// <summary>
/// Times every rule over the rooms of the kernel image, then over the rules' own sources and over assemblies of the SDK: the first round as
/// a compiler that has just started, the others with all code compiled.
/// </summary>
/// <remarks>
/// Arguments: the repository's folder, the number of rounds. Output: <c>lines COUNT</c>, then for each round and rule
/// <c>time ROUND RULE MILLISECONDS</c>; the same with <c>foreign-</c> and with <c>sdk-</c> before these words.
/// Ends with 1 and a message when code of this repository does not compile, when a room breaks a rule, and when a rule crashes.
/// </remarks>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [string repository, string number]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int rounds))
        {
            await Console.Error.WriteLineAsync("usage: Atoll.RuleTimer REPOSITORY ROUNDS");
            return 1;
        }

        KernelSources sources = KernelSources.Read(repository);
        Console.WriteLine($"lines {sources.LineCount}");
        for (int round = 0; round < rounds; round++)
        {
            (IReadOnlyDictionary<string, TimeSpan> times, IReadOnlyList<Diagnostic> complaints) = await RuleRound.RunAsync(sources.Compile(), sources.Lists);
            if (complaints.Count > 0)
            {
                await Console.Error.WriteLineAsync(string.Join('\n', complaints));
                return 1;
            }

            Print("time", round, times);
        }

        return await TimeAsync("foreign", ForeignSources.OfTheRules(repository), rounds, mustCompile: true)
            && await TimeAsync("sdk", ForeignSources.OfTheSdk(repository), rounds, mustCompile: false) ? 0 : 1;
    }

    private static async Task<bool> TimeAsync(string name, (IReadOnlyList<SyntaxTree> Trees, int LineCount) code, int rounds, bool mustCompile)
    {
        Console.WriteLine($"{name}-lines {code.LineCount}");
        for (int round = 0; round < rounds; round++)
        {
            (IReadOnlyDictionary<string, TimeSpan> times, IReadOnlyList<Diagnostic> complaints) =
                await RuleRound.RunAsync([ForeignSources.Compile(code.Trees)], []);
            Diagnostic[] broken = [.. complaints.Where(one => one.Severity == DiagnosticSeverity.Error
                && (one.Id is "ATL8000" || (mustCompile && one.Id.StartsWith("CS", StringComparison.Ordinal))))];
            if (broken.Length > 0)
            {
                await Console.Error.WriteLineAsync(string.Join('\n', broken.Take(20)));
                return false;
            }

            Print($"{name}-time", round, times);
        }

        return true;
    }

    private static void Print(string word, int round, IReadOnlyDictionary<string, TimeSpan> times)
    {
        foreach ((string rule, TimeSpan time) in times)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word} {round} {rule} {time.TotalMilliseconds:0.000}"));
        }
    }
}
