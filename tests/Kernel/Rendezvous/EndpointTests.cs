using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Rendezvous;

/// <summary>Sending and receiving (seL4 reference manual, "Message Passing (IPC)"; docs/programs.md, "Messages").</summary>
public abstract class EndpointTests(CallPath path) : ProgramTest(path)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Send_ToAReceiverThatWaits_BringsBadgeLabelAndWords(int count)
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        uint badged = World.Mint(endpoint, CapabilityRights.Write, badge: 77);
        Program receiver = World.Spawn("receiver", 20), sender = World.Spawn("sender", 10);
        Start();
        Receive(receiver, endpoint);
        ulong[] words = [.. Enumerable.Range(11, count).Select(word => (ulong)word)];

        Send(sender, badged, label: 5, words);

        AssertHears(receiver, SystemResult.Ok, 77, Header(5, (uint)count), words);
        Assert.Equal(receiver, World.RunningProgram);
        Assert.Equal((ThreadState.Ready, SystemResult.Ok), (sender.State, sender.Result));
    }

    [Fact]
    public void Senders_AreServedInTheOrderInWhichTheyCame()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        Program first = World.Spawn("first", 30), second = World.Spawn("second", 20), receiver = World.Spawn("receiver", 10);
        Start();
        Send(first, endpoint, label: 1);
        Send(second, endpoint, label: 2);

        Receive(receiver, endpoint);
        AssertHears(receiver, SystemResult.Ok, 0, Header(1));
        Assert.Equal(first, World.RunningProgram);
        Receive(first, endpoint);
        AssertHears(first, SystemResult.Ok, 0, Header(2));
    }

    [Fact]
    public void Receivers_AreServedInTheOrderInWhichTheyCame()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        Program first = World.Spawn("first", 20), second = World.Spawn("second", 30), sender = World.Spawn("sender", 10);
        Start();
        Receive(second, endpoint);
        Receive(first, endpoint);

        Send(sender, endpoint, label: 9);

        Assert.Equal((ThreadState.Ready, ThreadState.Receiving), (second.State, first.State));
    }

    [Fact]
    public void CallThatDoesNotWait_FindsNobody()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        Program program = World.Spawn("program", 10);
        Start();
        Assert.Equal(SystemResult.WouldBlock, Ask(program, (ulong)SystemCall.Send | NonBlocking, endpoint));
        Assert.Equal(SystemResult.WouldBlock, Ask(program, (ulong)SystemCall.Call | NonBlocking, endpoint));
        Assert.Equal(SystemResult.WouldBlock, Receive(program, endpoint, flags: NonBlocking));
        Assert.Equal(program, World.RunningProgram);
    }

    [Theory]
    [InlineData(SystemCall.Send)]
    [InlineData(SystemCall.Call)]
    [InlineData(SystemCall.Receive)]
    public void WaitWithADeadline_EndsThen_AndNotBefore(SystemCall call)
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        Program program = World.Spawn("program", 10);
        Start();
        Ask(program, (ulong)call | SystemCallFlags.HasDeadline, endpoint, deadline: World.Machine.Now + 500);

        World.Advance(499);
        Assert.True(World.Running.IsNull);
        World.Advance(1);
        Assert.Equal(program, World.RunningProgram);
        AssertHearsOnly(program, SystemResult.TimedOut);
        KernelInvariants.Check(World);
    }

    [Theory]
    [InlineData(SystemCall.Send, CapabilityRights.Read | CapabilityRights.Grant, CapabilityRights.Write)]
    [InlineData(SystemCall.Receive, CapabilityRights.Write, CapabilityRights.Read)]
    [InlineData(SystemCall.Call, CapabilityRights.Write, CapabilityRights.GrantReply)]
    [InlineData(SystemCall.Call, CapabilityRights.Read, CapabilityRights.Write | CapabilityRights.GrantReply)]
    public void MissingRight_IsNamed(SystemCall call, CapabilityRights held, CapabilityRights missing)
    {
        uint weak = World.Mint(Make(CapabilityType.Endpoint), held);
        Program program = World.Spawn("program", 10);
        Start();
        Assert.Equal(SystemResult.RightMissing, Ask(program, (ulong)call, weak));
        Assert.Equal((ulong)missing, program.Context.Rdx);
    }

    [Fact]
    public void CallToAReceiverThatCannotAnswer_IsReceived_AndHearsThatNobodyWillAnswer()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        Program receiver = World.Spawn("receiver", 20), caller = World.Spawn("caller", 10);
        Start();
        Receive(receiver, endpoint);
        Call(caller, endpoint, label: 3);

        AssertHears(receiver, SystemResult.Ok, 0, Header(3));
        AssertHearsOnly(caller, SystemResult.PeerDied);
        Assert.Equal(ThreadState.Ready, caller.State);
    }

    /// <summary>The other order: the caller was woken twice, which the kernel died of.</summary>
    [Fact]
    public void CallThatWaited_ForAReceiverThatCannotAnswer_HearsThatNobodyWillAnswer()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        Program caller = World.Spawn("caller", 20), receiver = World.Spawn("receiver", 10);
        Start();
        Call(caller, endpoint, label: 3);
        Receive(receiver, endpoint);

        AssertHears(receiver, SystemResult.Ok, 0, Header(3));
        AssertHearsOnly(caller, SystemResult.PeerDied);
        Assert.Equal(caller, World.RunningProgram);
    }

    [Fact]
    public void EndpointThatEnds_TellsAllWhoWait()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        Program first = World.Spawn("first", 30), second = World.Spawn("second", 20), killer = World.Spawn("killer", 10);
        Start();
        Send(first, endpoint);
        Call(second, endpoint);
        Delete(killer, endpoint);

        AssertHearsOnly(first, SystemResult.PeerDied);
        AssertHearsOnly(second, SystemResult.PeerDied);
    }

    [Fact]
    public void CancelBadgedSends_EndsTheWaitsOfThatBadgeOnly()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        uint one = World.Mint(endpoint, badge: 1), two = World.Mint(endpoint, badge: 2);
        Program first = World.Spawn("first", 30), second = World.Spawn("second", 20), third = World.Spawn("third", 15);
        Program owner = World.Spawn("owner", 10);
        Start();
        Send(first, one);
        Send(second, two);
        Send(third, one);
        Invoke(owner, KernelWorld.CNodeSlot, CNodeOperation.CancelBadgedSends, one);

        AssertHearsOnly(first, SystemResult.Cancelled);
        AssertHearsOnly(third, SystemResult.Cancelled);
        Assert.Equal(ThreadState.Sending, second.State);
    }

    /// <summary>The queue is as long as there are threads; a call looks at 32.</summary>
    [Fact]
    public void CancelBadgedSends_LooksAtAPartOfTheQueueAtATime()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        uint one = World.Mint(endpoint, badge: 1), two = World.Mint(endpoint, badge: 2);
        Program[] waiting = [.. Enumerable.Range(0, 38).Select(index => World.Spawn($"sender {index}", 30))];
        Start();
        for (int index = 0; index < waiting.Length; index++)
        {
            Send(waiting[index], index % 18 == 0 ? one : two);
        }

        Program owner = World.Spawn("owner", 40);
        Start();
        Assert.Equal(SystemResult.Again, Invoke(owner, KernelWorld.CNodeSlot, CNodeOperation.CancelBadgedSends, one));
        AssertHearsOnly(waiting[18], SystemResult.Cancelled);
        Assert.Equal(ThreadState.Sending, waiting[36].State);

        // Where it goes on leaves meanwhile, and so does where it was to end.
        Assert.Equal(SystemResult.Ok, Invoke(owner, waiting[32].Slot, ThreadOperation.Suspend));
        Assert.Equal(SystemResult.Ok, Invoke(owner, waiting[37].Slot, ThreadOperation.Suspend));
        Assert.Equal(SystemResult.Ok, Invoke(owner, KernelWorld.CNodeSlot, CNodeOperation.CancelBadgedSends, one));
        AssertHearsOnly(waiting[0], SystemResult.Cancelled);
        AssertHearsOnly(waiting[36], SystemResult.Cancelled);
        Assert.Equal(33, waiting.Count(sender => sender.State == ThreadState.Sending));
    }

    [Fact]
    public void ReceiverOfLowerPriority_DoesNotRunBeforeTheSender()
    {
        uint endpoint = Make(CapabilityType.Endpoint);
        Program receiver = World.Spawn("receiver", 20), sender = World.Spawn("sender", 10);
        Start();
        Receive(receiver, endpoint);
        Invoke(sender, receiver.Slot, ThreadOperation.SetPriority, 5);
        Send(sender, endpoint);
        Assert.Equal(sender, World.RunningProgram);
        Assert.Equal(ThreadState.Ready, receiver.State);
    }

    [Fact]
    public void MessageOfTooManyWords_IsRefused_WhereverItGoes()
    {
        uint endpoint = Make(CapabilityType.Endpoint), reply = Make(CapabilityType.Reply);
        Program server = World.Spawn("server", 20), caller = World.Spawn("caller", 10);
        Start();
        Receive(server, endpoint, reply);
        Assert.Equal(SystemResult.ArgumentInvalid, Ask(caller, (ulong)SystemCall.Call, endpoint, Header(0, 121)));
        Call(caller, endpoint);
        Assert.Equal(SystemResult.ArgumentInvalid, Ask(server, (ulong)SystemCall.Send, reply, Header(0, 127)));
        Assert.Equal(SystemResult.ArgumentInvalid, Ask(server, (ulong)SystemCall.ReplyReceive, endpoint, Header(0, 127), reply: reply));
        Assert.Equal(ThreadState.AwaitingReply, caller.State);
        Send(server, reply);
        AssertHears(caller, SystemResult.Ok, 0, Header(0));
    }
}

/// <summary>As in the product.</summary>
public sealed class EndpointFastTests() : EndpointTests(CallPath.Fast);

/// <summary>Every call takes the long way.</summary>
public sealed class EndpointLongTests() : EndpointTests(CallPath.Long);
