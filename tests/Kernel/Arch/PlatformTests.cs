using Atoll.Arch;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Arch;

/// <summary>The PC's interval timer, interrupt controllers and exit device.</summary>
public sealed class PlatformTests
{
    private readonly SimulatedCore _core = new();

    [Fact]
    public void IntervalTimer_CountsDownInModeTwo_SpeakerSilent()
    {
        using IDisposable scope = _core.Use();

        IntervalTimer.Start();

        Assert.Equal(2, _core.IntervalTimer.Mode);
        // Port 0x61: bit 0 is the gate of channel 2, bit 1 the speaker; the others are not ours.
        Assert.Equal(0xFD, _core.IntervalTimer.PortB);
        Assert.Equal(0u, IntervalTimer.Count());
        _core.IntervalTimer.Ticks += 1;
        Assert.Equal(0xFFFFu, IntervalTimer.Count());
        _core.IntervalTimer.Ticks += 0xFF;
        Assert.Equal(0xFF00u, IntervalTimer.Count());
    }

    [Fact]
    public void IntervalTimer_StartsAgainAfterAPeriod()
    {
        using IDisposable scope = _core.Use();
        IntervalTimer.Start();

        _core.IntervalTimer.Ticks += IntervalTimer.PeriodTicks - 1;
        Assert.Equal(1u, IntervalTimer.Count());
        _core.IntervalTimer.Ticks += 2;
        Assert.Equal(0xFFFFu, IntervalTimer.Count());
        Assert.Equal(65_536u, IntervalTimer.PeriodTicks);
    }

    /// <summary>Without the latch, a count that passes 0x100 between the two reads comes out torn.</summary>
    [Fact]
    public void IntervalTimer_ReadsBothHalvesOfOneInstant()
    {
        var core = new CoreWithPassingTime();
        using IDisposable scope = core.Use();
        IntervalTimer.Start();
        core.IntervalTimer.Ticks += 0x1_0000 - 0x8102;

        // Two ticks pass before each read: unlatched, the low half is read at 0x8100 and the high half at 0x80FE.
        Assert.InRange(IntervalTimer.Count(), 0x80F0u, 0x8102u);
    }

    /// <summary>14.31818 MHz / 12, rounded (IBM PC/AT Technical Reference).</summary>
    [Fact]
    public void IntervalTimer_Frequency() => Assert.Equal(1_193_182u, IntervalTimer.FrequencyHz);

    /// <summary>OCW1 of both 8259A controllers: all lines masked.</summary>
    [Fact]
    public void LegacyInterruptControllers_AreMasked()
    {
        using IDisposable scope = _core.Use();

        LegacyInterruptController.MaskAll();

        Assert.Equal([((ushort)0x21, (byte)0xFF), ((ushort)0xA1, (byte)0xFF)], _core.PortWrites);
    }

    [Fact]
    public void DebugExit_WritesItsPort()
    {
        using IDisposable scope = _core.Use();

        DebugExit.Write(0x10);

        Assert.Equal([((ushort)0xF4, (byte)0x10)], _core.PortWrites);
    }

    private sealed class CoreWithPassingTime : SimulatedCore
    {
        public override byte ReadPort(ushort port)
        {
            IntervalTimer.Ticks += 2;
            return base.ReadPort(port);
        }
    }
}
