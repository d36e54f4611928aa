using Atoll.Arch;
using Atoll.Kernel.Tests.Machine;
using Atoll.Mm;
using FsCheck;
using FsCheck.Fluent;

namespace Atoll.Kernel.Tests.Mm;

/// <summary>The frame pool against a bit for each frame.</summary>
public sealed class FramePoolTests
{
    private const ulong PageBytes = 4096;
    private const int Frames = 300;

    [Fact]
    public void RandomUse_AgreesWithTheOracle() => Seeds.ForEach(20, random =>
    {
        FramePool pool = default;
        var oracle = new FrameOracle(Frames);
        for (int step = 0; step < 400; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    Take(ref pool, oracle, random);
                    break;
                case 1:
                    Exclude(ref pool, oracle, random);
                    break;
                case 2:
                    TakeAligned(ref pool, oracle, random);
                    break;
                default:
                    Give(ref pool, oracle, random);
                    break;
            }

            oracle.AssertSame(pool);
        }
    });

    /// <summary>Frames given back in any order join into one run again.</summary>
    [Fact]
    public void GivingBackInAnyOrder_RestoresOneRun() => Prop.ForAll(
        Gen.Shuffle(Enumerable.Range(0, 60).ToArray()).ToArbitrary(),
        order =>
        {
            FramePool pool = default;
            foreach (int frame in order)
            {
                Assert.Equal(FramePoolResult.Done, pool.Give((ulong)frame * PageBytes, 1));
            }

            return pool.RangeCount == 1 && pool.FreeFrames == 60;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void GivingTwice_IsABug()
    {
        FramePool pool = default;
        pool.Give(0x10_0000, 4);

        Assert.Throws<CheckFailedException>(() => Copy(pool).Give(0x10_0000, 1));
        Assert.Throws<CheckFailedException>(() => Copy(pool).Give(0x10_3000, 1));
        Assert.Throws<CheckFailedException>(() => Copy(pool).Give(0x0F_F000, 2));
        Assert.Throws<CheckFailedException>(() => Copy(pool).Give(0x0F_F000, 8));
        Assert.Throws<CheckFailedException>(() => Copy(pool).Give(0x10_4800, 1));
    }

    [Fact]
    public void TakingNothing_IsABug() =>
        Assert.Throws<CheckFailedException>(() => default(FramePool).Take(0, ulong.MaxValue, out _));

    [Fact]
    public void Limit_IsTheEndOfTheLastFrame()
    {
        FramePool pool = default;
        pool.Give(0x10_0000, 8);

        Assert.Equal(FramePoolResult.OutOfMemory, pool.Take(2, 0x10_1FFF, out _));
        Assert.Equal(FramePoolResult.Done, pool.Take(2, 0x10_2000, out ulong physical));
        Assert.Equal(0x10_0000UL, physical);
        Assert.Equal(6UL, pool.FreeFrames);
    }

    /// <summary>64 runs fit (Limits.MemoryRangesMax); one more is refused and nothing else is lost.</summary>
    [Fact]
    public void TooManyRuns_AreRefused_AndTheOthersStay()
    {
        FramePool pool = Fragmented(64);

        Assert.Equal(FramePoolResult.TooManyRanges, pool.Give(1000 * PageBytes, 1));
        Assert.Equal(64, pool.RangeCount);
        Assert.Equal(64UL * 3, pool.FreeFrames);

        // A frame that closes a gap makes one run of two, so it always fits.
        Assert.Equal(FramePoolResult.Done, pool.Give(3 * PageBytes, 1));
        Assert.Equal(63, pool.RangeCount);
    }

    [Fact]
    public void GiveOrLose_CountsWhatHasNoRun()
    {
        FramePool pool = Fragmented(64);

        pool.GiveOrLose(1000 * PageBytes, 5);
        pool.GiveOrLose(3 * PageBytes, 1);
        pool.GiveOrLose(2000 * PageBytes, 2);

        // Closing the gap made room for one more run.
        Assert.Equal((5UL, 64, (64UL * 3) + 3), (pool.LostFrames, pool.RangeCount, pool.FreeFrames));
    }

    [Fact]
    public void ExcludeThatSplitsAFullPool_LosesOnlyTheUpperPart()
    {
        FramePool pool = Fragmented(64);

        Assert.Equal(FramePoolResult.TooManyRanges, pool.Exclude(PageBytes, 2 * PageBytes));
        Assert.Equal(64, pool.RangeCount);
        Assert.Equal((64UL * 3) - 2, pool.FreeFrames);
    }

    /// <summary>What lies before and behind stays free; of a pool that is full only what lies before.</summary>
    [Fact]
    public void AlignedTakeThatSplitsAFullPool_LosesTheUpperPart_AndCountsIt()
    {
        FramePool pool = Fragmented(63);
        Assert.Equal(FramePoolResult.Done, pool.Give(1001 * PageBytes, 7));

        Assert.Equal(FramePoolResult.Done, pool.TakeAligned(4, 2 * PageBytes, out ulong physical));

        Assert.Equal((1002 * PageBytes, 64, (63UL * 3) + 1, 2UL), (physical, pool.RangeCount, pool.FreeFrames, pool.LostFrames));
        Assert.Equal(FramePoolResult.Done, pool.TakeAligned(1, 1024 * PageBytes, out physical));
        Assert.Equal((0UL, 2UL), (physical, pool.LostFrames));
        Assert.Equal(FramePoolResult.OutOfMemory, pool.TakeAligned(4, PageBytes, out physical));
        Assert.Equal(0UL, physical);
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(1, 2048)]
    [InlineData(1, 0)]
    public void AlignedTakeOfNothing_OrBelowAPage_IsABug(ulong count, ulong alignment)
    {
        FramePool pool = Fragmented(1);

        Assert.Throws<CheckFailedException>(() => Copy(pool).TakeAligned(count, alignment, out _));
    }

    [Fact]
    public void VeryLargeCounts_DoNotWrap()
    {
        FramePool pool = default;
        pool.Give(0x10_0000, 16);

        Assert.Equal(FramePoolResult.OutOfMemory, pool.Take(ulong.MaxValue, ulong.MaxValue, out _));
        Assert.Equal(FramePoolResult.OutOfMemory, pool.Take(1UL << 52, ulong.MaxValue, out _));
        Assert.Equal(16UL, pool.FreeFrames);
    }

    // Runs of three frames, one frame apart.
    private static FramePool Fragmented(int runs)
    {
        FramePool pool = default;
        for (int i = 0; i < runs; i++)
        {
            Assert.Equal(FramePoolResult.Done, pool.Give((ulong)i * 4 * PageBytes, 3));
        }

        return pool;
    }

    private static FramePool Copy(FramePool pool) => pool;

    private static void Take(ref FramePool pool, FrameOracle oracle, Random random)
    {
        int count = random.Next(1, 20);
        ulong limit = random.Next(3) == 0 ? (ulong)random.Next(Frames * (int)PageBytes) : ulong.MaxValue;
        int expected = oracle.Take(count, limit);

        FramePoolResult result = pool.Take((ulong)count, limit, out ulong physical);

        Assert.Equal(expected < 0 ? FramePoolResult.OutOfMemory : FramePoolResult.Done, result);
        Assert.Equal(expected < 0 ? 0 : (ulong)expected * PageBytes, physical);
    }

    private static void TakeAligned(ref FramePool pool, FrameOracle oracle, Random random)
    {
        if (oracle.RunCount == 64)
        {
            return;
        }

        int count = random.Next(1, 10);
        int alignment = 1 << random.Next(4);
        int expected = oracle.TakeAligned(count, alignment);

        FramePoolResult result = pool.TakeAligned((ulong)count, (ulong)alignment * PageBytes, out ulong physical);

        Assert.Equal(expected < 0 ? FramePoolResult.OutOfMemory : FramePoolResult.Done, result);
        Assert.Equal(expected < 0 ? 0 : (ulong)expected * PageBytes, physical);
    }

    private static void Give(ref FramePool pool, FrameOracle oracle, Random random)
    {
        int count = random.Next(1, 8);
        int first = random.Next(Frames - count);
        if (!oracle.All(first, count, isFree: false))
        {
            return;
        }

        oracle.Set(first, count, isFree: true);
        bool fits = oracle.RunCount <= 64;
        FramePoolResult result = pool.Give((ulong)first * PageBytes, (ulong)count);
        Assert.Equal(fits ? FramePoolResult.Done : FramePoolResult.TooManyRanges, result);
        oracle.Set(first, count, isFree: fits);
    }

    private static void Exclude(ref FramePool pool, FrameOracle oracle, Random random)
    {
        if (oracle.RunCount == 64)
        {
            return;
        }

        ulong start = (ulong)random.Next(Frames * (int)PageBytes);
        ulong end = start + 1 + (ulong)random.Next(12 * (int)PageBytes);
        oracle.Exclude(start, end);

        Assert.Equal(FramePoolResult.Done, pool.Exclude(start, end));
    }
}
