using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Tcp;

/// <summary>Scoreboard and received ranges against sets of numbers, at random, across the wrap.</summary>
public sealed class RangeModelTests
{
    private const uint Base = 0xFFFF_FF00;

    [Fact]
    public void Scoreboard_HoldsWhatASetHolds()
    {
        foreach (int seed in Seeds.From(0, Seeds.Count(normal: 200)))
        {
            var random = new Random(seed);
            SackScoreboard board = default;
            HashSet<uint> model = [];
            uint acknowledged = 0;
            for (int step = 0; step < 40; step++)
            {
                uint start = acknowledged + (uint)random.Next(1, 60);
                uint end = start + (uint)random.Next(1, 20);
                board.Add(Base + start, Base + end);
                model.UnionWith(Enumerable.Range((int)start, (int)(end - start)).Select(number => (uint)number));
                if (random.Next(4) == 0)
                {
                    acknowledged += (uint)random.Next(15);
                    board.Acknowledge(Base + acknowledged);
                    model.RemoveWhere(number => number < acknowledged);
                }

                uint limit = acknowledged + 100;
                Assert.True((uint)model.Count(number => number < limit) == board.HeldBelow(Base + limit), $"ATOLL_SEED={seed} step {step}");
                for (uint number = acknowledged; number < limit; number++)
                {
                    Assert.True(model.Contains(number) == (board.SkipFrom(Base + number) != Base + number),
                        $"ATOLL_SEED={seed} step {step}");
                }
            }
        }
    }

    [Fact]
    public void ReceivedRanges_GiveTheStreamBack()
    {
        foreach (int seed in Seeds.From(0, Seeds.Count(normal: 200)))
        {
            var random = new Random(seed);
            ReceivedRanges ranges = default;
            HashSet<uint> model = [];
            for (int step = 0; step < 30; step++)
            {
                uint start = (uint)random.Next(1, 200);
                uint end = start + (uint)random.Next(1, 30);
                if (ranges.TryAdd(Base + start, Base + end))
                {
                    model.UnionWith(Enumerable.Range((int)start, (int)(end - start)).Select(number => (uint)number));
                }
                else
                {
                    Assert.Equal(8, ranges.Count);
                }

                int held = Enumerable.Range(0, ranges.Count).Sum(index => (int)ranges[index].Length);
                Assert.True(model.Count == held, $"ATOLL_SEED={seed} step {step}");
            }
        }
    }
}
