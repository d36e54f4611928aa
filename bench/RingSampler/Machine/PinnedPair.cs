using System.Runtime.Intrinsics.X86;

namespace Atoll.RingSampler.Machine;

/// <summary>Two threads, each pinned to a processor of its own, that start together.</summary>
/// <param name="firstProcessor">Where the first runs.</param>
/// <param name="secondProcessor">Where the second runs.</param>
/// <param name="isUrgent">Whether they run ahead of everything else on the machine. For measuring; two processors only.</param>
internal sealed class PinnedPair(int firstProcessor, int secondProcessor, bool isUrgent)
{
    private int _ready;

    /// <summary>Runs both to their ends.</summary>
    /// <returns>Whether neither lost its processor on the way: otherwise what they measured is the scheduler.</returns>
    internal bool Run(Action first, Action second)
    {
        _ready = 0;
        long switches = 0;
        Exception? failure = null;
        Thread[] threads = [Start(firstProcessor, first), Start(secondProcessor, second)];
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return failure is null ? switches == 0 : throw new InvalidOperationException("a pinned thread failed", failure);

        Thread Start(int processor, Action action)
        {
            var thread = new Thread(() =>
            {
                try
                {
                    Linux.Pin(processor);
                    AwaitPeer();

                    // Only when the peer is on its processor: this thread might keep it from getting there.
                    if (isUrgent)
                    {
                        Linux.TryRunFirst();
                    }

                    AwaitPeer();
                    long before = Linux.InvoluntarySwitches();
                    action();
                    Interlocked.Add(ref switches, Linux.InvoluntarySwitches() - before);
                }
                catch (Exception error)
                {
                    failure = error;
                }
            });
            thread.Start();
            return thread;
        }
    }

    private void AwaitPeer()
    {
        int target = (Interlocked.Increment(ref _ready) + 1) / 2 * 2;
        while (Volatile.Read(ref _ready) < target)
        {
            X86Base.Pause();
        }
    }
}
