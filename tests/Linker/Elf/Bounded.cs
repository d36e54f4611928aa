using System.Diagnostics;

namespace Atoll.Linker.Tests.Elf;

/// <summary>Holds the reading of one damaged or hostile file to its bounds.</summary>
internal static class Bounded
{
    /// <summary>Most that a file may make its reader allocate in sum, for each byte of it.</summary>
    private const long BytesPerByte = 64;

    /// <summary>What even the smallest file may cost.</summary>
    private const long BytesAtLeast = 64 << 20;

    /// <summary>Most that one file may take. Good ones take milliseconds; a loaded host is slow, a loop without end
    /// slower.</summary>
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(60);

    /// <summary>Runs it, and fails when it throws or needs more than its bounds.</summary>
    /// <param name="seed">Repeats the damage.</param>
    /// <param name="mutant">Which of the seed's files it is.</param>
    /// <param name="action">Reads the file.</param>
    /// <param name="fileBytes">Bytes of the file.</param>
    public static void Run(int seed, int mutant, Action action, int fileBytes = 1) =>
        Run($"seed {seed}, mutant {mutant}", fileBytes, action);

    /// <summary>Runs it, and fails when it throws or needs more than its bounds.</summary>
    /// <param name="what">The file, for the failure.</param>
    /// <param name="fileBytes">Bytes of the file.</param>
    /// <param name="action">Reads the file.</param>
    public static void Run(string what, int fileBytes, Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        Exception? thrown = Record.Exception(action);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(thrown is null, $"{what}: {thrown}");
        long most = long.Max(BytesAtLeast, BytesPerByte * fileBytes);
        Assert.True(allocated < most, $"{what}: {allocated} bytes allocated for {fileBytes}, of {most}");
        Assert.True(time < s_timeMax, $"{what}: {time} taken");
    }
}
