using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Rendezvous;

/// <summary>Answers, and the time that is lent with a call (seL4 reference manual, MCS, "Reply Objects", "Passive servers";
/// docs/programs.md, "Messages").</summary>
public abstract class ReplyTests : ProgramTest
{
    private readonly uint _endpoint;
    private readonly uint _reply;

    protected ReplyTests(CallPath path)
        : base(path)
    {
        _endpoint = Make(CapabilityType.Endpoint);
        _reply = Make(CapabilityType.Reply);
    }

    [Fact]
    public void Answer_ReachesTheCaller_Once()
    {
        Program server = World.Spawn("server", 20), caller = World.Spawn("caller", 10);
        Start();
        Receive(server, _endpoint, _reply);
        Call(caller, _endpoint, 4, 1, 2);
        AssertHears(server, SystemResult.Ok, 0, Header(4, 2), 1, 2);

        Assert.Equal(SystemResult.Ok, Send(server, _reply, 6, 3));
        AssertHears(caller, SystemResult.Ok, 0, Header(6, 1), 3);
        Assert.Equal(SystemResult.NoCaller, Send(server, _reply));
    }

    [Fact]
    public void ReplyReceive_AnswersAndTakesTheNextCaller()
    {
        Program server = World.Spawn("server", 20), first = World.Spawn("first", 10), second = World.Spawn("second", 10);
        Start();
        Receive(server, _endpoint, _reply);
        Call(first, _endpoint, 1);
        Assert.Equal(server, World.RunningProgram);
        ReplyReceive(server, _endpoint, _reply, 2, 42);
        AssertHears(first, SystemResult.Ok, 0, Header(2, 1), 42);
        Assert.Equal((ThreadState.Receiving, second), (server.State, World.RunningProgram));
        Call(second, _endpoint, 3);
        AssertHears(server, SystemResult.Ok, 0, Header(3));
    }

    [Fact]
    public void PassiveServer_RunsOnItsCallersTime_AndGivesItBack()
    {
        (Program server, Program caller) = ServeOneCall();
        Assert.Equal(server, World.RunningProgram);
        Assert.True(server.Record.SchedulingContext.Is(caller.Time) && caller.Record.SchedulingContext.IsNull);
        World.Advance(300);
        ReplyReceive(server, _endpoint, _reply);

        Assert.Equal(caller, World.RunningProgram);
        Assert.True(caller.Record.SchedulingContext.Is(caller.Time) && server.Record.SchedulingContext.IsNull);
        World.Advance(20);
        Call(caller, _endpoint);
        ReplyReceive(server, _endpoint, _reply);
        Send(caller, KernelWorld.CNodeSlot);
        Invoke(caller, caller.Slot, ThreadOperation.Describe);
        Assert.Equal(320UL, caller.Time.Value.Used);
    }

    /// <summary>The first caller paid for the second one's service.</summary>
    [Fact]
    public void PassiveServer_ThatReceivesFromACallerThatWaited_IsChargedToThatOne()
    {
        (Program server, Program first) = ServeOneCall();
        Program second = World.Spawn("second", 40);
        Invoke(server, server.Slot, ThreadOperation.Describe);
        Assert.Equal(second, World.RunningProgram);
        Call(second, _endpoint);
        World.Advance(100);
        ReplyReceive(server, _endpoint, _reply);
        Assert.Equal(server, World.RunningProgram);
        World.Advance(70);
        Invoke(server, server.Slot, ThreadOperation.Describe);

        Assert.Equal((100UL, 70UL), (first.Time.Value.Used, second.Time.Value.Used));
    }

    [Fact]
    public void TimeThatWasLentOn_ComesBackFromAllAbove_WhenTheFirstIsAnsweredOutOfOrder()
    {
        uint inner = Make(CapabilityType.Endpoint), innerReply = Make(CapabilityType.Reply);
        Program deep = World.Spawn("deep", 40), server = World.Spawn("server", 30), caller = World.Spawn("caller", 20),
            other = World.Spawn("other", 10);
        Start();
        Receive(deep, inner, innerReply);
        Receive(server, _endpoint, _reply);
        Invoke(caller, deep.Slot, ThreadOperation.UnbindContext);
        Invoke(caller, server.Slot, ThreadOperation.UnbindContext);
        Call(caller, _endpoint);
        Call(server, inner);
        Assert.True(deep.Record.SchedulingContext.Is(caller.Time));

        // The deep one answers whom it was not called by.
        Send(deep, _reply, 8);
        Assert.Equal(caller, World.RunningProgram);
        AssertHears(caller, SystemResult.Ok, 0, Header(8));
        Assert.True(caller.Record.SchedulingContext.Is(caller.Time) && deep.Record.SchedulingContext.IsNull
            && server.Record.SchedulingContext.IsNull);
        Assert.Equal((ThreadState.AwaitingReply, ThreadState.Ready), (server.State, deep.State));
        Assert.NotNull(other);
    }

    [Fact]
    public void ReplyObjectThatIsOfferedAgain_TellsTheCallerThatWaits()
    {
        Program server = World.Spawn("server", 20), caller = World.Spawn("caller", 10);
        Start();
        Receive(server, _endpoint, _reply);
        Call(caller, _endpoint);
        Receive(server, _endpoint, _reply);

        AssertHearsOnly(caller, SystemResult.PeerDied);
        Assert.Equal(caller, World.RunningProgram);
    }

    /// <summary>The first receiver went on pointing to the object after its death.</summary>
    [Fact]
    public void ReplyObjectThatTwoOffer_BelongsToTheSecond_AndLeavesNoTraceWhenItEnds()
    {
        Program second = World.Spawn("second", 30), first = World.Spawn("first", 20), caller = World.Spawn("caller", 10);
        uint reply = World.MakeAlone(CapabilityType.Reply, ObjectSize.ReplyBits);
        Start();
        Receive(second, _endpoint, reply);
        Receive(first, _endpoint, reply);
        Assert.True(second.Record.Reply.IsNull && first.Record.Reply.Is(World.Reply(reply)));
        Delete(caller, reply);
        World.MakeAgain(reply, CapabilityType.Reply);

        Call(caller, _endpoint, 1);
        AssertHearsOnly(caller, SystemResult.PeerDied);
        Assert.True(World.Reply(reply).Value.Caller.IsNull);
    }

    [Fact]
    public void CallerThatDoesNotWaitLonger_HasItsTimeBack_AndCannotBeAnswered()
    {
        (Program server, Program caller) = ServeOneCall(SystemCallFlags.HasDeadline, 200);
        World.Advance(300);
        AssertHearsOnly(caller, SystemResult.TimedOut);
        Assert.Equal(caller, World.RunningProgram);
        Assert.True(caller.Record.SchedulingContext.Is(caller.Time) && server.Record.SchedulingContext.IsNull);
        KernelInvariants.Check(World);
        Assert.True(World.Reply(_reply).Value.Caller.IsNull);
    }

    [Fact]
    public void CallThatDoesNotWaitForAReceiver_WaitsForItsAnswer()
    {
        Program server = World.Spawn("server", 20), caller = World.Spawn("caller", 10);
        Start();
        Receive(server, _endpoint, _reply);
        Ask(caller, (ulong)SystemCall.Call | NonBlocking, _endpoint);
        World.Advance(5_000);
        Assert.Equal(ThreadState.AwaitingReply, caller.State);
        Send(server, _reply, 2);
        AssertHears(caller, SystemResult.Ok, 0, Header(2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ServerOrReplyObjectThatEnds_TellsTheCaller(bool isServer)
    {
        (Program server, Program caller) = ServeOneCall();
        Delete(server, isServer ? server.Slot : _reply);
        AssertHearsOnly(caller, SystemResult.PeerDied);
        Assert.True(caller.Record.SchedulingContext.Is(caller.Time));
        Assert.Equal(caller, World.RunningProgram);
    }

    /// <summary>It then had two budgets, and one of them went on pointing to it when it was gone.</summary>
    [Fact]
    public void ThreadThatHasLentItsTime_GetsNoOther()
    {
        (Program server, Program caller) = ServeOneCall();
        Assert.Equal(SystemResult.WrongState, Invoke(server, caller.Slot, ThreadOperation.BindContext, server.TimeSlot));
        Assert.True(caller.Record.SchedulingContext.IsNull);
    }

    [Fact]
    public void TimeThatEndsWhileItIsLent_ComesBackToNobody()
    {
        (Program server, Program caller) = ServeOneCall();
        Delete(server, caller.TimeSlot);
        Assert.True(server.Record.SchedulingContext.IsNull && World.Reply(_reply).Value.Lent.IsNull);
        Assert.True(World.Running.IsNull);
        Assert.Equal(ThreadState.AwaitingReply, caller.State);
    }

    // A server of higher priority without time of its own, that runs because of a call.
    private (Program Server, Program Caller) ServeOneCall(ulong flags = 0, ulong ticks = 0)
    {
        Program server = World.Spawn("server", 30), caller = World.Spawn("caller", 10);
        Start();
        Receive(server, _endpoint, _reply);
        Assert.Equal(SystemResult.Ok, Invoke(caller, server.Slot, ThreadOperation.UnbindContext));
        Ask(caller, (ulong)SystemCall.Call | flags, _endpoint, deadline: World.Machine.Now + ticks);
        Assert.Equal(server, World.RunningProgram);
        return (server, caller);
    }
}

/// <summary>As in the product.</summary>
public sealed class ReplyFastTests() : ReplyTests(CallPath.Fast);

/// <summary>Every call takes the long way.</summary>
public sealed class ReplyLongTests() : ReplyTests(CallPath.Long);
