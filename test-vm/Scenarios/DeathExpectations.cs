using System.Globalization;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>What holds at the end of a run in which members died, one after another, and were restarted.</summary>
internal static class DeathExpectations
{
    private const int PageBytes = 4096;

    /// <summary>All are there again, each death was told to each peer once, no message was wrong, and each frame of the pool is in it or in a link.</summary>
    public static void Check(Expectations expect, VmOutcome outcome, int cores, int deaths)
    {
        BootExpectations.BootDone(expect, outcome, cores, failed: 0);
        PairExpectations.NoErrors(expect, outcome);
        expect.Equal(0, outcome.RecordsOf("start-failed").Count, "@start-failed records");
        expect.Equal(0, outcome.RecordsOf("stray").Count, "@stray records");
        expect.Equal(cores, outcome.RecordsOf("ring").Count, "instances that are alive at the end");
        expect.Equal(deaths, outcome.RecordsOf("death").Count, "deaths");
        expect.Equal(deaths, outcome.RecordsOf("reclaimed").Count, "@reclaimed records");
        DeathHistory.Follow(outcome.Records).Check(expect, outcome);
        expect.Equal(
            string.Join(' ', Enumerable.Range(1, cores - 1)),
            string.Join(' ', outcome.RecordsOf("death").Select(death => death.SmallNumber("core")).Distinct().Order()),
            "cores that have died");
        Memory(expect, outcome);
    }

    /// <summary>The number behind a key.</summary>
    public static long Number(SerialRecord record, string key) => long.Parse(record[key]!, CultureInfo.InvariantCulture);

    // All live, each in the block that it had, so what is not in the pool is in links.
    private static void Memory(Expectations expect, VmOutcome outcome)
    {
        long before = Number(outcome.RecordsOf("memory").Single(), "free");
        SerialRecord pool = outcome.RecordsOf("pool").Single();
        long after = Number(pool, "free");
        expect.Equal(before, after + (2 * PageBytes * pool.SmallNumber("links")), "bytes of the pool, free or in links");
    }
}
