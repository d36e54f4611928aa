using Atoll.Arch;
using Atoll.Instance;

namespace Atoll.Kernel.Tests.Instance;

/// <summary>The clock, measured against a simulated 8254.</summary>
public sealed class ClockTests
{
    // One tick of the 8254 either way in the shortest measurement, 1 ms: 0.084 %, at both ends.
    private const double Tolerance = 0.002;

    [Theory]
    [InlineData(1_000_000_000UL, 1_000_000_000UL)]
    [InlineData(2_600_000_000UL, 1_000_000_000UL)]
    [InlineData(2_600_000_000UL, 24_000_000UL)]
    [InlineData(3_700_000_000UL, 38_400_000UL)]
    [InlineData(5_200_000_000UL, 100_000_000UL)]
    public void Frequencies_AreMeasured(ulong tscHz, ulong apicHz)
    {
        foreach (bool x2Apic in (bool[])[false, true])
        {
            TimedCore core = new() { TscHz = tscHz, ApicHz = apicHz };
            Clock clock = Measure(core, x2Apic);

            Assert.InRange((double)clock.TscHz / tscHz, 1 - Tolerance, 1 + Tolerance);
            Assert.InRange((double)clock.ApicHz / apicHz, 1 - Tolerance, 1 + Tolerance);
            Assert.Equal(1, core.Halts);
        }
    }

    /// <summary>
    /// An interrupt that nobody asked for ends a halt early: the measurement goes on until the alarm.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StrayInterrupts_DoNotFalsifyTheMeasurement(bool x2Apic)
    {
        TimedCore core = new() { TscHz = 3_000_000_000, ApicHz = 100_000_000 };
        core.Strays.Enqueue(0.000_000_1m);
        core.Strays.Enqueue(0.004m);

        Clock clock = Measure(core, x2Apic);

        Assert.InRange(clock.ApicHz / 100e6, 1 - Tolerance, 1 + Tolerance);
        Assert.InRange(clock.TscHz / 3e9, 1 - Tolerance, 1 + Tolerance);
        Assert.Equal(3, core.Halts);
    }

    [Fact]
    public void DeadIntervalTimer_IsNoReference()
    {
        TimedCore core = new() { IntervalTimer = { IsDead = true } };
        using IDisposable scope = core.Use();
        InstanceState state = default;
        state.Apic = LocalApic.Enable();

        Assert.Equal(CalibrationResult.NoReference, ClockCalibration.Run(ref state, out _));
    }

    /// <summary>The host of a virtual machine had no time for the 8254, once or thrice: the next look counts. Four times, and there is no clock.</summary>
    [Theory]
    [InlineData(1, CalibrationResult.Measured)]
    [InlineData(3, CalibrationResult.Measured)]
    [InlineData(4, CalibrationResult.NoReference)]
    public void LooksThatFail_AreRepeated_FourAtMost(int failures, CalibrationResult expected)
    {
        TimedCore core = new() { Standstill = failures };
        using IDisposable scope = core.Use();
        InstanceState state = default;
        state.Apic = LocalApic.Enable();

        Assert.Equal(expected, ClockCalibration.Run(ref state, out Clock clock));
        Assert.Equal(int.Min(failures + 1, 4), core.Halts);
        Assert.Equal(expected == CalibrationResult.Measured, clock.TscHz is > 990_000_000 and < 1_010_000_000);
    }

    [Fact]
    public void StandingTimeStampCounter_IsNoReference()
    {
        TimedCore core = new() { TscHz = 0 };
        using IDisposable scope = core.Use();
        InstanceState state = default;
        state.Apic = LocalApic.Enable();

        Assert.Equal(CalibrationResult.NoReference, ClockCalibration.Run(ref state, out _));
    }

    /// <summary>So many ticks that their product with the 8254's frequency passes 64 bits, and what is left of it would be a good figure.</summary>
    [Fact]
    public void CounterThatNoMachineHas_IsNoReference()
    {
        // (2^64 / 1 193 182 + 10^6) ticks in a millisecond.
        TimedCore core = new() { TscHz = 15_460_127_010_708_000 };
        using IDisposable scope = core.Use();
        InstanceState state = default;
        state.Apic = LocalApic.Enable();

        Assert.Equal(CalibrationResult.NoReference, ClockCalibration.Run(ref state, out _));
    }

    /// <summary>However many interrupts come: the timer is armed once, and not at all afterwards.</summary>
    [Fact]
    public void SleepOfAllTicks_LeavesNoTimer()
    {
        TimedCore core = new() { ApicHz = 50_000_000 };
        core.Strays.Enqueue(0.000_1m);
        using IDisposable scope = core.Use();
        InstanceState state = default;
        state.Apic = LocalApic.Enable();
        core.LocalApic.Writes.Clear();

        TimedHalt.SleepAllTicks(ref state, 25_000);

        Assert.Equal((2, ulong.MaxValue), (core.Halts, state.TimerAt));
        Assert.Equal([25_000ul, 0ul], core.LocalApic.Writes.Where(write => write.Offset == 0x380).Select(write => write.Value));
    }

    [Fact]
    public void SleepingTime_IsCounted()
    {
        TimedCore core = new() { TscHz = 2_000_000_000, ApicHz = 50_000_000 };
        using IDisposable scope = core.Use();
        InstanceState state = default;
        state.Apic = LocalApic.Enable();
        state.Clock = new Clock { TscHz = core.TscHz, ApicHz = core.ApicHz };

        core.LocalApic.Writes.Clear();
        TimedHalt.Sleep(ref state, microseconds: 500);

        // Armed for 500 us of 50 MHz, then disarmed: an idle instance has no ticks.
        Assert.Equal((1_000_000UL, ulong.MaxValue), (state.SleptTsc, state.TimerAt));
        Assert.Equal([25_000ul, 0ul], core.LocalApic.Writes.Where(write => write.Offset == 0x380).Select(write => write.Value));

        // The second sleep begins where the first has ended: only what passes in it counts.
        TimedHalt.Sleep(ref state, microseconds: 500);
        Assert.Equal(2_000_000UL, state.SleptTsc);
    }

    [Theory]
    [InlineData(1_000_000_000UL, 1000UL, 1_000_000u)]
    [InlineData(24_000_000UL, 1UL, 24u)]
    [InlineData(100UL, 1UL, 1u)]
    [InlineData(1_000_000_000UL, 10_000_000UL, uint.MaxValue)]
    public void ApicTicks_AreAtLeastOne_AndFitTheRegister(ulong apicHz, ulong microseconds, uint expected) =>
        Assert.Equal(expected, new Clock { ApicHz = apicHz }.ApicTicks(microseconds));

    private static Clock Measure(TimedCore core, bool x2Apic)
    {
        if (x2Apic)
        {
            core.OfferX2Apic();
        }

        using IDisposable scope = core.Use();
        InstanceState state = default;
        state.Apic = LocalApic.Enable();
        Assert.Equal(CalibrationResult.Measured, ClockCalibration.Run(ref state, out Clock clock));
        return clock;
    }
}
