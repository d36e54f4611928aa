using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Copy, mint and describe.</summary>
public sealed class CopyingTests : IDisposable
{
    private readonly CapabilityWorld _world = new();

    [Fact]
    public void Copy_HasAtMostTheRights_AndIsAChild()
    {
        Make(CapabilityType.Endpoint, 0, 10);
        Assert.True(Copying.Derive(At(10), At(11), CapabilityRights.Read | CapabilityRights.Write).IsOk);
        Assert.True(Copying.Derive(At(11), At(12), CapabilityRights.All).IsOk);
        Assert.Equal(CapabilityRights.Read | CapabilityRights.Write, At(12).Value.Rights);
        Assert.Equal(_world.RootSlot(12), At(11).Value.FirstChild.Address);
    }

    [Fact]
    public void Badge_IsGivenOnce_AndCopied()
    {
        Make(CapabilityType.Notification, 0, 10);
        Assert.True(Copying.Mint(At(10), At(11), CapabilityRights.All, 0xFEED).IsOk);
        Assert.True(Copying.Derive(At(11), At(12), CapabilityRights.All).IsOk);
        Assert.Equal((0xFEEDUL, 0xFEEDUL, 0UL), (At(11).Value.Badge, At(12).Value.Badge, At(10).Value.Badge));
        Is(SystemResult.ArgumentInvalid, 3, Copying.Mint(At(11), At(13), CapabilityRights.All, 1));
        Assert.True(At(13).Value.IsEmpty);
    }

    /// <summary>A radix of 6 leaves 58 bits for a guard; the value has no more bits than the length says.</summary>
    [Theory]
    [InlineData(58, 0UL, true)]
    [InlineData(59, 0UL, false)]
    [InlineData(4, 15UL, true)]
    [InlineData(4, 16UL, false)]
    [InlineData(0, 0UL, true)]
    [InlineData(0, 1UL, false)]
    public void Guard_LeavesRoomForTheRadix(byte bits, ulong value, bool isRight)
    {
        Outcome outcome = Copying.Mint(CapabilityWorld.At(_world.NodeSlot), At(11), CapabilityRights.All, CNodeGuard.Of(bits, value).Raw);
        Assert.Equal(isRight, outcome.IsOk);
        Assert.Equal(isRight ? (bits, value) : (0u, 0UL), (At(11).Value.Extra, At(11).Value.Badge));
    }

    [Fact]
    public void WhatCannotBeCopied_SaysSo()
    {
        Make(CapabilityType.PageTable, 0, 10);
        Is(SystemResult.NotCopyable, 0, Copying.Derive(At(10), At(11), CapabilityRights.All));
        Is(SystemResult.SlotEmpty, 64, Copying.Derive(At(40), At(11), CapabilityRights.All));
        Is(SystemResult.HasChildren, 0, Copying.Derive(CapabilityWorld.At(_world.UntypedSlot), At(11), CapabilityRights.All));
        Make(CapabilityType.Thread, 0, 12);
        Is(SystemResult.ArgumentInvalid, 3, Copying.Mint(At(12), At(13), CapabilityRights.All, 1));
    }

    /// <summary>The copy of an untyped has all of the memory; the original none until the copy is gone and it is reset.</summary>
    [Fact]
    public void CopyOfAnUntyped_TakesAllOfIt()
    {
        Make(CapabilityType.Untyped, 12, 10);
        Assert.True(Copying.Derive(At(10), At(11), CapabilityRights.All).IsOk);
        Is(SystemResult.NotEnoughMemory, 0, _world.Retype(_world.RootSlot(10), RetypeRequest.Of(CapabilityType.Endpoint),
            _world.NodeSlot, 12));
        Assert.True(_world.Retype(_world.RootSlot(11), RetypeRequest.Of(CapabilityType.Endpoint), _world.NodeSlot, 12).IsOk);
        _world.Revoke(_world.RootSlot(10));
        Assert.True(At(11).Value.IsEmpty && At(12).Value.IsEmpty);
        Assert.True(UntypedReset.Reset(ref At(10).Value).IsOk);
        Assert.True(_world.Retype(_world.RootSlot(10), RetypeRequest.Of(CapabilityType.Endpoint), _world.NodeSlot, 12).IsOk);
    }

    [Fact]
    public void Description_TellsWhatTheHolderMayKnow()
    {
        Make(CapabilityType.Untyped, 12, 10);
        Assert.True(_world.Retype(_world.RootSlot(10), RetypeRequest.Of(CapabilityType.Endpoint), _world.NodeSlot, 11).IsOk);
        Assert.True(Copying.Mint(At(11), At(12), CapabilityRights.Write, 99).IsOk);
        var untyped = new SlotDescription(in _world.State.Capabilities, in At(10).Value);
        var badged = new SlotDescription(in _world.State.Capabilities, in At(12).Value);
        Assert.Equal((0xF01UL, 0x10CUL, 4032UL), (untyped.Kind, untyped.Size, untyped.Detail));
        Assert.Equal((0x207UL, 0UL, 99UL), (badged.Kind, badged.Size, badged.Detail));
    }

    public void Dispose() => _world.Dispose();

    private static void Is(SystemResult result, ulong word, Outcome outcome) => Assert.Equal((result, word), (outcome.Result,
        outcome.Word));

    private ObjectPointer<CapabilitySlot> At(int index) => CapabilityWorld.At(_world.RootSlot(index));

    private void Make(CapabilityType type, byte bits, ulong index) =>
        Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(type, bits), _world.NodeSlot, index).IsOk);
}
