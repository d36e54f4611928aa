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
        rows[2] = new MemberRow { State = (ulong)MemberState.Healthy, Incarnation = 5, Heartbeat = 77, Bytes = 4096 };
        World.Kernel.Members.Rows.Begin((ulong)rows, (ulong)sizeof(MemberRow), 3);
        Program program = World.Spawn("asker", 10);
        Start();

        Assert.Equal(SystemResult.Ok, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.Member, 2));
        Assert.Equal(
            ((ulong)MemberState.Healthy, 5ul, 77ul, 4096ul),
            (program.Context.Rdx, program.Context.R10, program.Context.R8, program.Context.R9));
        Assert.Equal(SystemResult.ArgumentInvalid, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.Member, 3));
        Assert.Equal(SystemResult.ArgumentInvalid, Invoke(program, KernelWorld.InstanceSlot, InstanceControlOperation.Member, (1UL << 32) + 1));
        World.Kernel.Members = default;
    }

    [Theory]
    [InlineData(1ul, (ulong)MemberOrder.Start, SystemResult.Ok)]
    [InlineData(2ul, (ulong)MemberOrder.Restart, SystemResult.Ok)]
    [InlineData(0ul, (ulong)MemberOrder.Stop, SystemResult.ArgumentInvalid)]
    [InlineData(3ul, (ulong)MemberOrder.Stop, SystemResult.ArgumentInvalid)]
    [InlineData(ulong.MaxValue, (ulong)MemberOrder.Stop, SystemResult.ArgumentInvalid)]
    [InlineData(1ul, 0ul, SystemResult.ArgumentInvalid)]
    [InlineData(1ul, (ulong)MemberOrder.Restart + 1, SystemResult.ArgumentInvalid)]
    [InlineData(1ul, ulong.MaxValue, SystemResult.ArgumentInvalid)]
    public unsafe void Order_IsWrittenDown_OrRefusedAndNothingChanges(ulong core, ulong order, SystemResult expected)
    {
        MemberRow* rows = stackalloc MemberRow[3];
        new Span<MemberRow>(rows, 3).Clear();
        World.Kernel.Members.Rows.Begin((ulong)rows, (ulong)sizeof(MemberRow), 3);
        Program program = World.Spawn("asker", 10);
        uint reader = World.Mint(KernelWorld.InstanceSlot, CapabilityRights.Read);
        Start();

        Assert.Equal(SystemResult.RightMissing, Call(program, reader, (ulong)InstanceControlOperation.Order, core, order));
        Assert.False(World.Kernel.Members.HasOrders);
        Assert.Equal(expected, Call(program, KernelWorld.InstanceSlot, (ulong)InstanceControlOperation.Order, core, order));
        Assert.Equal(expected == SystemResult.Ok, World.Kernel.Members.HasOrders);
        for (ulong row = 0; row < 3; row++)
        {
            Assert.Equal(expected == SystemResult.Ok && row == core ? (MemberOrder)order : MemberOrder.None, rows[row].Order);
        }

        World.Kernel.Members = default;
    }
}
