using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Rendezvous;

/// <summary>Waits that others end (SystemResult.Cancelled; ThreadOperation.Suspend).</summary>
public sealed class CancellationTests() : ProgramTest(CallPath.Fast)
{
    /// <summary>Without a result of its own a thread believed that its message had been sent.</summary>
    [Theory]
    [InlineData(ThreadState.Sending)]
    [InlineData(ThreadState.Receiving)]
    [InlineData(ThreadState.AwaitingReply)]
    [InlineData(ThreadState.AwaitingSignal)]
    public void ThreadThatIsSuspendedWhileItWaits_HearsSo_WhenItIsResumed(ThreadState state)
    {
        uint endpoint = Make(CapabilityType.Endpoint), notification = Make(CapabilityType.Notification), reply = Make(CapabilityType.Reply);
        Program server = World.Spawn("server", 30), program = World.Spawn("program", 20), other = World.Spawn("other", 10);
        Start();
        Receive(server, state == ThreadState.AwaitingReply ? endpoint : notification, reply);
        switch (state)
        {
            case ThreadState.Sending:
                Send(program, endpoint, 1, 2, 3);
                break;
            case ThreadState.Receiving:
                Receive(program, endpoint, reply);
                break;
            case ThreadState.AwaitingReply:
                Call(program, endpoint, 1, 2, 3);
                Receive(server, notification);
                break;
            default:
                Receive(program, notification);
                break;
        }

        Assert.Equal(state, program.State);
        Invoke(other, program.Slot, ThreadOperation.Suspend);
        Assert.Equal((ThreadState.Inactive, other), (program.State, World.RunningProgram));
        Invoke(other, program.Slot, ThreadOperation.Resume);
        AssertHearsOnly(program, SystemResult.Cancelled);
        Assert.Equal(program, World.RunningProgram);
    }

    [Fact]
    public void ThreadThatIsSuspendedWhileItCouldRun_GoesOnWhereItWas()
    {
        Program program = World.Spawn("program", 20), other = World.Spawn("other", 30);
        uint notification = Make(CapabilityType.Notification);
        World.Slot(notification).Notification.Value.IsPending = true;
        Start();
        Receive(other, notification);
        Invoke(other, program.Slot, ThreadOperation.Suspend);
        Assert.Equal(SystemResult.WrongState, Invoke(other, other.Slot, ThreadOperation.Resume));
        Invoke(other, program.Slot, ThreadOperation.Resume);
        Receive(other, notification);
        Assert.Equal((program, World.Tag(program)), (World.RunningProgram, World.Cpu.Rbx));
    }

    [Fact]
    public void ThreadCanSuspendItself()
    {
        Program program = World.Spawn("program", 20);
        Start();
        Invoke(program, program.Slot, ThreadOperation.Suspend);
        Assert.Equal((ThreadState.Inactive, true), (program.State, World.Running.IsNull));
    }

    [Fact]
    public void ThreadCanEndItself()
    {
        Program program = World.Spawn("program", 20), other = World.Spawn("other", 10);
        Start();
        World.SystemCall((ulong)SystemCall.Call, KernelWorld.CNodeSlot, Header((ulong)CNodeOperation.Delete, 1), program.Slot);
        KernelInvariants.Check(World);
        Assert.Equal(other, World.RunningProgram);
        Assert.True(World.Slot(program.Slot).IsEmpty);
    }
}
