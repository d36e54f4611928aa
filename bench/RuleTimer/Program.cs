using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Atoll.RuleTimer;

/// <summary>
/// Times every rule over the rooms of the kernel image: the first round as a compiler that has just started, the others with all code
/// compiled.
/// </summary>
/// <remarks>
/// Arguments: the repository's folder, the number of rounds. Output: <c>lines COUNT</c>, then for each round and rule
/// <c>time ROUND RULE MILLISECONDS</c>. Ends with 1 and a message when a room does not compile or breaks a rule.
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
            (IReadOnlyDictionary<string, TimeSpan> times, IReadOnlyList<Diagnostic> complaints) = await RuleRound.RunAsync(sources);
            if (complaints.Count > 0)
            {
                await Console.Error.WriteLineAsync(string.Join('\n', complaints));
                return 1;
            }

            foreach ((string rule, TimeSpan time) in times)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time {round} {rule} {time.TotalMilliseconds:0.000}"));
            }
        }

        return 0;
    }
}
