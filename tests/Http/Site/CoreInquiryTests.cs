using Atoll.Abi;
using Atoll.Services.Http;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Http.Tests.Site;

/// <summary>What the server hears of another core: whole rounds of the agent there, over a channel, and never a wait for it.</summary>
public sealed class CoreInquiryTests : IDisposable
{
    private const uint Core = 2;
    private const ulong Began = 1_000_000;
    private const ulong Period = 500_000;
    private const ulong AgeMax = 5_000_000;
    private const ulong Long = 600_000;
    private const int RoundTurns = 200;

    private readonly AgentMachine _machine = new();
    private readonly ChannelInquiry _agent;
    private CoreInquiry _inquiry;

    public CoreInquiryTests()
    {
        _agent = _machine.Asker();
        _machine.Programs.AddRange(
        [
            new("http-2") { SystemCalls = 7 }, new("console") { State = ProgramState.Elsewhere }, new("net-2") { State = ProgramState.Faulted, Starts = 3 },
        ]);
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Core_IsToldWhole_WithTheProgramsThatItHas()
    {
        Round(Began);

        Assert.True(_inquiry.TryRead(Began, AgeMax, out InstanceFacts facts, out uint programs));
        Assert.Equal((Core, Began), (facts.Core, facts.Uptime));
        Assert.Equal((8ul, 3ul), (facts.MemoryBytes, facts.FreeBytes));
        Assert.Equal((11ul, 12ul, 13ul, 14ul, 15ul), (facts.SystemCalls, facts.Switches, facts.Interrupts, facts.WakeUps, facts.Slept));
        Assert.Equal(["http-2", "net-2"], Names());
        ProgramName name = default;
        Assert.True(_inquiry.TryRead(1, ref name, out ProgramFacts program));
        Assert.Equal((ProgramState.Faulted, 3u, 2u, 21ul, 22ul), (program.State, program.Starts, program.Priority, program.MemoryBytes, program.Ran));
        Assert.False(_inquiry.TryRead(programs, ref name, out _));
        Assert.Equal(2 + 3, _machine.Answered);
    }

    /// <summary>Until a round is whole, the one before is shown, with its own time.</summary>
    [Fact]
    public void Round_ReplacesTheOneBefore_WhenItIsWhole()
    {
        Round(Began);
        _machine.Programs[1].State = ProgramState.Running;
        ulong again = Began + Period;
        _inquiry.Want(again, Period, Core, 3, _agent);
        while (_inquiry.IsAsking)
        {
            Assert.True(_inquiry.TryRead(again, AgeMax, out InstanceFacts before, out _));
            Assert.Equal(Began, before.Uptime);
            Assert.Equal(["http-2", "net-2"], Names());
            _inquiry.GoOn(again, _agent);
            _machine.Serve();
        }

        Assert.True(_inquiry.TryRead(again, AgeMax, out InstanceFacts facts, out _));
        Assert.Equal(again, facts.Uptime);
        Assert.Equal(["http-2", "console", "net-2"], Names());
    }

    [Fact]
    public void WhatIsOld_IsNotTold()
    {
        Assert.False(_inquiry.TryRead(Began, AgeMax, out _, out _));
        Round(Began);
        Assert.True(_inquiry.TryRead(Began + AgeMax, AgeMax, out _, out _));
        Assert.False(_inquiry.TryRead(Began + AgeMax + 1, AgeMax, out _, out uint programs));
        Assert.Equal(0u, programs);
    }

    [Fact]
    public void Agent_IsNotAskedMoreOftenThanOnceInAPeriod()
    {
        Round(Began);
        _inquiry.Want(Began + Period - 1, Period, Core, 3, _agent);
        Assert.False(_inquiry.IsAsking);
        _inquiry.Want(Began + Period, Period, Core, 3, _agent);
        Assert.True(_inquiry.IsAsking);
    }

    /// <summary>An agent that is silent is left alone; what it says later belongs to no round.</summary>
    [Fact]
    public void SilentAgent_IsLeftAlone_AndHeardAgain()
    {
        _inquiry.Want(Began, Period, Core, 3, _agent);
        _inquiry.GoOn(Began, _agent);
        _inquiry.GoOn(Began + Long, _agent);
        Assert.False(_inquiry.IsAsking);
        Assert.False(_inquiry.TryRead(Began + Long, AgeMax, out _, out _));
        _machine.Serve();
        Round(Began + Long);
        Assert.Equal(["http-2", "net-2"], Names());
    }

    /// <summary>Nobody tells of its death: the next round finds it, and the channel is asked for anew.</summary>
    [Fact]
    public void DeadAgent_IsAskedForAnew()
    {
        Round(Began);
        _machine.State = ChannelState.Asking;
        _inquiry.Want(Began + Period, Period, Core, 3, _agent);
        Assert.False(_inquiry.IsAsking);
        Assert.Equal(1, _machine.Reopened);
    }

    [Fact]
    public void CoreWithoutAnAgent_IsNotAsked()
    {
        CoreInquiry none = default;
        GrantRecord missing = default;
        none.Want(Began, Period, Core, 3, ChannelInquiry.Of(in missing, HostRegion.Make(ChannelInquiry.SizeBytes), 0));
        Assert.False(none.IsAsking);
        Assert.False(none.TryRead(Began, AgeMax, out _, out _));
    }

    /// <summary>A system has 48 programs at most; who says more is not believed.</summary>
    [Fact]
    public void MoreProgramsThanASystemHas_AreNotAskedFor()
    {
        _machine.Programs.Clear();
        _machine.Programs.AddRange(Enumerable.Range(0, 100).Select(index => new PretendedProgram($"p{index}")));
        Round(Began, programs: 100);
        Assert.Equal(Enumerable.Range(0, 48).Select(index => $"p{index}"), Names());
    }

    private void Round(ulong now, uint programs = 3)
    {
        _inquiry.Want(now, Period, Core, programs, _agent);
        Assert.True(_inquiry.IsAsking);
        for (int turn = 0; turn < RoundTurns && _inquiry.IsAsking; turn++)
        {
            _inquiry.GoOn(now, _agent);
            _machine.Serve();
        }

        Assert.False(_inquiry.IsAsking);
    }

    private List<string> Names()
    {
        List<string> names = [];
        ProgramName name = default;
        while (_inquiry.TryRead((uint)names.Count, ref name, out _))
        {
            names.Add(System.Text.Encoding.UTF8.GetString(Text.OfName(in name)));
        }

        return names;
    }
}
