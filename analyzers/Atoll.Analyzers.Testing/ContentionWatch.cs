using System.Collections.Concurrent;
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
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly ConcurrentDictionary<long, int> s_waits = new();
    private static readonly ContentionWatch s_watch = new();

    [ThreadStatic]
    private static long t_thread;

    /// <summary>The count before a call.</summary>
    public static long Begin()
    {
        GC.KeepAlive(s_watch);
        return Monitor.LockContentionCount;
    }

    /// <summary>Whether this thread has waited since.</summary>
    public static bool HasWaited(long before)
    {
        if (Monitor.LockContentionCount == before)
        {
            return false;
        }

        long thread = ThisThread();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < s_patience)
        {
            if (s_waits.TryRemove(thread, out _))
            {
                return true;
            }

            Thread.Sleep(5);
        }

        return false;
    }

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
            s_waits[eventData.OSThreadId] = 1;
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
