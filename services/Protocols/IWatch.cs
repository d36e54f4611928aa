using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>What the supervisor has seen.</summary>
[Protocol("watch", version: 1)]
public interface IWatch
{
    /// <summary>Events since the beginning; the newest <see cref="Event"/> still knows.</summary>
    /// <param name="oldest">Number of the oldest that is still known.</param>
    ulong Events(out ulong oldest);

    /// <summary>Tells about an event.</summary>
    /// <param name="number">Which: from the oldest to one less than there are.</param>
    /// <param name="program">Name of the program.</param>
    /// <param name="length">Length of the name.</param>
    /// <param name="milliseconds">Since the machine was started.</param>
    /// <param name="fault">What stopped it: a FaultKind.</param>
    /// <param name="rip">Where.</param>
    /// <param name="address">Page fault: the address; its own end: the code; else what the fault says.</param>
    /// <param name="became">What became of it.</param>
    bool Event(
        ulong number,
        Span<byte> program,
        out uint length,
        out ulong milliseconds,
        out uint fault,
        out ulong rip,
        out ulong address,
        out WatchOutcome became);

    /// <summary>Tells that a program does nothing any more, on which the caller depends: it is taken away, and its policy says what becomes of it, as after a fault.</summary>
    /// <param name="program">Its position in the system.</param>
    /// <param name="became">What became of it.</param>
    /// <returns>False: the system does not let the caller say so of that program.</returns>
    bool Hangs(uint program, out WatchOutcome became);
}

/// <summary>What became of a program that stopped.</summary>
public enum WatchOutcome
{
    /// <summary>It was started again.</summary>
    Restarted,

    /// <summary>The system does not want it started again.</summary>
    NotRestarted,

    /// <summary>It was started again as often as the system allows.</summary>
    BudgetSpent,

    /// <summary>It ended by itself.</summary>
    Ended,

    /// <summary>It could not be started again.</summary>
    Failed,
}
