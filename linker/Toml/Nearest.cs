namespace Atoll.Linker.Toml;

/// <summary>What somebody may have meant who wrote a word that does not exist.</summary>
public static class Nearest
{
    /// <summary>": did you mean 'x'?", or "." when nothing is near.</summary>
    /// <param name="word">The word.</param>
    /// <param name="words">Those that exist.</param>
    public static string Of(string word, IEnumerable<string> words)
    {
        (string Word, int Distance) best = words
            .Select(candidate => (candidate, Distance(word, candidate)))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(pair => pair.Item2);
        return best.Distance <= int.Max(1, word.Length / 3) ? $": did you mean '{best.Word}'?" : ".";
    }

    /// <summary>Letters to insert, leave out, replace, or exchange with their neighbour (optimal string alignment).</summary>
    private static int Distance(string from, string to)
    {
        int[,] steps = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                steps[i, j] = i == 0 || j == 0 ? i + j : Step(steps, from, to, i, j);
            }
        }

        return steps[from.Length, to.Length];
    }

    private static int Step(int[,] steps, string from, string to, int i, int j)
    {
        int cost = from[i - 1] == to[j - 1] ? 0 : 1;
        int least = int.Min(int.Min(steps[i - 1, j], steps[i, j - 1]) + 1, steps[i - 1, j - 1] + cost);
        bool isExchange = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
        return isExchange ? int.Min(least, steps[i - 2, j - 2] + 1) : least;
    }
}
