using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Clock;

/// <summary>Tells time, wakes who sleeps, and signals who wants to be signalled. It waits until the next of these is due, and for nothing else.</summary>
public struct ClockServer : IClockServer
{
    private const ulong MicrosecondsPerSecond = 1_000_000;
    private const ulong PeriodMin = 100;
    private const ulong PeriodMax = 86_400 * MicrosecondsPerSecond;

    private readonly RealTimeClock _date;
    private readonly ulong _ticks;
    private Alarms _alarms;
    private Tickers _tickers;

    /// <summary>Begins.</summary>
    /// <param name="tscHz">Ticks of the time-stamp counter a second.</param>
    /// <param name="date">Knows the date.</param>
    public ClockServer(ulong tscHz, RealTimeClock date)
    {
        ulong ticks = tscHz / MicrosecondsPerSecond;
        _ticks = ticks == 0 ? 1 : ticks;
        _date = date;
    }

    /// <inheritdoc/>
    public readonly ulong NextDeadline
    {
        get
        {
            ulong alarm = _alarms.Earliest;
            ulong tick = _tickers.Earliest;
            return alarm < tick ? alarm : tick;
        }
    }

    /// <summary>Where the notifications of clients are kept.</summary>
    public void Begin(CNodeTable node, uint firstSlot, uint count) => _tickers.Begin(node, firstSlot, count);

    /// <inheritdoc/>
    public readonly ulong Now(in Caller caller)
    {
        ulong ticks = _ticks;
        return ticks == 0 ? 0 : Ipc.Now() / ticks;
    }

    /// <inheritdoc/>
    public readonly ulong Date(in Caller caller) => _date.Read();

    /// <inheritdoc/>
    public void Sleep(in Caller caller, uint reply, ulong microseconds) => Wake(reply, After(Ipc.Now(), microseconds));

    /// <inheritdoc/>
    public void SleepUntil(in Caller caller, uint reply, ulong microseconds) => Wake(reply, After(0, microseconds));

    /// <inheritdoc/>
    public ClockAnswer Tick(in Caller caller, SignalWord signal, ulong microseconds)
    {
        if (microseconds is < PeriodMin or > PeriodMax)
        {
            return ClockAnswer.PeriodInvalid;
        }

        return _tickers.Start(caller.Badge, signal, microseconds * _ticks, Ipc.Now());
    }

    /// <inheritdoc/>
    public ClockAnswer EndTicks(in Caller caller) => _tickers.TryStop(caller.Badge) ? ClockAnswer.Done : ClockAnswer.Unknown;

    /// <inheritdoc/>
    public readonly void Signalled(ulong bits)
    {
    }

    /// <inheritdoc/>
    public void Elapsed()
    {
        ulong now = Ipc.Now();
        while (_alarms.TryTake(now, out uint reply))
        {
            // Both ways to sleep are answered by nothing; who has given up meanwhile does not hear it.
            _ = ClockReply.Sleep(reply);
        }

        _tickers.Signal(now);
    }

    // A time that the counter does not reach is as good as never.
    private readonly ulong After(ulong from, ulong microseconds)
    {
        ulong ticks = _ticks;
        return ticks == 0 || microseconds > (Deadline.Never - 1 - from) / ticks ? Deadline.Never - 1 : from + (microseconds * ticks);
    }

    private void Wake(uint reply, ulong at)
    {
        if (at <= Ipc.Now() || !_alarms.TryAdd(at, reply))
        {
            _ = ClockReply.Sleep(reply);
        }
    }
}
