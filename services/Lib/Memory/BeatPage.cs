using System.Threading;

namespace Atoll.Services.Lib;

/// <summary>Memory in which a program changes a number once a second, as long as it does anything. Whoever misses it has the same memory, for reading.</summary>
public static class BeatPage
{
    /// <summary>The number.</summary>
    public static ulong Beat(MemoryRegion page) => Volatile.Read(ref page.LongWords[0]);

    /// <summary>The program changes it.</summary>
    public static void SetBeat(MemoryRegion page, ulong beat) => Volatile.Write(ref page.LongWords[0], beat);
}
