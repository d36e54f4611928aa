namespace Atoll.Services.Suite;

/// <summary>Words that the suite's threads leave for one another: 16 for each worker, and a log of who came when.</summary>
internal static class Board
{
    private const uint WordsOfWorker = 16;
    private const uint LogCount = 128;
    private const uint LogFirst = 129;
    private const uint LogMax = 64;
    private const uint QuietWord = 200;
    private const uint WordSize = 8;

    /// <summary>What a worker's last system call said.</summary>
    internal const uint Result = 0;

    /// <summary>Badge that it received.</summary>
    internal const uint Badge = 1;

    /// <summary>Header that it received.</summary>
    internal const uint Header = 2;

    /// <summary>The first of four words that it received.</summary>
    internal const uint Word0 = 3;

    /// <summary>How often it has come so far, or that it is done.</summary>
    internal const uint Count = 7;

    /// <summary>A second result.</summary>
    internal const uint Second = 8;

    internal static ulong AddressOf(uint worker, uint word) => Layout.Board + (((worker * WordsOfWorker) + word) * WordSize);

    internal static ulong Get(uint worker, uint word) => UserMemory.Read(AddressOf(worker, word));

    internal static void Set(uint worker, uint word, ulong value) => UserMemory.Write(AddressOf(worker, word), value);

    internal static void CountUp(uint worker) => Set(worker, Count, Get(worker, Count) + 1);

    /// <summary>Notes that somebody came.</summary>
    internal static void Log(ulong who)
    {
        ulong count = Logged;
        if (count < LogMax)
        {
            UserMemory.Write(Layout.Board + ((LogFirst + count) * WordSize), who);
            UserMemory.Write(Layout.Board + (LogCount * WordSize), count + 1);
        }
    }

    /// <summary>Entries of the log.</summary>
    internal static ulong Logged => UserMemory.Read(Layout.Board + (LogCount * WordSize));

    /// <summary>Who came at a place in the order.</summary>
    internal static ulong LogAt(uint index) => UserMemory.Read(Layout.Board + ((LogFirst + index) * WordSize));

    /// <summary>Slot of the notification that nobody signals.</summary>
    internal static ulong Quiet
    {
        get => UserMemory.Read(Layout.Board + (QuietWord * WordSize));
        set => UserMemory.Write(Layout.Board + (QuietWord * WordSize), value);
    }

    internal static void Clear() => UserMemory.FillPage(Layout.Board, 0);
}
