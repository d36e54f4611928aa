using System.Globalization;

namespace Atoll.Services.Tests.Net;

/// <summary>A turn of the stack looks only at who rang, and no ring is lost, in whatever order programs, driver and stack meet. <c>ATOLL_SEED</c> repeats one, <c>ATOLL_SEEDS</c> says how many.</summary>
public sealed class TurnOrderServerTests
{
    private const int Seeds = 150;

    /// <summary>All that is asked is answered, and all that is sent arrives, as with a stack that looks at everyone in every turn.</summary>
    [Fact]
    public void NoRingIsLost_InAnyOrder() => Run(Seeds);

    /// <summary>The same, for more seeds.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public void NoRingIsLost_InAnyOrder_ManySeeds() => Run(2_000);

    private static void Run(int seeds)
    {
        string? chosen = Environment.GetEnvironmentVariable("ATOLL_SEED");
        string? more = Environment.GetEnvironmentVariable("ATOLL_SEEDS");
        int count = more is null ? seeds : int.Parse(more, CultureInfo.InvariantCulture);
        IEnumerable<int> all = chosen is null ? Enumerable.Range(1, count) : [int.Parse(chosen, CultureInfo.InvariantCulture)];
        foreach (int seed in all)
        {
            string? model = TurnOrder.Run(seed, looksAtAll: true);
            Assert.True(model is null, $"ATOLL_SEED={seed}, a stack that looks at everyone: {model}");
            string? missing = TurnOrder.Run(seed, looksAtAll: false);
            Assert.True(missing is null, $"ATOLL_SEED={seed}: {missing}");
        }
    }
}
