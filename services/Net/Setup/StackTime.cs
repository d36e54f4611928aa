using Atoll.Services.Lib;

namespace Atoll.Services.Net;

/// <summary>The program's two clocks: ticks of the time-stamp counter, in which the kernel waits, and microseconds, in which the stack reckons.</summary>
public readonly struct StackTime
{
    private const ulong MicrosecondsPerSecond = 1_000_000;

    private readonly ulong _ticks;

    private StackTime(ulong ticks) => _ticks = ticks;

    /// <summary>Both, of a counter with so many ticks a second.</summary>
    public static StackTime Of(ulong tscHz)
    {
        ulong ticks = tscHz / MicrosecondsPerSecond;
        return new StackTime(ticks == 0 ? 1 : ticks);
    }

    /// <summary>Microseconds.</summary>
    public ulong Now => Microseconds(Ipc.Now());

    /// <summary>Microseconds when the counter says so many ticks.</summary>
    public ulong Microseconds(ulong ticks)
    {
        ulong each = _ticks;
        return each == 0 ? 0 : ticks / each;
    }

    /// <summary>Ticks of a second.</summary>
    public ulong Second => _ticks * MicrosecondsPerSecond;

    /// <summary>When the counter says so many microseconds. A time that it does not reach is as good as never.</summary>
    public ulong Ticks(ulong microseconds)
    {
        ulong ticks = _ticks;
        return ticks == 0 || microseconds > (Deadline.Never - 1) / ticks ? Deadline.Never : microseconds * ticks;
    }
}
