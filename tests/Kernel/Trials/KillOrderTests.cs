using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Trials;

/// <summary>Deaths at seeded moments: the same seed, the same deaths.</summary>
public sealed class KillOrderTests
{
    // One tick is one nanosecond.
    private static readonly Clock s_clock = new() { TscHz = 1_000_000_000, ApicHz = 1_000_000_000 };

    [Fact]
    public void SameSeed_SameDeaths()
    {
        List<List<(ulong At, uint Core, FaultKind Kind)>> runs =
            [.. Enumerable.Range(0, 50).Select(seed => Deaths((ulong)seed, cores: 5, count: 20))];

        for (int seed = 0; seed < runs.Count; seed++)
        {
            Assert.Equal(runs[seed], Deaths((ulong)seed, cores: 5, count: 20));
        }

        Assert.Equal(runs.Count, runs.Select(run => string.Join(';', run)).Distinct().Count());
        Assert.All(runs, run => Assert.Equal(20, run.Count));
        Assert.All(runs.SelectMany(run => run), death => Assert.InRange(death.Core, 1u, 4u));
        Assert.Equal(4, runs.SelectMany(run => run).Select(death => death.Core).Distinct().Count());
        Assert.Equal(2, runs.SelectMany(run => run).Select(death => death.Kind).Distinct().Count());
    }

    /// <summary>Stopped, by half a send, by a panic, and in each way to hang.</summary>
    [Fact]
    public void Hangs_AreAmongTheDeaths_WhenAskedFor()
    {
        List<FaultKind> kinds = [.. Enumerable.Range(0, 20).SelectMany(seed => Deaths((ulong)seed, cores: 5, count: 20, ways: KillWays.Any)).Select(death => death.Kind)];

        Assert.Equal(
            [FaultKind.None, FaultKind.Check, FaultKind.HalfSend, FaultKind.Hang, FaultKind.HangMasked, FaultKind.Silence],
            kinds.Distinct().Order());
    }

    /// <summary>At every step, in both ways, and never to itself.</summary>
    [Fact]
    public void DeathsInASend_AreAtEachStep()
    {
        HashSet<(FaultKind, PublishStep)> seen = [];
        HashSet<(uint, uint)> pairs = [];
        for (ulong seed = 0; seed < 20; seed++)
        {
            KillOrder kills = default;
            kills.Begin(20, seed, KillWays.Publish);
            for (ulong now = 1; kills.Left != 0; now += 1000)
            {
                if (kills.IsDue(in s_clock, now, cores: 4, out uint core, out FaultKind kind))
                {
                    seen.Add((kind, kills.LastStep));
                    pairs.Add((core, kills.LastPeer));
                }
            }
        }

        Assert.Equal(2 * Enum.GetValues<PublishStep>().Length, seen.Count);
        Assert.All(seen, death => Assert.True(death.Item1 is FaultKind.PublishPanic or FaultKind.PublishHang));
        Assert.Equal(3 * 3, pairs.Count);
        Assert.All(pairs, pair => Assert.True(pair.Item1 != pair.Item2 && pair.Item2 < 4));
    }

    /// <summary>300 to 500 microseconds between two deaths, so that the restarted one works again.</summary>
    [Fact]
    public void Deaths_AreApart()
    {
        List<(ulong At, uint Core, FaultKind Kind)> deaths = Deaths(seed: 3, cores: 3, count: 200);

        Assert.All(
            deaths.Zip(deaths.Skip(1)),
            pair => Assert.InRange(pair.Second.At - pair.First.At, 300_000ul, 501_000ul));
    }

    [Fact]
    public void TimeLeft_IsUntilTheNextDeath()
    {
        KillOrder kills = default;
        kills.Begin(1, seed: 8, KillWays.Stop);
        ulong now = 1_000_000;
        Assert.False(kills.IsDue(in s_clock, now, 4, out _, out _));
        ulong left = kills.MicrosecondsLeft(in s_clock, now);
        Assert.InRange(left, 300ul, 501ul);

        Assert.False(kills.IsDue(in s_clock, now + ((left - 1) * 1000) - 1, 4, out _, out _));
        Assert.True(kills.IsDue(in s_clock, now + (left * 1000), 4, out _, out _));
        Assert.Equal((0u, 1u), (kills.Left, kills.Done));
        Assert.True(kills.MicrosecondsLeft(in s_clock, ulong.MaxValue / 2) >= 1);
    }

    [Fact]
    public void NobodyDies_WithoutAnOrderOrAMember() => Seeds.ForEach(10, random =>
    {
        KillOrder none = default;
        KillOrder alone = default;
        alone.Begin(5, seed: (ulong)random.Next(), KillWays.Stop);
        for (ulong now = 1; now < 10_000_000; now += (ulong)random.Next(1, 100_000))
        {
            Assert.False(none.IsDue(in s_clock, now, cores: 4, out _, out _));
            Assert.False(alone.IsDue(in s_clock, now, cores: 1, out _, out _));
        }
    });

    private static List<(ulong At, uint Core, FaultKind Kind)> Deaths(ulong seed, uint cores, uint count, KillWays ways = KillWays.Stop)
    {
        KillOrder kills = default;
        kills.Begin(count, seed, ways);
        List<(ulong At, uint Core, FaultKind Kind)> deaths = [];
        for (ulong now = 1; kills.Left != 0; now += 1000)
        {
            if (kills.IsDue(in s_clock, now, cores, out uint core, out FaultKind kind))
            {
                deaths.Add((now, core, kind));
            }
        }

        Assert.Equal(count, kills.Done);
        return deaths;
    }
}
