using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Frames and page tables in address spaces: rights, limits, refusals, and no translation that is stale.</summary>
public sealed class MappingTests : IDisposable
{
    private const ulong Address = 0x4000_0000;

    private readonly CapabilityWorld _world = new();

    public MappingTests()
    {
        Make(CapabilityType.VSpace, 0, Space, 1);
        Make(CapabilityType.PageTable, 0, Table3, 3);
        Make(CapabilityType.Frame, 12, Frame, 2);
        Assert.True(_world.Retype(_world.DeviceSlot, RetypeRequest.Of(CapabilityType.Frame, 30), _world.NodeSlot, Huge).IsOk);
        Assert.True(_world.Retype(_world.DeviceSlot, RetypeRequest.Of(CapabilityType.Frame, 21), _world.NodeSlot, Large).IsOk);
    }

    private static ulong Space => 10;

    private static ulong Table3 => 11;

    private static ulong Frame => 14;

    private static ulong Huge => 16;

    private static ulong Large => 17;

    [Theory]
    [InlineData(MapRights.Read, "R")]
    [InlineData(MapRights.ReadWrite, "RW")]
    [InlineData(MapRights.ReadExecute, "RX")]
    public void Frame_IsReachableWithItsRights(MapRights rights, string shown)
    {
        EnterTables();
        Assert.True(Map(Frame, Address, (ulong)rights).IsOk);
        Assert.Equal([new UserPage(Address, At(Frame).Object, 4096, shown)], Pages());
        Assert.True(Unmap(Frame).IsOk);
        Assert.Empty(Pages());
        Is(SystemResult.NotMapped, 0, Unmap(Frame));
    }

    [Fact]
    public void LargeFrames_NeedFewerTables()
    {
        Is(SystemResult.TableMissing, 3, Map(Huge, Address, 1));
        Assert.True(Enter(Table3, 0, 3).IsOk);
        Assert.True(Map(Huge, Address, 1).IsOk);
        Is(SystemResult.TableMissing, 2, Map(Large, 0x8000_0000, 0));
        Is(SystemResult.AddressTaken, 0, Map(Frame, Address + 0x5000, 0));
        Is(SystemResult.AddressTaken, 0, Enter(Table3 + 1, Address, 2));
        Assert.True(Enter(Table3 + 1, 0x8000_0000, 2).IsOk);
        Is(SystemResult.TableMissing, 1, Map(Frame, 0x8000_0000, 0));
        Assert.True(Map(Large, 0x8000_0000, 0).IsOk);
        Assert.Equal(
            [new UserPage(Address, CapabilityWorld.DeviceBase, 1 << 30, "RW uncached"), new UserPage(0x8000_0000,
                CapabilityWorld.DeviceBase + (1 << 30), 1 << 21, "R uncached")],
            Pages());
    }

    /// <summary>What is lent as a whole is in no table of its owner from that moment, and no translation of it is left.</summary>
    [Fact]
    public void LentFrame_IsTakenOut()
    {
        EnterTables();
        Assert.True(Map(Frame, Address, (ulong)MapRights.ReadWrite).IsOk);
        Touch();
        Crossing.Lend(in _world.State.Capabilities, ref At(Frame));
        Assert.Empty(Pages());
        Crossing.TakeBack(ref At(Frame));
        Is(SystemResult.NotMapped, 0, Unmap(Frame));
    }

    [Fact]
    public void HugeFrame_NeedsTheProcessor()
    {
        _world.State.Capabilities.HasHugePages = false;
        Assert.True(Enter(Table3, 0, 3).IsOk);
        Is(SystemResult.Unavailable, 0, Map(Huge, Address, 1));
    }

    /// <summary>Page 0 and the last page of the lower half are nobody's; user memory ends at 0x7FFF_FFFF_F000.</summary>
    [Theory]
    [InlineData(0UL)]
    [InlineData(0x7FFF_FFFF_F000UL)]
    [InlineData(0x8000_0000_0000UL)]
    [InlineData(0xFFFF_8000_0000_0000UL)]
    [InlineData(0xFFFF_FFFF_FFFF_F000UL)]
    public void AddressesOutsideOfUserMemory_AreArgument1(ulong address)
    {
        EnterTables();
        Is(SystemResult.ArgumentInvalid, 1, Map(Frame, address, 0));
    }

    [Fact]
    public void FirstAndLastPage_CanBeMapped()
    {
        Assert.True(Enter(Table3, 0, 3).IsOk);
        Assert.True(Enter(Table3 + 1, 0, 2).IsOk);
        Assert.True(Enter(Table3 + 2, 0, 1).IsOk);
        Assert.True(Map(Frame, 0x1000, 0).IsOk);
        Make(CapabilityType.PageTable, 0, 30, 3);
        Assert.True(Enter(30, 0x7F80_0000_0000, 3).IsOk);
        Assert.True(Enter(31, 0x7FFF_C000_0000, 2).IsOk);
        Assert.True(Enter(32, 0x7FFF_FFE0_0000, 1).IsOk);
        Assert.True(Map(Frame + 1, 0x7FFF_FFFF_E000, 0).IsOk);
        Assert.Equal([0x1000UL, 0x7FFF_FFFF_E000UL], Pages().Select(page => page.Virtual));
    }

    [Fact]
    public void WrongRightsAndAlignment_AreRefused()
    {
        EnterTables();
        Assert.True(Copying.Derive(CapabilityWorld.At(_world.RootSlot((int)Frame)), CapabilityWorld.At(_world.RootSlot(20)),
            CapabilityRights.Read).IsOk);
        Is(SystemResult.RightMissing, (ulong)CapabilityRights.Write, Map(20, Address, 1));
        Assert.True(Map(20, Address, 2).IsOk);
        Is(SystemResult.ArgumentInvalid, 2, Map(Frame, Address, 3));
        Is(SystemResult.ArgumentInvalid, 2, Map(Huge, Address, 2));
        Is(SystemResult.Unaligned, 1, Map(Frame, Address + 0x800, 0));
        Is(SystemResult.Unaligned, 1, Map(Large, Address + 0x1000, 0));
        Is(SystemResult.ArgumentInvalid, 2, Enter(Table3, Address, 0));
        Is(SystemResult.ArgumentInvalid, 2, Enter(Table3, Address, 4));
        Make(CapabilityType.PageTable, 0, 30, 1);
        Is(SystemResult.Unaligned, 1, Enter(30, Address + 0x1000, 1));
        Is(SystemResult.ArgumentInvalid, 1, Enter(30, 0x8000_0000_0000, 3));
    }

    [Fact]
    public void Capability_MapsAtOnePlaceAtATime()
    {
        EnterTables();
        Assert.True(Map(Frame, Address, 1).IsOk);
        Is(SystemResult.AlreadyMapped, 0, Map(Frame, Address + 0x1000, 1));
        Is(SystemResult.AddressTaken, 0, Map(Frame + 1, Address, 1));
        Is(SystemResult.AlreadyMapped, 0, Enter(Table3 + 2, Address + 0x20_0000, 1));

        // A copy maps the same frame a second time.
        Assert.True(Copying.Derive(CapabilityWorld.At(_world.RootSlot((int)Frame)), CapabilityWorld.At(_world.RootSlot(20)),
            CapabilityRights.All).IsOk);
        Is(SystemResult.NotMapped, 0, Unmap(20));
        Assert.True(Map(20, Address + 0x1000, 0).IsOk);
        _world.Delete(_world.RootSlot(20));
        Assert.Equal([Address], Pages().Select(page => page.Virtual));
    }

    /// <summary>Mapped again at the same place: the rights change, and the core forgets the old ones.</summary>
    [Fact]
    public void TakenRights_AreGoneFromTheCore()
    {
        EnterTables();
        Assert.True(Map(Frame, Address, 1).IsOk);
        Touch();
        Assert.True(Map(Frame, Address, 0).IsOk);
        Assert.Empty(_world.Machine.Cached);
        Assert.Equal("R", Assert.Single(Pages()).Rights);
    }

    [Fact]
    public void UnmappedAndDeleted_AreGoneFromTheCore()
    {
        EnterTables();
        Assert.True(Map(Frame, Address, 1).IsOk);
        Assert.True(Map(Frame + 1, Address + 0x1000, 1).IsOk);
        Touch();
        Assert.True(Unmap(Frame).IsOk);
        Assert.Equal([Address + 0x1000], _world.Machine.Cached.Keys);
        _world.Delete(_world.RootSlot((int)Frame + 1));
        Assert.Empty(_world.Machine.Cached);
    }

    /// <summary>A table that is out takes its pages along, and brings none back.</summary>
    [Fact]
    public void TableThatIsOut_TakesItsPagesAlong()
    {
        EnterTables();
        Assert.True(Map(Frame, Address, 1).IsOk);
        Touch();
        Assert.True(PageTableMapping.Unmap(in _world.State.Capabilities, CapabilityWorld.At(_world.RootSlot((int)Table3 + 1))).IsOk);
        Assert.Empty(_world.Machine.Cached);
        Assert.Empty(Pages());
        Is(SystemResult.NotMapped, 0, Unmap(Frame));

        // The level 1 table hung below the one that is out. It comes in at another place, empty.
        Make(CapabilityType.PageTable, 0, 30, 1);
        Assert.True(Enter(30, Address, 2).IsOk);
        Assert.True(Enter(Table3 + 2, Address + 0x20_0000, 1).IsOk);
        Assert.Empty(Pages());
        Assert.True(Map(Frame, Address + 0x20_0000, 1).IsOk);
    }

    /// <summary>The address space ends: one store, and nothing that was mapped in it is believed, also not in a new
    /// one at the same memory.</summary>
    [Fact]
    public void EndedAddressSpace_IsForgotten()
    {
        EnterTables();
        Assert.True(Map(Frame, Address, 1).IsOk);
        Touch();
        _world.Delete(_world.RootSlot((int)Space));
        Assert.Equal(_world.KernelTables, _world.Machine.PageTables);
        Is(SystemResult.NotMapped, 0, Unmap(Frame));

        Make(CapabilityType.VSpace, 0, Space, 1);
        EnterTables();
        Assert.Empty(Pages());
        Assert.True(Map(Frame, Address, 1).IsOk);
    }

    public void Dispose() => _world.Dispose();

    private static void Is(SystemResult result, ulong word, Outcome outcome) => Assert.Equal((result, word), (outcome.Result,
        outcome.Word));

    private void Make(CapabilityType type, byte bits, ulong index, uint count) =>
        Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(type, bits, count), _world.NodeSlot, index).IsOk);

    private ref CapabilitySlot At(ulong index) => ref CapabilityWorld.Slot(_world.RootSlot((int)index));

    private void EnterTables()
    {
        Assert.True(Enter(Table3, 0, 3).IsOk);
        Assert.True(Enter(Table3 + 1, Address, 2).IsOk);
        Assert.True(Enter(Table3 + 2, Address, 1).IsOk);
    }

    private Outcome Enter(ulong table, ulong address, ulong level)
    {
        Outcome outcome = PageTableMapping.Decode(
            in _world.State.Capabilities, CapabilityWorld.At(_world.RootSlot((int)table)), in At(Space), address, level,
                out PageTableMapPlan plan);
        if (outcome.IsOk)
        {
            PageTableMapping.Commit(in plan);
        }

        return outcome;
    }

    private Outcome Map(ulong frame, ulong address, ulong rights)
    {
        Outcome outcome = FrameMapping.Decode(
            in _world.State.Capabilities, CapabilityWorld.At(_world.RootSlot((int)frame)), in At(Space), address, rights,
                out FrameMapPlan plan);
        if (outcome.IsOk)
        {
            FrameMapping.Commit(in plan);
        }

        return outcome;
    }

    private Outcome Unmap(ulong frame) => FrameMapping.Unmap(in _world.State.Capabilities,
        CapabilityWorld.At(_world.RootSlot((int)frame)));

    private List<UserPage> Pages() => UserPages.Of(At(Space).Object);

    private void Touch()
    {
        _world.Machine.UsePageTables(At(Space).Object);
        Pages().ForEach(_world.Machine.Touch);
    }
}
