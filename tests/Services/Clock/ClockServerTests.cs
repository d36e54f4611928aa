using Atoll.Abi;
using Atoll.Services.Clock;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Clock;

/// <summary>Nobody wakes early, nobody is forgotten, and the clock waits for the next who is due and for nothing else.</summary>
public sealed class ClockServerTests
{
    private const ulong Hz = 1_000_000_000;
    private const ulong PerMicrosecond = 1000;
    private const uint FirstSlot = ServiceMachine.Node + 4;
    private readonly ServiceMachine _machine = new();
    private readonly List<uint> _answered = [];
    private ClockServer _clock;

    public ClockServerTests()
    {
        _clock = new ClockServer(Hz, default);
        _ = Inbox.Open(ServiceMachine.Slots(20));
        _clock.Begin(new CNodeTable(ServiceMachine.Node), FirstSlot, 4);
        ThreadBuffer.Replies = ReplySet.Of(40, 16);
    }

    [Fact]
    public void Now_IsMicroseconds()
    {
        _machine.Now = 5_000_999;
        Assert.Equal(5000UL, _clock.Now(new Caller(1)));
        Assert.Equal(0UL, _clock.Date(new Caller(1)));
    }

    [Fact]
    public void Sleepers_WakeInTheirOrder_NoneBeforeItsTime()
    {
        _machine.Now = 1_000_000;
        Sleep(40, 500);
        Sleep(41, 100);
        SleepUntil(42, 1300);
        Assert.Equal(1_000_000 + (100 * PerMicrosecond), _clock.NextDeadline);
        Advance(to: 1_099_999);
        Assert.Empty(_answered);
        Advance(to: 1_100_000);
        Assert.Equal([41U], _answered);
        Assert.Equal(1_300_000UL, _clock.NextDeadline);
        Advance(to: 2_000_000);
        Assert.Equal([41U, 42U, 40U], [_answered[0], .. _answered.Skip(1).OrderDescending()]);
        Assert.Equal(Deadline.Never, _clock.NextDeadline);
    }

    [Fact]
    public void TimeThatHasPassed_IsAnsweredAtOnce()
    {
        _machine.Now = 1_000_000;
        Sleep(40, 0);
        SleepUntil(41, 999);
        SleepUntil(42, 1000);
        Assert.Equal([40U, 41U, 42U], _answered);
        Assert.Equal(Deadline.Never, _clock.NextDeadline);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue / 1000)]
    [InlineData(1UL << 63)]
    public void TimeThatNeverComes_DoesNotOverflow(ulong microseconds)
    {
        Sleep(40, microseconds);
        SleepUntil(41, microseconds);
        Assert.Empty(_answered);
        Assert.InRange(_clock.NextDeadline, ulong.MaxValue / 2, ulong.MaxValue - 1);
        _clock.Elapsed();
        Assert.Empty(_answered);
    }

    [Fact]
    public void Ticks_ComeEachPeriod_AndMissedOnesAreOne()
    {
        _machine.Now = 0;
        Capability signal = Tick(client: 7, microseconds: 100, ClockAnswer.Done);
        Assert.Equal(100_000UL, _clock.NextDeadline);
        Advance(to: 99_999);
        Assert.Empty(signal.Signals);
        Advance(to: 100_000);
        Advance(to: 200_000);
        Assert.Equal(2, signal.Signals.Count);
        Advance(to: 555_000);
        Assert.Equal(3, signal.Signals.Count);
        Assert.Equal(600_000UL, _clock.NextDeadline);
        Assert.Equal(ClockAnswer.Done, _clock.EndTicks(new Caller(7)));
        Assert.Equal(ClockAnswer.Unknown, _clock.EndTicks(new Caller(7)));
        Assert.Equal(Deadline.Never, _clock.NextDeadline);
        Assert.Null(_machine.At(FirstSlot));
    }

    [Fact]
    public void DeadClient_IsForgotten()
    {
        _machine.Now = 0;
        Tick(client: 7, microseconds: 100, ClockAnswer.Done).Delete();
        Capability other = Tick(client: 8, microseconds: 100, ClockAnswer.Done);
        Advance(to: 100_000);
        Assert.Single(other.Signals);
        Assert.Equal(ClockAnswer.Unknown, _clock.EndTicks(new Caller(7)));
        Assert.Equal(ClockAnswer.Done, _clock.EndTicks(new Caller(8)));
    }

    [Fact]
    public void SecondTick_ReplacesTheFirst_AndRoomIsBounded()
    {
        Capability first = Tick(client: 1, microseconds: 100, ClockAnswer.Done);
        _ = Tick(client: 1, microseconds: 200, ClockAnswer.Done);
        Assert.True(first.IsGone);
        Assert.All(Enumerable.Range(2, 3), client => Tick((ulong)client, 100, ClockAnswer.Done));
        _ = Tick(client: 9, microseconds: 100, ClockAnswer.Full);
        Assert.Equal(ClockAnswer.Done, _clock.EndTicks(new Caller(3)));
        _ = Tick(client: 9, microseconds: 100, ClockAnswer.Done);
    }

    [Theory]
    [InlineData(99UL, CapabilityRights.All, ClockAnswer.PeriodInvalid)]
    [InlineData(0UL, CapabilityRights.All, ClockAnswer.PeriodInvalid)]
    [InlineData(86_400_000_001UL, CapabilityRights.All, ClockAnswer.PeriodInvalid)]
    [InlineData(ulong.MaxValue, CapabilityRights.All, ClockAnswer.PeriodInvalid)]
    [InlineData(86_400_000_000UL, CapabilityRights.All, ClockAnswer.Done)]
    [InlineData(100UL, CapabilityRights.Read, ClockAnswer.SignalUnusable)]
    public void TickThatCannotBe_IsRefused(ulong microseconds, CapabilityRights rights, ClockAnswer expected)
    {
        Tick(client: 7, microseconds, expected, rights);
        Assert.Equal(expected == ClockAnswer.Done, _clock.NextDeadline != Deadline.Never);
    }

    // Seconds by date(1): 2026-11-30 03:04:05, 2000-02-29 12:00:00 (noon), 2024-03-01 00:00:00 (midnight), 2099-12-31 23:59:59.
    [Theory]
    [InlineData("26-11-30", 0x03, 0x04, 0x05, 0x02, 1_796_007_845UL)]
    [InlineData("00-02-29", 0x92, 0x00, 0x00, 0x00, 951_825_600UL)]
    [InlineData("24-03-01", 0x12, 0x00, 0x00, 0x00, 1_709_251_200UL)]
    [InlineData("99-12-31", 23, 59, 59, 0x06, 4_102_444_799UL)]
    public void Date_IsReadFromTheChip(string date, byte hours, byte minutes, byte seconds, byte mode, ulong expected)
    {
        byte[] parts = [.. date.Split('-').Select(part => (mode & 4) != 0 ? byte.Parse(part) : Convert.ToByte(part, 16))];
        byte[] chip = new byte[128];
        (chip[0], chip[2], chip[4], chip[7], chip[8], chip[9], chip[11]) = (seconds, minutes, hours, parts[2], parts[1], parts[0], mode);
        byte index = 0;
        int updates = 3;
        _machine.OnWrite = (port, value) => index = port == 0x70 ? value : throw new InvalidOperationException("only the index is written");
        _machine.OnRead = port => index == 10 && updates-- > 0 ? (byte)0x80 : chip[port == 0x71 ? index : throw new InvalidOperationException("that is no data")];
        _machine.Put(30, new Capability(CapabilityType.IoPort, CapabilityRights.All, 0, 0));
        GrantRecord ports = new() { Kind = GrantKind.Ports, Slot = 30, Argument = 0x70 | (0x71 << 16) };
        Assert.Equal(expected, new RealTimeClock(in ports).Read());
        Assert.InRange(updates, int.MinValue, 0);
    }

    // Also when nobody is due: then nothing may happen.
    private void Advance(ulong to)
    {
        _machine.Now = to;
        _clock.Elapsed();
    }

    private void Sleep(uint reply, ulong microseconds)
    {
        Hold(reply);
        _clock.Sleep(new Caller(1), reply, microseconds);
    }

    private void SleepUntil(uint reply, ulong microseconds)
    {
        Hold(reply);
        _clock.SleepUntil(new Caller(1), reply, microseconds);
    }

    private void Hold(uint reply)
    {
        ThreadBuffer.Replies.Hold(reply);
        _machine.OnSend[reply] = () => _answered.Add(reply);
    }

    private Capability Tick(ulong client, ulong microseconds, ClockAnswer expected, CapabilityRights rights = CapabilityRights.All)
    {
        Capability signal = new(CapabilityType.Notification, rights, 1, 0);
        ThreadBuffer.Inbox.Take(1);
        ulong at = _machine.Put(ServiceMachine.Node + 1, signal);
        Assert.Equal(expected, _clock.Tick(new Caller(client), new SignalWord(at), microseconds));
        ThreadBuffer.Inbox.Drop();
        return signal;
    }
}
