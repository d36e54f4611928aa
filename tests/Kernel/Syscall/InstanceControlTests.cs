using Atoll.Abi;
using Atoll.Kernel.Tests.Syscall.Model;
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
}
