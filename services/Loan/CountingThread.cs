using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>A thread of another core that counts on a page without ever waiting, and that this program may stop.</summary>
/// <param name="thread">The thread.</param>
/// <param name="memory">The page.</param>
/// <param name="place">Where on the page it counts.</param>
/// <param name="tscHz">TSC ticks a second.</param>
internal readonly struct CountingThread(ThreadControl thread, RegisterPage memory, uint place, ulong tscHz)
{
    private const ulong RestsPerSecond = 5000;
    private const ulong PatienceSeconds = 5;

    /// <summary>Stops it. It counts before, and does not any more after.</summary>
    internal bool Stops()
    {
        if (!Counts() || thread.Suspend() != SystemResult.Ok)
        {
            return false;
        }

        uint count = memory.Read32(place);
        Pause();
        return memory.Read32(place) == count;
    }

    /// <summary>Lets it go on. It counts again, and cannot be let go on twice.</summary>
    internal bool GoesOn() =>
        thread.Describe(out ThreadReport report) == SystemResult.Ok && report.Fault == FaultKind.None
        && thread.Resume() == SystemResult.Ok && Counts() && thread.Resume() == SystemResult.WrongState;

    /// <summary>Whether it has been taken back: nothing can be asked of it.</summary>
    internal bool IsGone() => thread.Suspend() is SystemResult.PeerDied or SystemResult.SlotEmpty;

    private bool Counts()
    {
        uint count = memory.Read32(place);
        ulong end = Ipc.Now() + (PatienceSeconds * tscHz);
        while (memory.Read32(place) == count)
        {
            if (Ipc.Now() > end)
            {
                return false;
            }
        }

        return true;
    }

    private void Pause()
    {
        ulong end = Ipc.Now() + (tscHz / RestsPerSecond);
        while (Ipc.Now() < end)
        {
            // Nothing that the other core could take for a reason to run.
        }
    }
}
