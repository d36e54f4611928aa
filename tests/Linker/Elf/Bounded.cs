using System.Diagnostics;

namespace Atoll.Linker.Tests.Elf;

/// <summary>Holds the reading of one damaged file to its bounds.</summary>
internal static class Bounded
{
    /// <summary>Most that one file of a few kilobytes may make its reader allocate in sum.</summary>
    private const long BytesMax = 64 << 20;

    /// <summary>Most that one file may take. Good ones take milliseconds; a loaded host is slow, a loop without end
    /// slower.</summary>
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(20);

    /// <summary>Runs it, and fails when it throws or needs more than its bounds.</summary>
    /// <param name="seed">Repeats the damage.</param>
    /// <param name="mutant">Which of the seed's files it is.</param>
    /// <param name="action">Reads the file.</param>
    public static void Run(int seed, int mutant, Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        Exception? thrown = Record.Exception(action);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(thrown is null, $"seed {seed}, mutant {mutant}: {thrown}");
        Assert.True(allocated < BytesMax, $"seed {seed}, mutant {mutant}: {allocated} bytes allocated");
        Assert.True(time < s_timeMax, $"seed {seed}, mutant {mutant}: {time} taken");
    }
}
