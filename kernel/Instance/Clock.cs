using Atoll.Arch;
using Atoll.Mm;

namespace Atoll.Instance;

/// <summary>How fast this machine's counters run. Measured once by the coordinator, copied to every instance.</summary>
public struct Clock
{
    /// <summary>Time-stamp counter ticks per second.</summary>
    public ulong TscHz;

    /// <summary>Local APIC timer ticks per second, divided by one.</summary>
    public ulong ApicHz;

    private const ulong MicrosecondsPerSecond = 1_000_000;

    /// <summary>Time-stamp counter ticks in so many microseconds.</summary>
    public readonly ulong TscTicks(ulong microseconds) => TscHz / MicrosecondsPerSecond * microseconds;

    /// <summary>APIC timer ticks in so many microseconds, at least 1, at most what the register holds.</summary>
    public readonly uint ApicTicks(ulong microseconds)
    {
        ulong ticks = ApicHz * microseconds / MicrosecondsPerSecond;
        return ticks == 0 ? 1 : ticks > uint.MaxValue ? uint.MaxValue : (uint)ticks;
    }
}

/// <summary>Every outcome of measuring.</summary>
[MustUse]
public enum CalibrationResult : byte
{
    /// <summary>Both counters are measured.</summary>
    Measured,

    /// <summary>A counter did not move, or ran faster than can be: the machine has no working interval timer.</summary>
    NoReference,
}

/// <summary>Measures the clock against the 8254, asleep: it costs time but no instructions.</summary>
[Blocks]
public static class ClockCalibration
{
    // 1 ms at 1 GHz, the fastest APIC timer known; 42 ms at 24 MHz, the slowest. The 8254 wraps after 54.9 ms.
    private const uint AlarmTicks = 1_000_000;

    // No counter runs so fast: a higher figure means that the 8254 wrapped, because the host of a virtual machine had no time for it.
    private const ulong TscHzMax = 10_000_000_000;
    private const int AttemptsMax = 4;

    /// <summary>Measures until the figures are plausible, a few times at most.</summary>
    /// <param name="state">Whose timer is used.</param>
    /// <param name="clock">The result.</param>
    public static CalibrationResult Run(ref InstanceState state, out Clock clock)
    {
        IntervalTimer.Start();
        CalibrationResult result = Measure(ref state, out clock);
        for (int attempt = 1; attempt < AttemptsMax && result != CalibrationResult.Measured; attempt++)
        {
            result = Measure(ref state, out clock);
        }

        return result;
    }

    // Sleeps once and reads all three counters before and after.
    private static CalibrationResult Measure(ref InstanceState state, out Clock clock)
    {
        uint referenceBefore = IntervalTimer.Count();
        ulong before = Cpu.ReadTsc();
        TimedHalt.SleepAllTicks(ref state, AlarmTicks);
        ulong tscTicks = Cpu.ReadTsc() - before;
        uint referenceTicks = (referenceBefore - IntervalTimer.Count()) & (IntervalTimer.PeriodTicks - 1);

        clock = default;
        if (referenceTicks == 0)
        {
            return CalibrationResult.NoReference;
        }

        clock.ApicHz = (ulong)AlarmTicks * IntervalTimer.FrequencyHz / referenceTicks;
        clock.TscHz = tscTicks > TscHzMax ? 0 : tscTicks * IntervalTimer.FrequencyHz / referenceTicks;
        return clock.TscHz is 0 or > TscHzMax ? CalibrationResult.NoReference : CalibrationResult.Measured;
    }
}
