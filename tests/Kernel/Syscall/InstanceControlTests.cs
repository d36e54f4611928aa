using Atoll.Abi;
using Atoll.Kernel.Tests.Syscall.Model;
using Atoll.Syscall;
using Program = Atoll.Kernel.Tests.Syscall.Model.Program;

namespace Atoll.Kernel.Tests.Syscall;

/// <summary>Who may read the kernel's figures, and who may end the machine: Read for the one, Write for the other, and neither stands for both.</summary>
public sealed class InstanceControlTests() : ProgramTest(CallPath.Fast)
{
    [Theory]
    [InlineData(CapabilityRights.All, true, true)]
    [InlineData(CapabilityRights.Read, true, false)]
    [InlineData(CapabilityRights.Write, false, true)]
    [InlineData(CapabilityRights.Grant | CapabilityRights.GrantReply, false, false)]
    [InlineData(CapabilityRights.None, false, false)]
    public void Right_DecidesWhatIsDone(CapabilityRights rights, bool mayRead, bool mayEnd)
    {
        Program program = World.Spawn("asker", 10);
        uint control = World.Mint(KernelWorld.InstanceSlot, rights);
        Start();

        SystemResult read = Invoke(program, control, InstanceControlOperation.Figure, (ulong)InstanceFigure.TscHz);
        Assert.Equal(mayRead ? SystemResult.Ok : SystemResult.RightMissing, read);
        Assert.Equal(mayRead ? World.Kernel.TscHz : (ulong)CapabilityRights.Read, program.Context.Rdx);

        SystemResult end = Invoke(program, control, InstanceControlOperation.End, 1);
        Assert.Equal(mayEnd ? SystemResult.Unavailable : SystemResult.RightMissing, end);
        Assert.Equal(mayEnd ? [(ImageLayout.DebugExitPort, ImageLayout.ExitPassed)] : [], World.Machine.PortWrites);
        if (!mayEnd)
        {
            Assert.Equal((ulong)CapabilityRights.Write, program.Context.Rdx);
        }
    }

    /// <summary>Who makes ends may ask for them. There is none here: it has no name.</summary>
    [Theory]
    [InlineData(CapabilityRights.Grant, SystemResult.Ok, 0)]
    [InlineData(CapabilityRights.Read | CapabilityRights.Write, SystemResult.RightMissing, (ulong)CapabilityRights.Grant)]
    public void NameOfAnEnd_IsForWhoMayGrant(CapabilityRights rights, SystemResult expected, ulong word)
    {
        Program program = World.Spawn("asker", 10);
        uint control = World.Mint(KernelWorld.InstanceSlot, rights);
        Start();

        Assert.Equal(expected, Invoke(program, control, InstanceControlOperation.NameOfEnd, 3));
        Assert.Equal(word, program.Context.Rdx);
    }

    [Fact]
    public void UnknownFigureAndOperation_AreRefused_AndNothingIsWritten()
    {
        Program program = World.Spawn("asker", 10);
        Start();
        Assert.Equal(SystemResult.ArgumentInvalid, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.Figure, ulong.MaxValue));
        Assert.Equal(SystemResult.OperationUnknown, Call(program, KernelWorld.InstanceSlot, 99, 1));
        Assert.Empty(World.Machine.PortWrites);
    }

    /// <summary>Only the coordinator's kernel has a board; others say so.</summary>
    [Theory]
    [InlineData(InstanceControlOperation.Member)]
    [InlineData(InstanceControlOperation.Order)]
    [InlineData(InstanceControlOperation.History)]
    [InlineData(InstanceControlOperation.Watch)]
    public void WithoutABoard_NobodyIsToldOrOrdered(InstanceControlOperation operation)
    {
        Program program = World.Spawn("asker", 10);
        Start();
        Assert.Equal(SystemResult.Unavailable, Call(program, KernelWorld.InstanceSlot, (ulong)operation, 1, (ulong)MemberOrder.Start));
    }

    [Fact]
    public unsafe void Member_TellsTheRow_AndRefusesCoresThatAreNot()
    {
        MemberRow* rows = stackalloc MemberRow[3];
        rows[2] = new MemberRow { Condition = 0x5_0000_0003, Incarnation = 5, Heartbeat = 77, Bytes = 4096, Change = 9, ChangedAt = 1234, Note0 = 11, Note1 = 12 };
        World.Kernel.Members.Rows.Begin((ulong)rows, (ulong)sizeof(MemberRow), 3);
        Program program = World.Spawn("asker", 10);
        Start();

        Assert.Equal(SystemResult.Ok, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.Member, 2));
        Assert.Equal(
            (0x5_0000_0003ul, 5ul, 77ul, 4096ul),
            (program.Context.Rdx, program.Context.R10, program.Context.R8, program.Context.R9));
        Assert.Equal(SystemResult.Ok, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.History, 2));
        Assert.Equal((9ul, 1234ul, 11ul, 12ul), (program.Context.Rdx, program.Context.R10, program.Context.R8, program.Context.R9));
        Assert.Equal(SystemResult.ArgumentInvalid, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.History, 3));
        Assert.Equal(SystemResult.ArgumentInvalid, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.Member, 3));
        Assert.Equal(SystemResult.ArgumentInvalid, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.Member, (1UL << 32) + 1));
        World.Kernel.Members = default;
    }

    [Theory]
    [InlineData(1ul, (ulong)MemberOrder.Start, SystemResult.Ok)]
    [InlineData(2ul, (ulong)MemberOrder.Release, SystemResult.Ok)]
    [InlineData(1ul, (ulong)MemberOrder.Panic, SystemResult.Unavailable)]
    [InlineData(1ul, (ulong)MemberOrder.Hang, SystemResult.Unavailable)]
    [InlineData(0ul, (ulong)MemberOrder.Stop, SystemResult.ArgumentInvalid)]
    [InlineData(3ul, (ulong)MemberOrder.Stop, SystemResult.ArgumentInvalid)]
    [InlineData(ulong.MaxValue, (ulong)MemberOrder.Stop, SystemResult.ArgumentInvalid)]
    [InlineData(1ul, (ulong)MemberOrder.Hang + 1, SystemResult.ArgumentInvalid)]
    [InlineData(1ul, ulong.MaxValue, SystemResult.ArgumentInvalid)]
    public unsafe void Order_IsWrittenDown_OrRefusedAndNothingChanges(ulong core, ulong order, SystemResult expected)
    {
        MemberRow* rows = stackalloc MemberRow[3];
        new Span<MemberRow>(rows, 3).Clear();
        World.Kernel.Members.Rows.Begin((ulong)rows, (ulong)sizeof(MemberRow), 3);
        Program program = World.Spawn("asker", 10);
        uint reader = World.Mint(KernelWorld.InstanceSlot, CapabilityRights.Read | CapabilityRights.Write | CapabilityRights.GrantReply);
        uint connector = World.Mint(KernelWorld.InstanceSlot, CapabilityRights.Write | CapabilityRights.Grant | CapabilityRights.GrantReply);
        Start();

        Assert.Equal(SystemResult.RightMissing, Call(program, reader, (ulong)InstanceControlOperation.Order, core, order, 11, 12));
        Assert.Equal(SystemResult.RightMissing, Call(program, connector, (ulong)InstanceControlOperation.Order, core, order, 11, 12));
        Assert.Equal(SystemResult.RightMissing, Call(program, connector, (ulong)InstanceControlOperation.Watch, 0));
        Assert.False(World.Kernel.Members.HasOrders);
        Assert.Equal(expected, Call(program, KernelWorld.InstanceSlot, (ulong)InstanceControlOperation.Order, core, order, 11, 12));
        Assert.Equal(expected == SystemResult.Ok, World.Kernel.Members.HasOrders);
        for (ulong row = 0; row < 3; row++)
        {
            bool isWritten = expected == SystemResult.Ok && row == core;
            Assert.Equal(isWritten ? ((MemberOrder)order, 11ul, 12ul) : default, (rows[row].Order, rows[row].Note0, rows[row].Note1));
        }

        World.Kernel.Members = default;
    }

    /// <summary>Notes can be left without a step, and the step of before stays.</summary>
    [Fact]
    public unsafe void Notes_AreTakenWithoutAStep()
    {
        MemberRow* rows = stackalloc MemberRow[2];
        new Span<MemberRow>(rows, 2).Clear();
        World.Kernel.Members.Rows.Begin((ulong)rows, (ulong)sizeof(MemberRow), 2);
        Program program = World.Spawn("asker", 10);
        Start();

        Assert.Equal(SystemResult.Ok, Call(program, KernelWorld.InstanceSlot, (ulong)InstanceControlOperation.Order, 1, (ulong)MemberOrder.Stop, 1, 2));
        Assert.Equal(SystemResult.Ok, Call(program, KernelWorld.InstanceSlot, (ulong)InstanceControlOperation.Order, 1, (ulong)MemberOrder.None, 3, 4));
        Assert.Equal((MemberOrder.Stop, 3ul, 4ul), (rows[1].Order, rows[1].Note0, rows[1].Note1));
        World.Kernel.Members = default;
    }

    /// <summary>An image that provokes faults takes such orders.</summary>
    [Fact]
    public unsafe void FaultsAreProvoked_WhereTheImageDoes()
    {
        MemberRow* rows = stackalloc MemberRow[2];
        new Span<MemberRow>(rows, 2).Clear();
        World.Kernel.Members.Rows.Begin((ulong)rows, (ulong)sizeof(MemberRow), 2);
        World.Kernel.Members.ProvokesFaults = true;
        Program program = World.Spawn("asker", 10);
        Start();

        Assert.Equal(SystemResult.Ok, Call(program, KernelWorld.InstanceSlot, (ulong)InstanceControlOperation.Order, 1, (ulong)MemberOrder.Hang));
        Assert.Equal(MemberOrder.Hang, rows[1].Order);
        World.Kernel.Members = default;
    }

    /// <summary>Whoever watches is signalled once for all that has changed since it was last, and no more when its notification is gone.</summary>
    [Fact]
    public unsafe void Watcher_IsSignalledForChanges_UntilItsNotificationIsGone()
    {
        MemberRow* rows = stackalloc MemberRow[2];
        new Span<MemberRow>(rows, 2).Clear();
        World.Kernel.Members.Rows.Begin((ulong)rows, (ulong)sizeof(MemberRow), 2);
        Program program = World.Spawn("asker", 10);
        uint notification = World.Make(CapabilityType.Notification);
        uint badged = World.Mint(notification, CapabilityRights.Write, badge: 8);
        uint deaf = World.Mint(notification, CapabilityRights.Read);
        Start();

        Assert.Equal(SystemResult.RightMissing, Call(program, KernelWorld.InstanceSlot, (ulong)InstanceControlOperation.Watch, deaf));
        Assert.Equal(SystemResult.Ok, Call(program, KernelWorld.InstanceSlot, (ulong)InstanceControlOperation.Watch, badged));
        World.Kernel.Members.Tell(ref World.Kernel.Scheduler);
        Assert.Equal(0ul, World.Notification(notification).Value.Pending);

        World.Kernel.Members.Change(ref rows[1], MemberState.Fenced, MemberCause.Hang);
        World.Kernel.Members.Change(ref rows[1], MemberState.Dead, MemberCause.Hang);
        Assert.Equal((0x2_0000_0004ul, 2ul), (rows[1].Condition, rows[1].Change));
        World.Kernel.Members.Tell(ref World.Kernel.Scheduler);
        Assert.Equal(8ul, World.Notification(notification).Value.Pending);

        Assert.Equal(SystemResult.Ok, Call(program, KernelWorld.CNodeSlot, (ulong)CNodeOperation.Revoke, notification));
        Assert.Equal(SystemResult.Ok, Call(program, KernelWorld.CNodeSlot, (ulong)CNodeOperation.Delete, notification));
        World.Kernel.Members.Change(ref rows[1], MemberState.Empty, MemberCause.None);
        World.Kernel.Members.Tell(ref World.Kernel.Scheduler);
        World.Kernel.Members = default;
    }
}
