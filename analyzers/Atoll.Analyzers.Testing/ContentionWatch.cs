using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace Atoll.Testing;

/// <summary>Knows which threads have waited for a lock.</summary>
/// <remarks>
/// The count of the runtime is one for all threads. When it has grown during a call, the event of the runtime tells whose
/// wait it was; it arrives a little later.
/// </remarks>
internal sealed class ContentionWatch : EventListener
{
    private const EventKeywords Contention = (EventKeywords)0x4000;

    // For an event that was lost.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    // The clock of the events and the one of DateTime are read at different places.
    private const long SkewTicksMax = TimeSpan.TicksPerMillisecond;

    // The last wait of each thread of the operating system, in ticks of universal time.
    private static readonly ConcurrentDictionary<long, long> s_waits = new();
    private static readonly long s_countBefore = Monitor.LockContentionCount;
    private static readonly ContentionWatch s_watch = new();
    private static long s_events;

    [ThreadStatic]
    private static long t_thread;

    /// <summary>The count and the time before a call.</summary>
    public static ContentionMark Begin()
    {
        GC.KeepAlive(s_watch);
        return new ContentionMark(Monitor.LockContentionCount, DateTime.UtcNow.Ticks);
    }

    /// <summary>Whether this thread has waited since.</summary>
    public static bool HasWaited(ContentionMark before)
    {
        if (Monitor.LockContentionCount == before.Count)
        {
            return false;
        }

        // Each wait that was counted has an event: when all have come, this thread's is among them or it is not.
        long expected = Monitor.LockContentionCount - s_countBefore;
        var clock = Stopwatch.StartNew();
        while (!WaitedSince(before.Ticks) && Interlocked.Read(ref s_events) < expected && clock.Elapsed < s_patience)
        {
            Thread.Sleep(1);
        }

        return WaitedSince(before.Ticks);
    }

    private static bool WaitedSince(long ticks) => s_waits.TryGetValue(ThisThread(), out long waited) && waited >= ticks - SkewTicksMax;

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Informational, Contention);
        }
        else if (eventSource.Name == WhoAmI.SourceName)
        {
            EnableEvents(eventSource, EventLevel.Informational);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name == WhoAmI.SourceName)
        {
            t_thread = eventData.OSThreadId;
        }
        else if (eventData.EventName?.StartsWith("ContentionStart", StringComparison.Ordinal) == true)
        {
            s_waits[eventData.OSThreadId] = eventData.TimeStamp.ToUniversalTime().Ticks;
            Interlocked.Increment(ref s_events);
        }
    }

    // An event of one's own is delivered on one's own thread, with the number that the others carry.
    private static long ThisThread()
    {
        if (t_thread == 0)
        {
            WhoAmI.Source.Ask();
        }

        return t_thread;
    }

    [EventSource(Name = SourceName)]
    private sealed class WhoAmI : EventSource
    {
        public const string SourceName = "Atoll-Analyzers-Testing-WhoAmI";

        public static readonly WhoAmI Source = new();

        [Event(1)]
        public void Ask() => WriteEvent(1);
    }
}

/// <summary>How many waits of all threads there had been, and when.</summary>
internal readonly record struct ContentionMark(long Count, long Ticks);
