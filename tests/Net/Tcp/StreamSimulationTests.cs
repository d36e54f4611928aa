using Atoll.Net.Tests.Simulation;
using Atoll.Net.Tests.Wire;

namespace Atoll.Net.Tests.Tcp;

/// <summary>Two stacks over a link that loses, doubles, delays and corrupts; ATOLL_SEED repeats one run.</summary>
public sealed class StreamSimulationTests
{
    [Fact]
    public void Streams_ArriveOnceAndInOrder_AndEverythingEnds() => RunSeeds(0, Seeds.Count(normal: 60));

    [Fact]
    [Trait("Category", "Long")]
    public void Streams_ArriveOnceAndInOrder_OverThousandsOfSeeds() => RunSeeds(1_000_000, Seeds.Count(normal: 5000));

    [Fact]
    public void EveryFrame_IsReadAlikeByASecondReader()
    {
        var reader = new SecondReader();
        for (int seed = 500; seed < 504; seed++)
        {
            Assert.Null(new StreamSimulation(seed, reader.Check).Run());
        }

        Assert.True(reader.TcpSegments > 200, $"only {reader.TcpSegments} segments were seen");
    }

    private static void RunSeeds(int first, int count)
    {
        foreach (int seed in Seeds.From(first, count))
        {
            string? failure = new StreamSimulation(seed).Run();
            Assert.True(failure is null, $"ATOLL_SEED={seed}: {failure}");
        }
    }
}
