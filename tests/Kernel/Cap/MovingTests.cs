using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Move and swap: the capability goes with its children, mapping and badge; and what configuring a thread
/// refuses.</summary>
public sealed class MovingTests : IDisposable
{
    private readonly CapabilityWorld _world = new();

    [Fact]
    public void Move_TakesChildrenAlong_AndLeavesNothing()
    {
        Make(CapabilityType.Endpoint, 0, 10);
        Assert.True(Copying.Mint(At(10), At(11), CapabilityRights.Write, 5).IsOk);
        Assert.True(Copying.Derive(At(11), At(12), CapabilityRights.All).IsOk);
        Assert.True(Moving.Move(At(11), At(20)).IsOk);

        Assert.True(At(11).Value.IsEmpty && At(11).Value.FirstChild.IsNull);
        Assert.Equal((5UL, CapabilityRights.Write), (At(20).Value.Badge, At(20).Value.Rights));
        Assert.Equal(_world.RootSlot(20), At(10).Value.FirstChild.Address);
        Assert.Equal(_world.RootSlot(20), At(12).Value.Previous.Slot.Address);
        _world.Revoke(_world.RootSlot(10));
        Assert.True(At(20).Value.IsEmpty && At(12).Value.IsEmpty);
    }

    /// <summary>Parent and child change places: the child is the parent then, in the other slot.</summary>
    [Fact]
    public void Swap_OfParentAndChild_KeepsWhoCameFromWhom()
    {
        Make(CapabilityType.Endpoint, 0, 10);
        Assert.True(Copying.Mint(At(10), At(11), CapabilityRights.All, 5).IsOk);
        Assert.True(Moving.Swap(At(10), At(11)).IsOk);

        Assert.Equal((5UL, 0UL), (At(10).Value.Badge, At(11).Value.Badge));
        Assert.Equal(_world.RootSlot(10), At(11).Value.FirstChild.Address);
        Assert.True(At(10).Value.Previous.IsParent);
        _world.Revoke(_world.RootSlot(11));
        Assert.True(At(10).Value.IsEmpty);
        Assert.False(At(11).Value.IsEmpty);
    }

    [Fact]
    public void EmptySlots_AreRefused()
    {
        Make(CapabilityType.Endpoint, 0, 10);
        Assert.Equal(SystemResult.SlotEmpty, Moving.Move(At(11), At(12)).Result);
        Assert.Equal(SystemResult.SlotEmpty, Moving.Swap(At(10), At(11)).Result);
        Assert.Equal(SystemResult.SlotEmpty, Moving.Swap(At(11), At(10)).Result);
        Assert.True(Moving.Swap(At(10), At(10)).IsOk);
        Assert.Equal(CapabilityType.Endpoint, At(10).Value.Type);
    }

    /// <summary>The kernel writes the buffer, so the frame's holder must be allowed to, and the kernel must reach it.</summary>
    [Fact]
    public void Buffer_MustBeWritable_AndInside()
    {
        Make(CapabilityType.Thread, 0, 10);
        Make(CapabilityType.VSpace, 0, 11);
        Make(CapabilityType.CNode, 3, 12);
        Make(CapabilityType.Frame, 12, 13);
        Assert.True(Copying.Derive(At(13), At(14), CapabilityRights.Read).IsOk);
        Assert.True(_world.Retype(_world.DeviceSlot, RetypeRequest.Of(CapabilityType.Frame, 12), _world.NodeSlot, 15).IsOk);

        Assert.Equal((SystemResult.ArgumentInvalid, 3UL), Configure(14));
        Assert.Equal((SystemResult.ArgumentInvalid, 3UL), Configure(15));
        Assert.Equal(0UL, At(10).Value.Thread.Value.TableRoot);
        Assert.Equal((SystemResult.Ok, 0UL), Configure(13));
        Assert.Equal(At(11).Value.Object, At(10).Value.Thread.Value.TableRoot);
        ThreadSlots.PlaceBuffer(ref At(10).Value.Thread.Value, 1024, 0x5400);
        Assert.Equal(At(13).Value.Object + 1024, At(10).Value.Thread.Value.Buffer.Address);
    }

    /// <summary>A fresh thread that is resumed by mistake runs with interrupts on: bit 9 of the flags, and bit 1.</summary>
    [Fact]
    public void FreshThread_HasAProgramsFlags()
    {
        Make(CapabilityType.Thread, 0, 10);
        Assert.Equal(0x202UL, At(10).Value.Thread.Value.Context.Rflags);
    }

    public void Dispose() => _world.Dispose();

    private (SystemResult Result, ulong Word) Configure(int frame)
    {
        Outcome outcome = ThreadSlots.Set<TestHost, TestState>(ref _world.State, At(10).Value.Thread, At(12), At(11), default, At(frame));
        return (outcome.Result, outcome.Word);
    }

    private ObjectPointer<CapabilitySlot> At(int index) => CapabilityWorld.At(_world.RootSlot(index));

    private void Make(CapabilityType type, byte bits, ulong index) =>
        Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(type, bits), _world.NodeSlot, index).IsOk);
}
