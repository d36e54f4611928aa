using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Making objects: sizes and places from docs/capabilities.md, refusals, zeroed memory, bounded steps.</summary>
public sealed class RetypeTests : IDisposable
{
    private readonly CapabilityWorld _world = new();

    [Theory]
    [InlineData(CapabilityType.Endpoint, 0, 64)]
    [InlineData(CapabilityType.Notification, 0, 64)]
    [InlineData(CapabilityType.Reply, 0, 64)]
    [InlineData(CapabilityType.SchedulingContext, 0, 128)]
    [InlineData(CapabilityType.Thread, 0, 2048)]
    [InlineData(CapabilityType.PageTable, 0, 4096)]
    [InlineData(CapabilityType.VSpace, 0, 4096)]
    [InlineData(CapabilityType.Frame, 12, 4096)]
    [InlineData(CapabilityType.CNode, 3, 512)]
    [InlineData(CapabilityType.Untyped, 9, 512)]
    public void Objects_FollowOneAnother_AlignedToTheirSize(CapabilityType type, byte bits, int size)
    {
        Assert.Equal(SystemResult.Ok, Make(CapabilityType.Endpoint, 0, 1, index: 20).Result);
        Assert.Equal(SystemResult.Ok, Make(type, bits, 2, index: 21).Result);

        ulong first = _world.UntypedBase + (ulong)Math.Max(size, 64);
        Assert.Equal(first, CapabilityWorld.Slot(_world.RootSlot(21)).Object);
        Assert.Equal(first + (ulong)size, CapabilityWorld.Slot(_world.RootSlot(22)).Object);
        Assert.Equal((ulong)Math.Max(size, 64) + (2 * (ulong)size), CapabilityWorld.Slot(_world.UntypedSlot).Watermark);
        Assert.Equal(CapabilityRights.All, CapabilityWorld.Slot(_world.RootSlot(21)).Rights);
        Assert.Equal(_world.UntypedSlot, CapabilityWorld.Slot(_world.RootSlot(22)).Next.Slot.Address);
    }

    [Theory]
    [InlineData(CapabilityType.Null, 0, 1)]
    [InlineData(CapabilityType.IrqHandler, 0, 1)]
    [InlineData(CapabilityType.IrqControl, 0, 1)]
    [InlineData(CapabilityType.Dying, 0, 1)]
    [InlineData((CapabilityType)200, 0, 1)]
    [InlineData(CapabilityType.Frame, 13, 1)]
    [InlineData(CapabilityType.Frame, 0, 1)]
    [InlineData(CapabilityType.Untyped, 5, 1)]
    [InlineData(CapabilityType.Untyped, 40, 1)]
    [InlineData(CapabilityType.CNode, 0, 1)]
    [InlineData(CapabilityType.CNode, 17, 1)]
    [InlineData(CapabilityType.Endpoint, 1, 1)]
    [InlineData(CapabilityType.Endpoint, 0, 0)]
    [InlineData(CapabilityType.Endpoint, 0, 257)]
    public void WhatIsNoObject_IsArgument0(CapabilityType type, byte bits, uint count) =>
        Refuses(Make(type, bits, count, index: 10), SystemResult.ArgumentInvalid, 0);

    /// <summary>The root CNode has 64 slots, and slot 2 holds the untyped itself.</summary>
    [Fact]
    public void Slots_MustBeThereAndEmpty()
    {
        Refuses(Make(CapabilityType.Endpoint, 0, 5, index: 60), SystemResult.ArgumentInvalid, 2);
        Refuses(Make(CapabilityType.Endpoint, 0, 1, index: 64), SystemResult.ArgumentInvalid, 2);
        Refuses(Make(CapabilityType.Endpoint, 0, 1, index: ulong.MaxValue), SystemResult.ArgumentInvalid, 2);
        Refuses(Make(CapabilityType.Endpoint, 0, 4, index: 0), SystemResult.SlotOccupied, 1);
    }

    /// <summary>1 MiB less 64 bytes are left: no second MiB, and no frame of 2 MiB at all.</summary>
    [Fact]
    public void MemoryThatIsNotThere_IsToldInBytes()
    {
        Refuses(Make(CapabilityType.Frame, 21, 1, index: 10), SystemResult.NotEnoughMemory, 1 << 20);
        Assert.True(Make(CapabilityType.Endpoint, 0, 1, index: 10).IsOk);
        Refuses(Make(CapabilityType.Untyped, 20, 1, index: 11), SystemResult.NotEnoughMemory, (1 << 20) - 64);
        Refuses(Make(CapabilityType.Untyped, 39, 256 - 1, index: 11), SystemResult.ArgumentInvalid, 2);
        Refuses(Make(CapabilityType.Untyped, 39, 40, index: 11), SystemResult.NotEnoughMemory, (1 << 20) - 64);
        Assert.Equal(64UL, CapabilityWorld.Slot(_world.UntypedSlot).Watermark);
    }

    /// <summary>Devices are never written, so nothing of the kernel can be made of them.</summary>
    [Fact]
    public void Devices_BecomeFramesOnly()
    {
        Refuses(_world.Retype(_world.DeviceSlot, RetypeRequest.Of(CapabilityType.Thread), _world.NodeSlot, 10),
            SystemResult.ArgumentInvalid, 0);
        Assert.True(_world.Retype(_world.DeviceSlot, RetypeRequest.Of(CapabilityType.Frame, 30, 2), _world.NodeSlot, 10).IsOk);
        Assert.Equal(CapabilityWorld.DeviceBase + (1UL << 30), CapabilityWorld.Slot(_world.RootSlot(11)).Object);
        Assert.Equal(SlotFlags.Outside | SlotFlags.Device, CapabilityWorld.Slot(_world.RootSlot(11)).Flags);
    }

    /// <summary>A CNode of 4096 slots has 256 KiB: four steps of 64 KiB, the last of which makes it.</summary>
    [Fact]
    public void BigObjects_AreZeroedInSteps()
    {
        for (int step = 1; step <= 4; step++)
        {
            Assert.Equal(step < 4 ? SystemResult.Again : SystemResult.Ok, Step(RetypeRequest.Of(CapabilityType.CNode, 12)));
            Assert.Equal((ulong)step * 64 * 1024, CapabilityWorld.Slot(_world.UntypedSlot).ZeroedEnd);
            Assert.Equal(step == 4, !CapabilityWorld.Slot(_world.RootSlot(10)).IsEmpty);
        }

        Assert.Equal(-1, CapabilityWorld.Memory(_world.UntypedBase, 256 * 1024).IndexOfAnyExcept((byte)0));
    }

    /// <summary>What one request has zeroed another may use; what lies before is lost at once, as it is not zero.</summary>
    [Fact]
    public void AbandonedRequest_LeavesOnlyZeroedMemoryFree()
    {
        Assert.True(Make(CapabilityType.Endpoint, 0, 1, index: 20).IsOk);
        Assert.Equal(SystemResult.Again, Step(RetypeRequest.Of(CapabilityType.CNode, 12)));
        Assert.Equal(256UL * 1024, CapabilityWorld.Slot(_world.UntypedSlot).Watermark);
        Assert.True(Make(CapabilityType.Frame, 12, 20, index: 21).IsOk);
        ulong frames = CapabilityWorld.Slot(_world.RootSlot(21)).Object;
        Assert.Equal(_world.UntypedBase + (256 * 1024), frames);
        Assert.Equal(-1, CapabilityWorld.Memory(frames, 20 * 4096).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Reset_WaitsForTheLast_AndThenMemoryIsZeroAgain()
    {
        Assert.True(Make(CapabilityType.Frame, 12, 1, index: 20).IsOk);
        CapabilityWorld.Memory(_world.UntypedBase, 4096).Fill(0x77);
        Refuses(UntypedReset.Reset(ref CapabilityWorld.Slot(_world.UntypedSlot)), SystemResult.HasChildren, 0);
        _world.Delete(_world.RootSlot(20));
        Assert.True(UntypedReset.Reset(ref CapabilityWorld.Slot(_world.UntypedSlot)).IsOk);
        Assert.True(Make(CapabilityType.CNode, 6, 1, index: 20).IsOk);
        Assert.Equal(_world.UntypedBase, CapabilityWorld.Slot(_world.RootSlot(20)).Object);
        Assert.Equal(-1, CapabilityWorld.Memory(_world.UntypedBase, 4096).IndexOfAnyExcept((byte)0));
    }

    /// <summary>The table numbers four address spaces at a time.</summary>
    [Fact]
    public void AddressSpaces_AreNumbered()
    {
        Refuses(Make(CapabilityType.VSpace, 0, 5, index: 20), SystemResult.Unavailable, 0);
        Assert.True(Make(CapabilityType.VSpace, 0, 4, index: 20).IsOk);
        Refuses(Make(CapabilityType.VSpace, 0, 1, index: 30), SystemResult.Unavailable, 0);
        ulong gone = CapabilityWorld.Slot(_world.RootSlot(21)).SpaceNumber;
        _world.Delete(_world.RootSlot(21));
        Assert.True(Make(CapabilityType.VSpace, 0, 1, index: 30).IsOk);
        Assert.NotEqual(gone, CapabilityWorld.Slot(_world.RootSlot(30)).SpaceNumber);
        Assert.True(_world.State.Capabilities.Spaces.Find(gone).IsNull);
        Assert.True(_world.State.Capabilities.Spaces.Find(0).IsNull);
    }

    public void Dispose() => _world.Dispose();

    private static void Refuses(Outcome outcome, SystemResult result, ulong word) =>
        Assert.Equal((result, word), (outcome.Result, outcome.Word));

    private Outcome Make(CapabilityType type, byte bits, uint count, ulong index) =>
        _world.Retype(_world.UntypedSlot, RetypeRequest.Of(type, bits, count), _world.NodeSlot, index);

    private SystemResult Step(RetypeRequest request)
    {
        Outcome outcome = Retype.Decode(
            in _world.State.Capabilities, CapabilityWorld.At(_world.UntypedSlot), request,
                in CapabilityWorld.Slot(_world.NodeSlot), 10, out RetypePlan plan);
        Assert.True(outcome.IsOk);
        return Retype.Commit(ref _world.State.Capabilities, in plan).Result;
    }
}
