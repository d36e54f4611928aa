namespace Atoll.Contracts.Tests.Harness;

/// <summary>Counts what a call allocates.</summary>
public static class Allocation
{
    private const int WarmUps = 2;
    private const int Rounds = 3;

    /// <summary>Bytes of the leanest warm call. So few calls run unoptimised, so that no object is optimised away.</summary>
    public static long Measure(Action method)
    {
        for (int round = 0; round < WarmUps; round++)
        {
            method();
        }

        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            method();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
