using Atoll.Abi;
using Atoll.Cap;
using Atoll.Irq;
using Atoll.Kernel.Tests.Syscall;
using Atoll.Kernel.Tests.Syscall.Model;

namespace Atoll.Kernel.Tests.Irq;

/// <summary>Interrupts of devices (seL4 reference manual, "Hardware I/O", "Interrupt Delivery"; Intel 82093AA; Intel SDM Vol. 3A,
/// "Message Signalled Interrupts").</summary>
public sealed class IrqTableTests : ProgramTest
{
    private const ulong Level = 1;
    private const uint Line = 9;

    private readonly uint _notification;
    private readonly uint _badged;
    private readonly Program _driver;
    private readonly uint _handler;

    public IrqTableTests()
        : base(CallPath.Fast)
    {
        _notification = Make(CapabilityType.Notification);
        _badged = World.Mint(_notification, badge: 16);
        _driver = World.Spawn("driver", 20);
        World.Spawn("other", 10);
        _handler = World.NextFree + 4;
        Start();
    }

    [Fact]
    public void Line_IsMaskedUntilSomebodyListens_AndComesAsASignal()
    {
        Assert.Equal(SystemResult.Ok, GetLine(Line, 0));
        Assert.True(World.Machine.IsMasked(Line));
        Assert.Equal(InterruptVector.FirstDevice, World.Machine.VectorOf(Line));
        Listen();
        Assert.False(World.Machine.IsMasked(Line));
        Receive(_driver, _notification);
        World.Device(0);
        AssertHears(_driver, SystemResult.Ok, 16, MessageHeader.Signal.Raw);
        Assert.Equal(_driver, World.RunningProgram);
        Assert.False(World.Machine.IsMasked(Line));
    }

    [Fact]
    public void LevelTriggeredLine_IsHeldFromItsComingToItsAcknowledgement()
    {
        GetLine(Line, Level);
        Listen();
        World.Device(0);
        Assert.True(World.Machine.IsMasked(Line));
        Invoke(_driver, _handler, IrqHandlerOperation.Acknowledge);
        Assert.False(World.Machine.IsMasked(Line));
    }

    [Fact]
    public void NotificationThatEnds_SilencesTheLine()
    {
        GetLine(Line, 0);
        Listen();
        Invoke(_driver, KernelWorld.CNodeSlot, CNodeOperation.Revoke, _notification);
        Delete(_driver, _notification);
        Assert.True(World.Machine.IsMasked(Line));
        Assert.True(World.Kernel.Interrupts[0].Notification.IsNull);
        World.Device(0);
        KernelInvariants.Check(World);
    }

    [Fact]
    public void HandlerThatEnds_FreesLineAndVector()
    {
        GetLine(Line, 0);
        Listen();
        Assert.Equal(SystemResult.Unavailable, GetLine(Line, 0, _handler + 1));
        Delete(_driver, _handler);
        Assert.True(World.Machine.IsMasked(Line));
        Assert.Equal(SystemResult.Ok, GetLine(Line, 0));
        Assert.Equal(0UL, World.Slot(_handler).Object);
    }

    [Fact]
    public void Message_IsWrittenToTheCoresApic()
    {
        World.Kernel.ApicId = 3;
        Assert.Equal(SystemResult.Ok,
            Invoke(_driver, KernelWorld.IrqSlot, IrqControlOperation.GetMessage, 0, 0, KernelWorld.CNodeSlot, _handler));
        Assert.Equal((0xFEE0_3000UL, (ulong)InterruptVector.FirstDevice), (_driver.Context.Rdx, _driver.Context.R10));
        Listen();
        World.Device(0);
        Assert.Equal(SystemResult.Ok, Receive(_driver, _notification, flags: NonBlocking));
    }

    [Fact]
    public void Vectors_AreGivenOnce_AndThenThereAreNone()
    {
        for (uint number = 0; number < InterruptVector.DeviceCount; number++)
        {
            Assert.Equal(SystemResult.Ok,
                Invoke(_driver, KernelWorld.IrqSlot, IrqControlOperation.GetMessage, 0, 0, KernelWorld.CNodeSlot, _handler + number));
            Assert.Equal(number, World.Slot(_handler + number).Object);
        }

        Assert.Equal(
            SystemResult.Unavailable,
            Invoke(_driver, KernelWorld.IrqSlot, IrqControlOperation.GetMessage, 0, 0, KernelWorld.CNodeSlot,
                _handler + InterruptVector.DeviceCount));
    }

    [Theory]
    [InlineData(ProgramCore.Lines, 0, SystemResult.ArgumentInvalid, 0)]
    [InlineData(ulong.MaxValue, 0, SystemResult.ArgumentInvalid, 0)]
    [InlineData(9, 4, SystemResult.ArgumentInvalid, 1)]
    public void LineThatThereIsNot_IsRefused(ulong line, ulong trigger, SystemResult result, ulong word)
    {
        Assert.Equal(result, GetLine(line, trigger));
        Assert.Equal(word, _driver.Context.Rdx);
    }

    [Fact]
    public void InterruptsThatCameInTheKernel_AreKept()
    {
        IrqTable table = default;
        Assert.False(table.HasRaised);
        table.Mark(InterruptVector.FirstDevice);
        table.Mark(InterruptVector.FirstDevice + 5);
        Assert.True(table.HasRaised);
        Assert.Equal(0b10_0001UL, table.TakeRaised());
        Assert.False(table.HasRaised);
    }

    [Fact]
    public void WithoutTheRightToSignal_NobodyIsListenedFor()
    {
        uint weak = World.Mint(_notification, CapabilityRights.Read);
        GetLine(Line, 0);
        Assert.Equal(SystemResult.RightMissing, Invoke(_driver, _handler, IrqHandlerOperation.SetNotification, weak));
        Assert.True(World.Machine.IsMasked(Line));
    }

    private SystemResult GetLine(ulong line, ulong trigger, uint slot = 0) =>
        Invoke(_driver, KernelWorld.IrqSlot, IrqControlOperation.GetLine, line, trigger, KernelWorld.CNodeSlot, slot == 0 ? _handler
            : slot);

    private void Listen() => Assert.Equal(SystemResult.Ok, Invoke(_driver, _handler, IrqHandlerOperation.SetNotification, _badged));
}
