using System.Globalization;

namespace Atoll.Http.Tests;

/// <summary>Which seeds a test runs: ATOLL_SEED is one, ATOLL_SEEDS how many.</summary>
internal static class Seeds
{
    public static int Count(int normal) => Number("ATOLL_SEEDS") ?? normal;

    public static IEnumerable<int> From(int first, int count) =>
        Number("ATOLL_SEED") is { } one ? [one] : Enumerable.Range(first, count);

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
}
