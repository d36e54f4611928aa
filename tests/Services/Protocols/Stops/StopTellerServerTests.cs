using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Protocols.Stops;

/// <summary>What Init of a core says of programs that stopped: each once, as soon as somebody hears it, and Init waits for nobody.</summary>
public sealed class StopTellerServerTests
{
    private const uint Slot = 20;
    private const ulong Second = 1_000_000;
    private const int RingSlots = 32;

    private readonly ServiceMachine _machine = new();
    private EventLog _log;
    private StopTeller _teller;

    public StopTellerServerTests()
    {
        _machine.Put(Slot, new Capability(CapabilityType.Channel, CapabilityRights.All, 1, 0));
        GrantRecord end = _machine.Channel.Grant(Slot, 1);
        _teller = new StopTeller(in end, Second);
    }

    [Fact]
    public void WhatStoppedIsSaid_WordByWord_AndTheOtherEndIsRung()
    {
        _machine.Channel.Open();
        Stop(7, FaultKind.Page, WatchOutcome.BudgetSpent, rip: 0x40_0435, address: 0xDEAD_0000);

        RingMessage said = Hear()!.Value;
        Assert.Equal((1u, 7ul | (1ul << 32) | (2ul << 40)), (said.Meta, said.Payload.Word0));
        Assert.Equal((0x40_0435ul, 0xDEAD_0000ul, 5ul), (said.Payload.Word1, said.Payload.Word2, said.Payload.Word3));
        Assert.Equal(1, _machine.Channel.Rings);
        Assert.Equal(ulong.MaxValue, _teller.NextDeadline);
    }

    [Fact]
    public void WhatStoppedBeforeSomebodyHears_IsSaidWhenTheChannelOpens()
    {
        Stop(1);
        Stop(2);
        Assert.Equal(ulong.MaxValue, _teller.NextDeadline);

        _machine.Channel.Open();
        Signal();

        Assert.Equal([1u, 2u], HearAll());
    }

    [Fact]
    public void NothingIsSaidTwice()
    {
        _machine.Channel.Open();
        Stop(1);
        Signal();
        _teller.Tell(in _log);
        Stop(2);

        Assert.Equal([1u, 2u], HearAll());
    }

    [Fact]
    public void ProgramThatEndedByItself_IsNoFault()
    {
        _machine.Channel.Open();
        Stop(1, outcome: WatchOutcome.Ended);
        Stop(2);

        Assert.Equal([2u], HearAll());
    }

    [Fact]
    public void WhatTheLogHasForgotten_IsNotSaid()
    {
        for (uint program = 0; program < 20; program++)
        {
            Stop(program);
        }

        _machine.Channel.Open();
        Signal();

        Assert.Equal([.. Enumerable.Range(4, 16).Select(program => (uint)program)], HearAll());
    }

    /// <summary>A full ring tells nobody when it has room again, so it is tried again by the clock.</summary>
    [Fact]
    public void FullRing_IsTriedAgainByTheClock()
    {
        _machine.Channel.Open();
        int said = 0;
        while (_teller.NextDeadline == ulong.MaxValue && said <= RingSlots)
        {
            Stop((uint)said++);
        }

        Assert.Equal(_machine.Now + (Second / 100), _teller.NextDeadline);
        List<uint> heard = HearAll();
        _machine.Now = _teller.NextDeadline;
        _teller.Tell(in _log);
        heard.AddRange(HearAll());

        Assert.Equal([.. Enumerable.Range(0, said).Select(program => (uint)program)], heard);
        Assert.Equal(ulong.MaxValue, _teller.NextDeadline);
    }

    [Fact]
    public void NextLifeOfWhoHears_HearsWhatComes()
    {
        _machine.Channel.Open();
        Stop(1);
        Assert.Equal([1u], HearAll());

        _machine.Channel.State = ChannelState.PeerDied;
        Signal();
        Assert.Equal(ChannelState.Asking, _machine.Channel.State);
        Stop(2);
        _machine.Channel.Open();
        Signal();

        Assert.Equal([2u], HearAll());
    }

    [Fact]
    public void NextLifeOfWhoHasHeardNothing_HearsWhatComes()
    {
        _machine.Channel.Open();
        Signal();

        _machine.Channel.State = ChannelState.PeerDied;
        Signal();
        Assert.Equal(ChannelState.Asking, _machine.Channel.State);
        _machine.Channel.Open();
        Stop(2);

        Assert.Equal([2u], HearAll());
    }

    [Fact]
    public void WithoutAnEnd_NobodyIsTold()
    {
        GrantRecord none = default;
        _teller = new StopTeller(in none, Second);
        Stop(1);
        Signal();

        Assert.Equal(ulong.MaxValue, _teller.NextDeadline);
    }

    [Theory]
    [InlineData(1u, 47ul | (10ul << 32) | (4ul << 40), true)]
    [InlineData(0u, 0ul, false)]
    [InlineData(2u, 0ul, false)]
    [InlineData(1u, 48ul, false)]
    [InlineData(1u, 0xFFFF_FFFFul, false)]
    [InlineData(1u, 11ul << 32, false)]
    [InlineData(1u, 5ul << 40, false)]
    [InlineData(1u, 1ul << 48, false)]
    public void MessageThatCannotBe_IsNotRead(uint meta, ulong word, bool isRead)
    {
        RingMessage message = default;
        message.Meta = meta;
        message.Payload.Word0 = word;

        Assert.Equal(isRead, StopMessage.TryRead(in message, out _));
    }

    [Fact]
    public void WhatIsSaid_IsWhatIsRead()
    {
        WatchEvent told = new() { Program = 3, Fault = FaultKind.Hang, Outcome = WatchOutcome.Failed, Rip = 1, Address = 2, At = 4 };
        RingMessage message = StopMessage.Of(in told);

        Assert.True(StopMessage.TryRead(in message, out WatchEvent read));
        Assert.Equal(told, read);
    }

    private void Stop(
        uint program, FaultKind fault = FaultKind.Divide, WatchOutcome outcome = WatchOutcome.NotRestarted, ulong rip = 0, ulong address = 0)
    {
        _log.Add(new WatchEvent { At = 5, Program = program, Fault = fault, Outcome = outcome, Rip = rip, Address = address });
        _teller.Tell(in _log);
    }

    private void Signal()
    {
        _teller.Heard();
        _teller.Tell(in _log);
    }

    private List<uint> HearAll()
    {
        List<uint> programs = [];
        while (Hear() is { } message)
        {
            programs.Add((uint)message.Payload.Word0);
        }

        return programs;
    }

    private RingMessage? Hear() => _machine.Channel.TryHear(out RingMessage message) ? message : null;
}
