using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Rendezvous;

/// <summary>Faults as messages (kernel/Abi/Object/FaultKind.cs; Intel SDM Vol. 3A, "Exception and Interrupt Reference").</summary>
public sealed class FaultTests : ProgramTest
{
    private readonly uint _faults;
    private readonly uint _reply;

    public FaultTests()
        : base(CallPath.Fast)
    {
        _faults = Make(CapabilityType.Endpoint);
        _reply = Make(CapabilityType.Reply);
    }

    [Theory]
    [InlineData(0, FaultKind.Divide)]
    [InlineData(1, FaultKind.Debug)]
    [InlineData(3, FaultKind.Debug)]
    [InlineData(6, FaultKind.UndefinedInstruction)]
    [InlineData(13, FaultKind.Protection)]
    [InlineData(14, FaultKind.Page)]
    [InlineData(16, FaultKind.FloatingPoint)]
    [InlineData(17, FaultKind.Protection)]
    [InlineData(19, FaultKind.FloatingPoint)]
    public void Exception_IsAMessageToTheHandler(ulong vector, FaultKind kind)
    {
        (Program handler, Program program) = Prepare();
        (ulong rip, ulong rsp) = (program.Context.Rip, program.Context.Rsp);
        World.Exception(vector, address: 0x1234_5678, errorCode: 6);

        Assert.Equal(handler, World.RunningProgram);
        AssertHears(handler, SystemResult.Ok, 99, Header((ulong)kind, 4), rip, kind == FaultKind.Page ? 0x1234_5678 : vector, 6, rsp);
        Assert.Equal(ThreadState.AwaitingReply, program.State);
        KernelInvariants.Check(World);
    }

    [Fact]
    public void Answer_LetsItGoOn_WhereTheHandlerSays()
    {
        (Program handler, Program program) = Prepare();
        ulong kept = World.Cpu.Rbx;
        World.Exception(14, 0x5000);
        Send(handler, _reply, FaultWords.Resume, 0x44_0000, 0x7000_0000);
        Receive(handler, _faults, _reply);

        Assert.Equal(program, World.RunningProgram);
        Assert.Equal((0x44_0000UL, 0x7000_0000UL, kept), (World.Cpu.Rip, World.Cpu.Rsp, World.Cpu.Rbx));
    }

    [Theory]
    [InlineData(1, 0x44_0000)]
    [InlineData(FaultWords.Resume, UserSpace.End)]
    public void Answer_ThatDoesNotResume_LeavesItStopped(ulong label, ulong rip)
    {
        (Program handler, Program program) = Prepare();
        World.Exception(14, 0x5000);
        Assert.Equal(SystemResult.Ok, Send(handler, _reply, label, rip));
        Assert.Equal(ThreadState.Inactive, program.State);
        Invoke(handler, program.Slot, ThreadOperation.Describe);
        Assert.Equal((ulong)FaultKind.Page, handler.Context.Rdx >> 16);
    }

    [Fact]
    public void FaultWithoutAHandler_StopsTheThread()
    {
        Program program = World.Spawn("program", 10);
        Start();
        World.Exception(6);
        Assert.Equal((ThreadState.Inactive, true), (program.State, World.Running.IsNull));
        KernelInvariants.Check(World);
    }

    [Fact]
    public void UnknownSystemCall_IsAFault_ThatChangesNoRegister()
    {
        (Program handler, Program program) = Prepare();
        World.SystemCall(0x1_0007, 5, 6, 7, 8, 9, 10);
        AssertHears(handler, SystemResult.Ok, 99, Header((ulong)FaultKind.UnknownSystemCall, 4), program.Context.Rip, 0x1_0007);
        Send(handler, _reply, FaultWords.Resume);
        Receive(handler, _faults, _reply);

        Assert.Equal(program, World.RunningProgram);
        Assert.Equal((0x1_0007UL, 5UL, 6UL, 7UL), (World.Cpu.Rax, World.Cpu.Rdi, World.Cpu.Rsi, World.Cpu.Rdx));
        Assert.Equal((8UL, 9UL, 10UL), (World.Cpu.R10, World.Cpu.R8, World.Cpu.R9));
    }

    [Theory]
    [InlineData(SystemCall.Call, false)]
    [InlineData(SystemCall.Send, false)]
    [InlineData(SystemCall.Receive, false)]
    [InlineData(SystemCall.Send, true)]
    public void CapabilityThatCannotBeUsed_IsAFault_ForWhoAskedForThat(SystemCall call, bool isRight)
    {
        uint weak = World.Mint(_faults, CapabilityRights.Read);
        (Program handler, Program program) = Prepare();
        Invoke(program, program.Slot, ThreadOperation.SetFaults, (ulong)FaultOptions.Capability);
        uint slot = isRight ? weak : 500;
        World.SystemCall((ulong)call, slot);
        AssertHears(handler, SystemResult.Ok, 99, Header((ulong)FaultKind.Capability, 4), program.Context.Rip, slot);
        Send(handler, _reply, FaultWords.Resume);
        Assert.Equal(isRight ? SystemResult.RightMissing : SystemResult.SlotEmpty, program.Result);
    }

    [Fact]
    public void EndOfALimitedBudget_IsAFault_ForWhoAskedForThat()
    {
        Program handler = World.Spawn("handler", 30);
        Program program = World.Spawn("program", 10, budget: 100, period: 1000, handler: World.Mint(_faults, badge: 3));
        Start();
        Receive(handler, _faults, _reply);
        Invoke(program, program.Slot, ThreadOperation.SetFaults, (ulong)FaultOptions.Budget);
        World.Advance(100);
        AssertHears(handler, SystemResult.Ok, 3, Header((ulong)FaultKind.Budget, 4), program.Context.Rip, 100);
    }

    /// <summary>A fault had the deadline of an earlier wait: the thread was stopped, and its handler never heard.</summary>
    [Theory]
    [InlineData(NonBlocking)]
    [InlineData(SystemCallFlags.HasDeadline)]
    public void Fault_HasNotTheDeadlineOfAnEarlierWait(ulong flags)
    {
        uint notification = Make(CapabilityType.Notification);
        Program program = World.Spawn("program", 20, handler: World.Mint(_faults, badge: 99));
        Program handler = World.Spawn("handler", 10);
        Start();
        Send(program, notification);
        Receive(program, notification, flags: flags, deadline: World.Machine.Now + 10);
        Receive(program, notification, flags: NonBlocking);
        World.Exception(14, 0x5000);
        World.Advance(10_000);
        Assert.Equal(ThreadState.Sending, program.State);
        Receive(handler, _faults, _reply);
        World.Advance(10_000);
        Assert.Equal(ThreadState.AwaitingReply, program.State);
    }

    /// <summary>A capability that may only receive was good enough to send faults.</summary>
    [Fact]
    public void HandlerThatMayNotBeSentTo_IsRefused()
    {
        uint readOnly = World.Mint(_faults, CapabilityRights.Read);
        Program program = World.Spawn("program", 10);
        Start();
        Assert.Equal(
            SystemResult.RightMissing,
            Invoke(program, program.Slot, ThreadOperation.Configure, KernelWorld.CNodeSlot, program.SpaceSlot, readOnly,
                program.FrameSlot));
        Assert.Equal((ulong)CapabilityRights.Write, program.Context.Rdx);
    }

    [Fact]
    public void FaultEndpointThatEnds_LeavesTheThreadStopped()
    {
        Program program = World.Spawn("program", 20, handler: World.Mint(_faults, badge: 99)), killer = World.Spawn("killer", 10);
        Start();
        World.Exception(14);
        Assert.Equal(ThreadState.Sending, program.State);
        Invoke(killer, KernelWorld.CNodeSlot, CNodeOperation.Revoke, _faults);
        Delete(killer, _faults);
        Assert.Equal(ThreadState.Inactive, program.State);
    }

    private (Program Handler, Program Program) Prepare()
    {
        Program handler = World.Spawn("handler", 30), program = World.Spawn("program", 10, handler: World.Mint(_faults, badge: 99));
        Start();
        Receive(handler, _faults, _reply);
        Assert.Equal(program, World.RunningProgram);
        return (handler, program);
    }
}
