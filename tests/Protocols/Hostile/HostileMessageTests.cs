namespace Atoll.Protocols.Tests.Hostile;

/// <summary>Hostile messages, both ways.</summary>
public sealed class HostileMessageTests
{
    private static readonly int s_first = int.TryParse(Environment.GetEnvironmentVariable("ATOLL_SEED"), out int seed) ? seed : 1;

    [Fact]
    public void ChangedMessage_IsRefusedOrGood_AndNobodyThrows() => Try(seeds: 8, rounds: 4_000);

    [Fact]
    [Trait("Category", "Long")]
    public void ChangedMessage_IsRefusedOrGood_AndNobodyThrows_ManySeeds() => Try(seeds: 400, rounds: 50_000);

    private static void Try(int seeds, int rounds)
    {
        for (int seed = s_first; seed < s_first + seeds; seed++)
        {
            string? failure = HostileRun.Run(seed, rounds);
            Assert.True(failure is null, $"{failure}; repeat it with ./build.sh test HostileMessageTests --seed {seed}");
        }
    }
}
