using System.Text;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;
using Atoll.Services.Supervisor;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Supervisor;

/// <summary>A program that no longer changes its number is missed after four seconds: not before, not again at once, and not when it does not run.</summary>
public sealed class ProgramWatchServerTests
{
    private const ulong Second = 1_000_000;
    private const uint System = 9;
    private const uint Badge = 6;
    private readonly ServiceMachine _machine = new();
    private readonly MemoryRegion _page = HostRegion.Make(4096);
    private ProgramState _state = ProgramState.Running;
    private ulong _asked;
    private ProgramWatch _watch;
    private ulong _now = 5 * Second;

    public ProgramWatchServerTests()
    {
        _machine.Put(System, new Capability(CapabilityType.Endpoint, CapabilityRights.All, 1, 0));
        _machine.OnCall = Describe;
        _watch = ProgramWatch.Of(Encoding.UTF8.GetBytes($"3=2 watched={Badge} watched=8"), _page, Second);
    }

    [Fact]
    public void ProgramThatGoesOn_IsNotMissed()
    {
        for (int second = 0; second < 20; second++)
        {
            BeatPage.SetBeat(_page, BeatPage.Beat(_page) + 1);
            Assert.False(Looks());
        }
    }

    [Fact]
    public void ProgramThatHangs_IsMissed_EveryFourLooks()
    {
        BeatPage.SetBeat(_page, 7);
        bool[] missed = [.. Enumerable.Range(0, 10).Select(_ => Looks())];
        Assert.Equal([false, false, false, false, true, false, false, false, true, false], missed);
        Assert.Equal(Badge - 1, _asked);
    }

    [Fact]
    public void Looks_AreASecondApart_HoweverOftenItIsAsked()
    {
        for (int look = 0; look < 100; look++)
        {
            Assert.False(_watch.Misses(_now, System, out _));
        }

        Assert.Equal(_now + Second, _watch.NextDeadline);
    }

    /// <summary>Who was stopped, has ended, or was given up is started by nobody's watch.</summary>
    [Theory]
    [InlineData(ProgramState.Elsewhere)]
    [InlineData(ProgramState.Ended)]
    [InlineData(ProgramState.Faulted)]
    [InlineData(ProgramState.Stopped)]
    [InlineData(ProgramState.Failed)]
    public void ProgramThatDoesNotRun_IsNotMissed(ProgramState state)
    {
        _state = state;
        Assert.All(Enumerable.Range(0, 20), _ => Assert.False(Looks()));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("6=5", true)]
    [InlineData("watched=0", true)]
    [InlineData("watched=", true)]
    [InlineData("watched=6", false)]
    public void WithoutAProgram_OrMemory_NobodyIsWatched(string arguments, bool hasMemory)
    {
        _watch = ProgramWatch.Of(Encoding.UTF8.GetBytes(arguments), hasMemory ? _page : default, Second);
        Assert.Equal(Deadline.Never, _watch.NextDeadline);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.False(Looks()));
    }

    private bool Looks()
    {
        _now += Second;
        return _watch.Misses(_now, System, out uint program) && program == Badge - 1;
    }

    // ISystem.Describe: what it answers, the name's length, the state and five figures; no bytes of the name.
    private SystemResult Describe(ref CallFrame frame)
    {
        _asked = frame.Word0;
        frame.Header = MessageHeader.Of(0, 8, 0).Raw;
        (frame.Word0, frame.Word1, frame.Word2, frame.Word3) = ((ulong)SystemAnswer.Done, 0, (ulong)_state, 1);
        ThreadBuffer.Words.Slice(4, 4).Clear();
        return SystemResult.Ok;
    }
}
