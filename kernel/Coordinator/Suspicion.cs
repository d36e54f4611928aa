using Atoll.Base;
using Atoll.Instance;

namespace Atoll.Coordinator;

/// <summary>What to do next about an instance whose heartbeat is watched.</summary>
[MustUse]
public enum SuspicionAction : byte
{
    /// <summary>Nothing: it goes on, or may still be at rest.</summary>
    None,

    /// <summary>Ring its doorbell: whoever lives takes a turn then.</summary>
    Ring,

    /// <summary>It was rung and had its time: stop its core.</summary>
    Fence,
}

/// <summary>What an instance's wake word says of how soon it takes a turn. Untrusted: a liar is fenced late, or rung for nothing.</summary>
public enum Rest : uint
{
    /// <summary>It is awake, and takes turns all the time.</summary>
    None,

    /// <summary>Its core runs programs, and is interrupted for little.</summary>
    Programs,

    /// <summary>Its core sleeps, and would be woken for this alone.</summary>
    Sleep,
}

/// <summary>Whether an instance hangs, judged by its heartbeat from outside: silent, rung, silent still.</summary>
/// <remarks>
/// Decides only; the caller acts, so that a test can drive it through any order of events. Nobody is fenced who was not rung before: a
/// sleeper takes a turn when it is rung, and so does a core that runs a program, so one turn in time is all that is asked for
/// (decision 0182). Silence is counted from look to look, each for no more than <see cref="Limits.SilencePerLookMicroseconds"/>: while the judge itself
/// stood still, nobody was given the time.
/// </remarks>
public struct Suspicion
{
    private ulong _heartbeat;
    private ulong _looked;
    private ulong _silent;

    /// <summary>Whether it was rung and has not taken a turn since.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>Begins with a life of which nothing is known yet.</summary>
    /// <param name="now">Time-stamp counter.</param>
    public void Begin(ulong now)
    {
        this = default;
        _looked = now;
    }

    /// <summary>Judges one look.</summary>
    /// <param name="clock">Speed of the time-stamp counter.</param>
    /// <param name="now">Time-stamp counter.</param>
    /// <param name="heartbeat">Turns of its event loop, as it says. Untrusted.</param>
    /// <param name="rest">What its wake word says.</param>
    /// <param name="deadlineMilliseconds">Time it has for a turn once it was rung.</param>
    public SuspicionAction Judge(in Clock clock, ulong now, ulong heartbeat, Rest rest, uint deadlineMilliseconds)
    {
        ulong passed = now - _looked;
        _looked = now;
        if (heartbeat != _heartbeat)
        {
            _heartbeat = heartbeat;
            _silent = 0;
            IsSuspect = false;
            return SuspicionAction.None;
        }

        ulong most = clock.TscTicks(Limits.SilencePerLookMicroseconds);
        ulong deadline = clock.TscTicks(deadlineMilliseconds * 1000UL);
        _silent += IsSuspect && passed > most ? most : passed;
        if (IsSuspect)
        {
            return _silent < deadline ? SuspicionAction.None : SuspicionAction.Fence;
        }

        if (_silent < Patience(rest, deadline))
        {
            return SuspicionAction.None;
        }

        _silent = 0;
        IsSuspect = true;
        return SuspicionAction.Ring;
    }

    private static ulong Patience(Rest rest, ulong deadline) =>
        rest == Rest.None ? 0
        : rest == Rest.Programs ? deadline / 2
        : deadline * Limits.SleeperPatienceDeadlines;
}
