using System.Globalization;
using System.Runtime.CompilerServices;

namespace Atoll.Kernel.Tests.Machine;

/// <summary>Runs a randomised test once per seed, and says on failure how to repeat that one run.</summary>
/// <remarks>
/// ATOLL_SEEDS: how many seeds. ATOLL_MINUTES: as many as fit into so many minutes, at least one, instead of the test's own number.
/// ATOLL_SEED: only this one.
/// </remarks>
internal static class Seeds
{
    /// <summary>Runs <paramref name="body"/> with seeds 1, 2, 3 …</summary>
    /// <param name="count">Seeds when the environment asks for nothing else.</param>
    /// <param name="body">Draws every random choice from its argument.</param>
    /// <param name="test">The test's name.</param>
    public static void ForEach(int count, Action<Random> body, [CallerMemberName] string test = "")
    {
        if (Number("ATOLL_SEED") is int only)
        {
            Run(only, body, test);
            return;
        }

        int? minutes = Number("ATOLL_MINUTES");
        DateTime end = DateTime.UtcNow.AddMinutes(minutes ?? 0);
        int wanted = Number("ATOLL_SEEDS") ?? (minutes is null ? count : 1);
        for (int seed = 1; seed <= wanted || DateTime.UtcNow < end; seed++)
        {
            Run(seed, body, test);
        }
    }

    private static void Run(int seed, Action<Random> body, string test)
    {
        try
        {
            body(new Random(seed));
        }
        catch (Exception error)
        {
            throw new SeedFailedException(
                $"seed {seed}: {error.Message}\nrepeat: ATOLL_SEED={seed} ./build.sh test {test}", error);
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}

/// <summary>A randomised test failed; the message names the seed.</summary>
internal sealed class SeedFailedException(string message, Exception inner) : Exception(message, inner);
