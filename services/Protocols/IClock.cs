using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>Time.</summary>
[Protocol("clock", version: 1)]
public interface IClock
{
    /// <summary>Microseconds since the machine was started.</summary>
    ulong Now();

    /// <summary>Seconds since the beginning of 1970, UTC; 0: this clock knows no date.</summary>
    ulong Date();

    /// <summary>Returns when so much time has passed.</summary>
    [Deferred]
    void Sleep(ulong microseconds);

    /// <summary>Returns at a time, or at once when it has passed.</summary>
    /// <param name="microseconds">Since the machine was started.</param>
    [Deferred]
    void SleepUntil(ulong microseconds);

    /// <summary>From now on a notification is signalled each period. What the caller had before ends. It ends with the notification, too.</summary>
    /// <param name="signal">The notification, with the right to signal.</param>
    /// <param name="microseconds">The period.</param>
    ClockAnswer Tick(SignalWord signal, ulong microseconds);

    /// <summary>No ticks any more.</summary>
    ClockAnswer EndTicks();
}

/// <summary>What a clock answers.</summary>
public enum ClockAnswer
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Shorter than the shortest period, or longer than a day.</summary>
    PeriodInvalid,

    /// <summary>As many clients have ticks as there is room for.</summary>
    Full,

    /// <summary>The caller has no ticks.</summary>
    Unknown,

    /// <summary>The notification cannot be signalled.</summary>
    SignalUnusable,
}
