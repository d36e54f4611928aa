using Atoll.Instance;
using Atoll.Kernel.Tests.Instance;
using Atoll.Links;
using Atoll.Programs;

namespace Atoll.Kernel.Tests.Programs;

/// <summary>The timer while a program runs: one shot, only when something is due (Intel SDM Vol. 3A, "APIC Timer"; docs/programs.md,
/// "Time").</summary>
public sealed class ProgramTimerTests : IDisposable
{
    private const uint InitialCount = 0x380;
    private readonly SimulatedInstance _instance = new();

    public ProgramTimerTests() => _instance.Core.LocalApic.Writes.Clear();

    public void Dispose() => _instance.Dispose();

    [Theory]
    [InlineData(1_000, 1_000, 1)]
    [InlineData(0, 1_000, 1)]
    [InlineData(1_001, 1_000, 1)]
    [InlineData(2_000, 1_000, 2)]
    [InlineData(10_999, 1_000, 10)]
    public void Microseconds_AreRoundedUp_AndNeverNone(ulong until, ulong now, ulong expected) =>
        Assert.Equal(expected, ProgramTimer.Microseconds(in _instance.State, until, now));

    [Fact]
    public void DutyOfTheEventLoop_ArmsIt_Once()
    {
        ref InstanceState state = ref _instance.State;
        state.TimerAt = ProgramTimer.Never;
        state.TimerIsStale = true;
        state.DutyAt = 50_000;
        Arm();
        Arm();
        Assert.Equal([50UL + 1], Counts().Select(count => count / 1000));
        Assert.Equal(50_000UL, state.TimerAt);
    }

    [Fact]
    public void NothingDue_LeavesItAlone()
    {
        ref InstanceState state = ref _instance.State;
        state.TimerAt = ProgramTimer.Never;
        state.TimerIsStale = true;
        state.DutyAt = ProgramTimer.Never;
        Arm();
        Assert.Empty(Counts());
    }

    [Fact]
    public void WhatIsNoLongerDue_DisarmsIt()
    {
        ref InstanceState state = ref _instance.State;
        state.TimerAt = 50_000;
        state.TimerIsStale = true;
        state.DutyAt = ProgramTimer.Never;
        Arm();
        Assert.Equal([0UL], Counts());
    }

    [Theory]
    [InlineData(EventLoop.NoTimer)]
    [InlineData(700)]
    public void WithoutProgramsThatWait_TheEventLoopSleepsAsLongAsItLikes(ulong duty) =>
        _instance.RunOnCore(() => Assert.Equal(duty, ProgramLoop.NextMicroseconds(ref _instance.State, duty)));

    private void Arm() => _instance.RunOnCore(() => ProgramTimer.Arm(ref _instance.State));

    private IEnumerable<ulong> Counts() =>
        _instance.Core.LocalApic.Writes.Where(write => write.Offset == InitialCount).Select(write => write.Value);
}
