using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Rendezvous;

/// <summary>Signals (seL4 reference manual, "Notifications").</summary>
public sealed class NotificationTests() : ProgramTest(CallPath.Fast)
{
    [Fact]
    public void Signals_AreKept_UntilSomebodyTakesThemAll()
    {
        uint notification = Make(CapabilityType.Notification);
        uint one = World.Mint(notification, badge: 1), four = World.Mint(notification, badge: 4);
        Program program = World.Spawn("program", 10);
        Start();
        Send(program, one);
        Send(program, four);
        Send(program, one);

        Assert.Equal(SystemResult.Ok, Receive(program, notification));
        AssertHears(program, SystemResult.Ok, 5, MessageHeader.Signal.Raw, 0, 0, 0, 0);
        Assert.Equal(SystemResult.WouldBlock, Receive(program, notification, flags: NonBlocking));
    }

    [Fact]
    public void Signal_WakesTheFirstThatWaits_AndNobodyElse()
    {
        uint notification = Make(CapabilityType.Notification), badged = World.Mint(notification, badge: 8);
        Program first = World.Spawn("first", 30), second = World.Spawn("second", 20), signaller = World.Spawn("signaller", 10);
        Start();
        Receive(first, notification);
        Receive(second, notification);
        Send(signaller, badged);

        AssertHears(first, SystemResult.Ok, 8, MessageHeader.Signal.Raw, 0, 0, 0, 0);
        Assert.Equal((first, ThreadState.AwaitingSignal), (World.RunningProgram, second.State));
    }

    [Fact]
    public void SignalWithoutABadge_IsASignal()
    {
        uint notification = Make(CapabilityType.Notification);
        Program program = World.Spawn("program", 10);
        Start();
        Send(program, notification);
        Assert.Equal(SystemResult.Ok, Receive(program, notification, flags: NonBlocking));
    }

    [Theory]
    [InlineData(CapabilityRights.Read, SystemCall.Send, CapabilityRights.Write)]
    [InlineData(CapabilityRights.Write, SystemCall.Receive, CapabilityRights.Read)]
    public void MissingRight_IsNamed(CapabilityRights held, SystemCall call, CapabilityRights missing)
    {
        uint weak = World.Mint(Make(CapabilityType.Notification), held);
        Program program = World.Spawn("program", 10);
        Start();
        Assert.Equal(SystemResult.RightMissing, Ask(program, (ulong)call, weak));
        Assert.Equal((ulong)missing, program.Context.Rdx);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BoundNotification_EndsAWaitAtAnEndpoint(bool isPendingBefore)
    {
        uint notification = Make(CapabilityType.Notification), badged = World.Mint(notification, badge: 2);
        uint endpoint = Make(CapabilityType.Endpoint), reply = Make(CapabilityType.Reply);
        Program server = World.Spawn("server", 20), other = World.Spawn("other", 10);
        Start();
        Invoke(server, server.Slot, ThreadOperation.BindNotification, notification);
        if (isPendingBefore)
        {
            Send(server, badged);
            Receive(server, endpoint, reply);
        }
        else
        {
            Receive(server, endpoint, reply);
            Send(other, badged);
        }

        AssertHears(server, SystemResult.Ok, 2, MessageHeader.Signal.Raw, 0, 0, 0, 0);
        Assert.Equal(server, World.RunningProgram);
        Assert.True(World.Reply(reply).Value.Waiter.IsNull);
    }

    /// <summary>The thread slept on, and the next signal did not bring the bits of the first.</summary>
    [Fact]
    public void NotificationThatIsPendingWhenItIsBound_EndsTheWait()
    {
        uint notification = Make(CapabilityType.Notification), badged = World.Mint(notification, badge: 2);
        uint endpoint = Make(CapabilityType.Endpoint);
        Program server = World.Spawn("server", 20), other = World.Spawn("other", 10);
        Start();
        Receive(server, endpoint);
        Send(other, badged);
        Invoke(other, server.Slot, ThreadOperation.BindNotification, notification);

        AssertHears(server, SystemResult.Ok, 2, MessageHeader.Signal.Raw, 0, 0, 0, 0);
        Assert.Equal(server, World.RunningProgram);
    }

    [Fact]
    public void Notification_IsBoundToOneThread()
    {
        uint notification = Make(CapabilityType.Notification), second = Make(CapabilityType.Notification);
        uint writeOnly = World.Mint(second, CapabilityRights.Write);
        Program program = World.Spawn("program", 20), other = World.Spawn("other", 10);
        Start();
        Assert.Equal(SystemResult.RightMissing, Invoke(program, other.Slot, ThreadOperation.BindNotification, writeOnly));
        Assert.Equal(SystemResult.Ok, Invoke(program, program.Slot, ThreadOperation.BindNotification, notification));
        Assert.Equal(SystemResult.WrongState, Invoke(program, other.Slot, ThreadOperation.BindNotification, notification));
        Assert.Equal(SystemResult.WrongState, Invoke(program, program.Slot, ThreadOperation.BindNotification, second));
        Assert.Equal(SystemResult.Ok, Invoke(program, program.Slot, ThreadOperation.UnbindNotification));
        Assert.Equal(SystemResult.Ok, Invoke(program, other.Slot, ThreadOperation.BindNotification, notification));
    }

    [Fact]
    public void NotificationThatEnds_TellsAllWhoWait_AndUnbinds()
    {
        uint notification = Make(CapabilityType.Notification);
        Program waiter = World.Spawn("waiter", 20), killer = World.Spawn("killer", 10);
        Start();
        Receive(waiter, notification);
        Invoke(killer, killer.Slot, ThreadOperation.BindNotification, notification);
        Delete(killer, notification);
        AssertHearsOnly(waiter, SystemResult.PeerDied);
        Assert.True(killer.Record.BoundNotification.IsNull);
    }
}
