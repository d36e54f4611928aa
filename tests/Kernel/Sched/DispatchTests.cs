using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Sched;

/// <summary>Who runs (docs/programs.md, "Time"; ThreadOperation).</summary>
public abstract class DispatchTests(CallPath path) : ProgramTest(path)
{
    [Fact]
    public void HighestPriority_RunsInItsOwnTables()
    {
        Program low = World.Spawn("low", 10), high = World.Spawn("high", 20);
        Start();
        Assert.Equal(high, World.RunningProgram);
        Assert.Equal(high.Record.TableRoot, World.Machine.PageTables);
        Invoke(high, high.Slot, ThreadOperation.Suspend);
        Assert.Equal((low, low.Record.TableRoot), (World.RunningProgram, World.Machine.PageTables));
    }

    [Fact]
    public void Yield_LetsEqualsRun_AndNobodyElse()
    {
        Program one = World.Spawn("one", 10), two = World.Spawn("two", 10);
        World.Spawn("low", 5);
        Start();
        Ask(one, (ulong)SystemCall.Yield, 0);
        Assert.Equal(two, World.RunningProgram);
        Invoke(two, one.Slot, ThreadOperation.Suspend);
        Ask(two, (ulong)SystemCall.Yield, 0);
        Assert.Equal(two, World.RunningProgram);
    }

    [Fact]
    public void ThreadThatIsInterrupted_GoesOnBeforeItsEquals()
    {
        uint notification = Make(CapabilityType.Notification);
        Program high = World.Spawn("high", 20), one = World.Spawn("one", 10), two = World.Spawn("two", 10);
        Start();
        Receive(high, notification);
        Send(one, notification);
        Assert.Equal(high, World.RunningProgram);
        Receive(high, notification);
        Assert.Equal(one, World.RunningProgram);
        Assert.Equal(ThreadState.Ready, two.State);
    }

    /// <summary>All that shows whether it was put back into its queue and taken out again (<see cref="InstanceFigure.Switches"/>).</summary>
    [Fact]
    public void ThreadThatGoesOnBesideAnEqual_IsNoSwitch()
    {
        Program one = World.Spawn("one", 10);
        World.Spawn("two", 10);
        Start();
        ulong switches = World.Scheduler.Switches;

        Assert.Equal(SystemResult.Ok, Invoke(one, one.Slot, ThreadOperation.SetFaults, 0));
        Assert.Equal((one, switches), (World.RunningProgram, World.Scheduler.Switches));
    }

    [Theory]
    [InlineData(21, 0)]
    [InlineData(0, 21)]
    [InlineData(ulong.MaxValue, 0)]
    [InlineData(256, 0)]
    public void Priority_IsNotGivenAboveTheCallersOwn(ulong priority, ulong most)
    {
        Program program = World.Spawn("program", 20), other = World.Spawn("other", 10);
        Start();
        Assert.Equal(SystemResult.AuthorityMissing, Invoke(program, other.Slot, ThreadOperation.SetPriority, priority, most));
        Assert.Equal((20UL, (byte)10), (program.Context.Rdx, other.Record.Priority));
    }

    [Fact]
    public void Priority_MovesAThreadThatIsReady()
    {
        Program program = World.Spawn("program", 20), one = World.Spawn("one", 10), two = World.Spawn("two", 15);
        Start();
        Invoke(program, one.Slot, ThreadOperation.SetPriority, 20, 20);
        Assert.Equal(program, World.RunningProgram);
        Invoke(program, program.Slot, ThreadOperation.Suspend);
        Assert.Equal(one, World.RunningProgram);
        Assert.Equal(ThreadState.Ready, two.State);
    }

    /// <summary>The kernel loaded page tables that there were not: the end of the machine, by three calls of a program.</summary>
    [Fact]
    public void ReceiverThatLostItsAddressSpace_DoesNotRunWhenItIsCalled()
    {
        uint endpoint = Make(CapabilityType.Endpoint), reply = Make(CapabilityType.Reply);
        Program server = World.Spawn("server", 30), caller = World.Spawn("caller", 10);
        Start();
        Receive(server, endpoint, reply);
        Invoke(caller, server.Slot, ThreadOperation.UnbindContext);
        Invoke(caller, KernelWorld.CNodeSlot, CNodeOperation.Revoke, server.SpaceSlot);
        World.SystemCall((ulong)SystemCall.Call, endpoint, Header(1, 0));
        KernelInvariants.Check(World);

        Assert.True(World.Running.IsNull);
        Assert.NotEqual(0UL, World.Machine.PageTables);
        Assert.Equal((ThreadState.Ready, ThreadState.AwaitingReply), (server.State, caller.State));
    }

    [Fact]
    public void CallerThatLostItsAddressSpace_DoesNotRunWhenItIsAnswered()
    {
        uint endpoint = Make(CapabilityType.Endpoint), reply = Make(CapabilityType.Reply);
        Program server = World.Spawn("server", 30), caller = World.Spawn("caller", 10);
        Start();
        Receive(server, endpoint, reply);
        Invoke(caller, server.Slot, ThreadOperation.UnbindContext);
        Call(caller, endpoint);
        Invoke(server, KernelWorld.CNodeSlot, CNodeOperation.Revoke, caller.SpaceSlot);
        ReplyReceive(server, endpoint, reply);
        Assert.True(World.Running.IsNull);
        Assert.NotEqual(0UL, World.Machine.PageTables);
    }

    [Fact]
    public void ThreadThatGetsAnAddressSpace_GoesOn()
    {
        Program program = World.Spawn("program", 30), other = World.Spawn("other", 10);
        Start();
        World.SystemCall((ulong)SystemCall.Call, KernelWorld.CNodeSlot, Header((ulong)CNodeOperation.Revoke, 1), program.SpaceSlot);
        Assert.Equal(other, World.RunningProgram);
        KernelInvariants.Check(World);
        Invoke(other, program.Slot, ThreadOperation.Configure, KernelWorld.CNodeSlot, program.SpaceSlot, 0, program.FrameSlot);
        Assert.Equal(program, World.RunningProgram);
    }

    [Fact]
    public void ThreadWithoutTime_RunsOnceItHasSome()
    {
        Program program = World.Spawn("program", 30), other = World.Spawn("other", 10);
        Start();
        Invoke(program, program.Slot, ThreadOperation.UnbindContext);
        Assert.Equal((other, ThreadState.Ready), (World.RunningProgram, program.State));
        Assert.Equal(SystemResult.WrongState, Invoke(other, program.Slot, ThreadOperation.UnbindContext));
        Invoke(other, program.Slot, ThreadOperation.BindContext, program.TimeSlot);
        Assert.Equal(program, World.RunningProgram);
    }

    [Theory]
    [InlineData(UserSpace.End, SystemResult.ArgumentInvalid)]
    [InlineData(UserSpace.End - 1, SystemResult.Ok)]
    public void Registers_AreSetOfAThreadThatIsStopped_AndStayInUserMemory(ulong rip, SystemResult result)
    {
        Program program = World.Spawn("program", 30), other = World.Spawn("other", 10);
        Start();
        Assert.Equal(SystemResult.WrongState, Invoke(program, other.Slot, ThreadOperation.SetRegisters, 0x1000));
        Invoke(program, other.Slot, ThreadOperation.Suspend);
        Assert.Equal(result, Invoke(program, other.Slot, ThreadOperation.SetRegisters, rip, 2, 3, 4));
        if (result == SystemResult.Ok)
        {
            Invoke(program, other.Slot, ThreadOperation.Resume);
            Invoke(program, program.Slot, ThreadOperation.Suspend);
            Assert.Equal((rip, 2UL, 3UL, 4UL, 0UL), (World.Cpu.Rip, World.Cpu.Rsp, World.Cpu.Rdi, World.Cpu.Rsi, World.Cpu.Rbx));
        }
    }
}

/// <summary>As in the product.</summary>
public sealed class DispatchFastTests() : DispatchTests(CallPath.Fast);

/// <summary>Every call takes the long way.</summary>
public sealed class DispatchLongTests() : DispatchTests(CallPath.Long);
