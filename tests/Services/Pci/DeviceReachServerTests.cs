using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Pci;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Pci;

/// <summary>On a machine with a unit that sees to it, a device reaches the frames that its driver has mapped for it, for what it said, and nothing else; who tries is stopped.</summary>
public sealed class DeviceReachServerTests
{
    private const uint Nic = 0x1041_1AF4;
    private const uint Disk = 0x1042_1AF4;
    private const ushort NicPlace = 2 << 3;
    private const ushort DiskPlace = (5 << 8) | (1 << 3);
    private const uint Devices = 60;
    private const uint FaultSlot = 55;
    private const uint FrameSlot = 90;
    private const ulong Base = 0xC000_0000;
    private const ulong Small = 0x123_4000;
    private const ulong Large = 0x4060_0000;

    private readonly ServiceMachine _machine = new();
    private readonly FakeBus _bus = new();
    private readonly MemoryRegion _tables = HostRegion.Make((int)RemappingTables.Pages * 4096);
    private readonly FakeUnit _unit;
    private PciServer<BusOfTest, UnitOfTest> _server;
    private uint _frames;

    public DeviceReachServerTests()
    {
        _machine.Put(Devices, new Capability(CapabilityType.IrqControl, CapabilityRights.All, 0, 0));
        _machine.Put(Devices + 1, new Capability(CapabilityType.Untyped, CapabilityRights.All, 0, 29) { Address = Base });
        _machine.Put(FaultSlot, new Capability(CapabilityType.IrqHandler, CapabilityRights.All, 0, 0));
        OwnWindow.Page(0).Clear();
        FakeFunction bridge = _bus.Add(0, 30, 0, 0x0002_8888);
        bridge.Words[3] = 1u << 16;
        bridge.Words[6] = 5u << 8;
        _bus.Add(0, 2, 0, Nic).Bar(1, 0xC012_0000, 12).WideBar(4, 0xC013_0000, 14).Interrupts(0x98, 3, bar: 1, offset: 0x800);
        _bus.Add(5, 1, 0, Disk).Bar(0, 0xC010_0000, 14);
        _unit = new FakeUnit(_tables, PlaceOf);

        // Whatever an earlier life left there.
        _tables.LongWords.Fill(0x0000_0000_0100_0003);
    }

    [Fact]
    public void Device_ReachesWhatItsDriverHasMapped_ForWhatItSaid()
    {
        Hold();
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Read, out ulong address));
        Assert.Equal(Small, address);
        Assert.Equal(PciAnswer.Done, Map(Nic, Large, 21, DeviceAccess.Write, out address));
        Assert.Equal(Large, address);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small + 0x1000, 12, DeviceAccess.ReadAndWrite, out _));

        Assert.True(_unit.Access(NicPlace, Small + 8, isWrite: false));
        Assert.True(_unit.Access(NicPlace, Large, isWrite: true));
        Assert.True(_unit.Access(NicPlace, Large + 0x1F_FFFF, isWrite: true));
        Assert.True(_unit.Access(NicPlace, Small + 0x1000, isWrite: true) && _unit.Access(NicPlace, Small + 0x1FFF, isWrite: false));
        foreach ((ulong at, bool isWrite) in new[]
        {
            (Small, true), (Large, false), (Small - 1, false), (Small + 0x2000, false), (Large - 1, true), (Large + 0x20_0000, true),
            (0ul, true), (ImageLayout.ImagePhysicalBase, true), (Small | (1UL << 39), false), (Small | (1UL << 30), false),
        })
        {
            Assert.False(_unit.Access(NicPlace, at, isWrite), $"{at:x}");
        }
    }

    [Fact]
    public void Device_ReachesNothing_BeforeItsDriverHasMapped()
    {
        Hold();
        Assert.False(_unit.Access(NicPlace, Small, isWrite: false));
        Begin(Nic);
        Assert.False(_unit.Access(NicPlace, Small, isWrite: false));
        Assert.False(_unit.Access(DiskPlace, Small, isWrite: false));
    }

    [Fact]
    public void Device_DoesNotReachWhatIsAnothers()
    {
        Hold();
        Begin(Nic);
        Begin(Disk);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.ReadAndWrite, out _));
        Assert.Equal(PciAnswer.Done, Map(Disk, Small + 0x1000, 12, DeviceAccess.ReadAndWrite, out _));
        Assert.True(_unit.Access(DiskPlace, Small + 0x1000, isWrite: true));
        Assert.False(_unit.Access(DiskPlace, Small, isWrite: true));
        Assert.False(_unit.Access(NicPlace, Small + 0x1000, isWrite: true));
        Assert.True(_unit.Access(NicPlace, Small, isWrite: true));
    }

    [Fact]
    public void DriverThatBeginsAnew_HasTakenAwayWhatItsDeviceReached()
    {
        Hold();
        Begin(Nic);
        Begin(Disk);
        Assert.Equal(PciAnswer.Done, Map(Disk, Small, 12, DeviceAccess.Read, out _));
        for (int life = 0; life < 40; life++)
        {
            // Far apart: each takes a table, and a life that kept them would leave the next without.
            for (ulong frame = 0; frame < 4; frame++)
            {
                Assert.Equal(PciAnswer.Done, Map(Nic, Small + (frame << 21), 12, DeviceAccess.Write, out _));
                Assert.True(_unit.Access(NicPlace, Small + (frame << 21), isWrite: true));
            }

            Begin(Nic);
            Assert.False(_unit.Access(NicPlace, Small, isWrite: true));
            Drain();
            Begin(Nic);
            Assert.True(_unit.Access(DiskPlace, Small, isWrite: false));
        }
    }

    [Fact]
    public void NextLifeOfTheService_LetsNobodyThrough()
    {
        Hold();
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Write, out _));
        Assert.True(_unit.Access(NicPlace, Small, isWrite: true));

        Assert.Equal(RemappingStart.On, HoldAgain());
        Assert.False(_unit.Access(NicPlace, Small, isWrite: true));
    }

    [Fact]
    public void DeviceThatReachesForMore_IsStopped_AndItsDriverHasLostIt()
    {
        Hold();
        Begin(Nic);
        Begin(Disk);
        Assert.Equal(PciAnswer.Done, _server.SetMastering(Driver(Nic), true));
        Assert.Equal(PciAnswer.Done, _server.SetMastering(Driver(Disk), true));
        _ = _server.Registers(Driver(Nic), 4, out UntypedMemory registers, out _);
        Capability frame = _machine.At(registers.Address)!.Derive().Make(CapabilityType.Frame, 12);
        _ = _server.Registers(Driver(Disk), 0, out registers, out _);
        Capability others = _machine.At(registers.Address)!.Derive();
        _ = _server.Interrupt(Driver(Nic), 0, out InterruptLine line);
        Capability handler = _machine.At(line.Address)!;
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.ReadAndWrite, out _));
        Assert.True(_unit.Access(NicPlace, Small, isWrite: true));

        Assert.False(_unit.Access(NicPlace, 0x20_0123, isWrite: true));
        Assert.Equal([(0xFEE0_1000ul, 0x55u)], _unit.Sent);
        _server.Signalled(1);

        Assert.Equal(0u, _bus[0, 2, 0].Command & 4);
        Assert.Equal(0u, _bus[0, 2, 0].Words[0x98 / 4] >> 31);
        Assert.True(frame.IsGone && handler.IsGone);
        Assert.False(_unit.Access(NicPlace, Small, isWrite: true));
        Assert.Equal(PciAnswer.NotBegun, _server.SetMastering(Driver(Nic), true));
        Assert.Equal(PciAnswer.NotBegun, Map(Nic, Small, 12, DeviceAccess.Read, out _));
        Assert.Equal(4u, _bus[5, 1, 0].Command & 4);
        Assert.False(others.IsGone);

        Assert.Equal(PciAnswer.Done, _server.Faults(new Caller(3), out bool isHeld, out ulong count, out uint place, out ulong address, out bool wasRead));
        Assert.Equal((true, 1ul, (uint)NicPlace, 0x20_0000ul, false), (isHeld, count, place, address, wasRead));

        // Its next life has its device again.
        Drain();
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Write, out _));
        Assert.True(_unit.Access(NicPlace, Small, isWrite: true));
    }

    // The next driver gets the place of the one that was stopped, and with it the tables.
    [Fact]
    public void DeviceThatWasStopped_DoesNotReachWhatTheNextDriverMaps()
    {
        Hold();
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Write, out _));
        Assert.True(_unit.Access(NicPlace, Small, isWrite: true));
        Assert.False(_unit.Access(NicPlace, 0, isWrite: true));
        _server.Signalled(1);

        Begin(Disk);
        Assert.Equal(PciAnswer.Done, Map(Disk, Large, 21, DeviceAccess.Write, out _));
        Assert.True(_unit.Access(DiskPlace, Large, isWrite: true));
        Assert.False(_unit.Access(NicPlace, Large, isWrite: true));
    }

    [Fact]
    public void FaultOfNobody_IsCounted_AndTakesNothingFromOthers()
    {
        Hold();
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, _server.SetMastering(Driver(Nic), true));
        Assert.False(_unit.Access(0x1234, 0x8000, isWrite: false));
        _server.Signalled(1);
        Assert.Equal(4u, _bus[0, 2, 0].Command & 4);
        Assert.Equal(PciAnswer.Done, _server.Faults(new Caller(3), out _, out ulong count, out uint place, out ulong address, out bool wasRead));
        Assert.Equal((1ul, 0x1234u, 0x8000ul, true), (count, place, address, wasRead));
        Assert.Equal(Deadline.Never, _server.NextDeadline);
    }

    // One record, and the next fault comes before it was read: the unit says that it has lost one, and records none before that was taken note of.
    [Fact]
    public void FaultsAfterOnesThatWereLost_AreSeenAgain()
    {
        Hold();
        Begin(Nic);
        Begin(Disk);
        Assert.False(_unit.Access(NicPlace, 0x8000, isWrite: true));
        Assert.False(_unit.Access(DiskPlace, 0x9000, isWrite: true));
        _server.Signalled(1);
        Assert.False(_unit.Access(DiskPlace, 0x9000, isWrite: true));
        _server.Signalled(1);
        Assert.Equal(PciAnswer.NotBegun, _server.SetMastering(Driver(Disk), true));
        Assert.Equal(2, _unit.Sent.Count);
    }

    [Fact]
    public void WhatTheDriverMayNot_ItsDeviceMayNot()
    {
        Hold();
        Begin(Nic);
        Assert.Equal(PciAnswer.RightMissing, Map(Nic, Small, 12, DeviceAccess.Write, out _, CapabilityRights.Read));
        Assert.Equal(PciAnswer.RightMissing, Map(Nic, Small, 12, DeviceAccess.ReadAndWrite, out _, CapabilityRights.Write));
        Assert.Equal(PciAnswer.RightMissing, Map(Nic, Small, 12, DeviceAccess.Read, out _, 0));
        Assert.Equal(PciAnswer.ArgumentInvalid, Map(Nic, Small, 12, 0, out _));
        Assert.Equal(PciAnswer.ArgumentInvalid, Map(Nic, Small, 12, (DeviceAccess)4, out _));
        Assert.Equal(PciAnswer.ArgumentInvalid, Map(Nic, Small, 12, (DeviceAccess)(-1), out _));
        Assert.False(_unit.Access(NicPlace, Small, isWrite: false));
        Drain();
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Read, out _, CapabilityRights.Read));
        Assert.True(_unit.Access(NicPlace, Small, isWrite: false));
    }

    [Fact]
    public void FrameThatCannotBe_IsNotMapped()
    {
        Hold();
        Begin(Nic);
        Assert.Equal(PciAnswer.CannotBeReached, Map(Nic, 0x4000_0000, 30, DeviceAccess.Read, out _));
        Assert.Equal(PciAnswer.CannotBeReached, Map(Nic, 1UL << 39, 12, DeviceAccess.Read, out _));
        Assert.Equal(PciAnswer.Done, Map(Nic, (1UL << 39) - 0x1000, 12, DeviceAccess.Read, out _));
        Assert.True(_unit.Access(NicPlace, (1UL << 39) - 1, isWrite: false));
        Assert.Equal(PciAnswer.NotBegun, Map(Disk, Small, 12, DeviceAccess.Read, out _));
    }

    [Fact]
    public void DriverWhoseTablesAreFull_TakesNoneFromOthers()
    {
        Hold();
        Begin(Nic);
        Begin(Disk);
        ulong frames = 0;
        while (frames < 100 && Map(Nic, frames << 30, 12, DeviceAccess.Read, out _) == PciAnswer.Done)
        {
            frames++;
        }

        // Seven pages: one of the highest level, and two for each of these.
        Assert.Equal(3ul, frames);
        Assert.Equal(PciAnswer.Done, Map(Nic, 0x1000, 12, DeviceAccess.Read, out _));
        Assert.Equal(PciAnswer.Done, Map(Disk, Small, 12, DeviceAccess.Read, out _));
        Assert.True(_unit.Access(DiskPlace, Small, isWrite: false));
    }

    [Fact]
    public void FourLevels_AreAsGood()
    {
        _unit.Capability = (_unit.Capability & ~(1UL << 9)) | (1UL << 10);
        Hold();
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Read, out _));
        Assert.Equal(PciAnswer.Done, Map(Nic, Large | (1UL << 40), 21, DeviceAccess.Read, out _));
        Assert.True(_unit.Access(NicPlace, Small, isWrite: false) && _unit.Access(NicPlace, Large | (1UL << 40), isWrite: false));
        Assert.False(_unit.Access(NicPlace, Large, isWrite: false));
    }

    [Fact]
    public void UnitThatMustFlush_IsToldTo()
    {
        _unit.Capability |= 1UL << 4;
        Hold();
        Begin(Nic);
        int before = _unit.Flushes;
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Read, out _));
        Assert.True(_unit.Flushes > before);
    }

    // It translated by tables of the firmware's, with a queue of commands.
    [Fact]
    public void UnitThatFirmwareLeftOn_IsTakenOver()
    {
        _unit.Status = (1u << 31) | (1u << 26);
        Hold();
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Read, out _));
        Assert.True(_unit.Access(NicPlace, Small, isWrite: false));
        Assert.False(_unit.Access(NicPlace, Small, isWrite: true));
    }

    [Theory]
    [InlineData(9, 11, RemappingStart.Unusable)] // no levels that we know
    [InlineData(34, 36, RemappingStart.Unusable)] // no pages of 2 MiB
    public void UnitThatLacksSomething_IsNotUsed(int from, int to, RemappingStart result)
    {
        for (int bit = from; bit < to; bit++)
        {
            _unit.Capability &= ~(1UL << bit);
        }

        BeginServer();
        Assert.Equal(result, HoldAgain());
        Assert.Equal(0u, _unit.Status);
        AsWithoutAUnit();
    }

    [Fact]
    public void RegistersOutsideOfThePage_AreNotUsed()
    {
        foreach ((ulong capability, ulong extended) in new[]
        {
            (_unit.Capability | (0x3FFUL << 24), _unit.Extended), (_unit.Capability | (0xFFUL << 40), _unit.Extended), (_unit.Capability, 0x3FFUL << 8),
        })
        {
            (_unit.Capability, _unit.Extended) = (capability, extended);
            _server = default;
            BeginServer();
            Assert.Equal(RemappingStart.Unusable, HoldAgain());
        }
    }

    [Theory]
    [InlineData(1u << 31)]
    [InlineData(1u << 30)]
    public void UnitThatDoesNotAnswer_IsNotReliedOn(uint stuck)
    {
        _unit.Stuck = stuck;
        BeginServer();
        Assert.Equal(RemappingStart.Silent, HoldAgain());
        AsWithoutAUnit();
    }

    // Then the driver does not get what the unit may not have seen.
    [Fact]
    public void UnitThatNoLongerForgets_GetsNothingNew()
    {
        Hold();
        Begin(Nic);
        _unit.NeverForgets = true;
        Assert.Equal(PciAnswer.CannotBeReached, Map(Nic, Small, 12, DeviceAccess.Read, out _));
        Assert.Equal(PciAnswer.Exhausted, _server.Begin(Driver(Nic), out _, out _));
        Assert.Equal(PciAnswer.NotBegun, _server.SetMastering(Driver(Nic), true));
    }

    [Fact]
    public void DevicesOnTooManyBuses_AreNotDriven()
    {
        for (int bus = 6; bus < 10; bus++)
        {
            FakeFunction bridge = _bus.Add(0, 20 + bus - 6, 0, 0x0002_8888);
            bridge.Words[3] = 1u << 16;
            bridge.Words[6] = (uint)bus << 8;
            _bus.Add(bus, 1, 0, 0x0003_0000u + (uint)bus);
        }

        Hold();
        Begin(Nic);
        Begin(0x0003_0006);
        Begin(0x0003_0007);
        Assert.Equal(PciAnswer.Exhausted, _server.Begin(Driver(0x0003_0008), out _, out _));
        Assert.Equal(PciAnswer.NotBegun, _server.SetMastering(Driver(0x0003_0008), true));
        Assert.False(_unit.Access((8 << 8) | (1 << 3), Small, isWrite: true));
    }

    [Fact]
    public void WithoutAUnit_AllIsAsBefore()
    {
        BeginServer();
        AsWithoutAUnit();
    }

    private static ulong PlaceOf(uint page) => 0x700_0000 + (page * 0x3000ul);

    private static Caller Driver(uint identifier) => new(DeviceBadge.Of(7, identifier, 0).Raw);

    private void AsWithoutAUnit()
    {
        Begin(Nic);
        Assert.Equal(PciAnswer.Done, Map(Nic, Small, 12, DeviceAccess.Read, out ulong address));
        Assert.Equal(Small, address);
        Assert.Equal(PciAnswer.RightMissing, Map(Nic, Small, 12, DeviceAccess.Write, out _, CapabilityRights.Read));
        Assert.Equal(PciAnswer.Done, _server.Faults(new Caller(3), out bool isHeld, out ulong count, out _, out _, out _));
        Assert.Equal((false, 0ul), (isHeld, count));
    }

    private void Begin(uint identifier) => Assert.Equal(PciAnswer.Done, _server.Begin(Driver(identifier), out _, out _));

    private void Drain() => _server.Elapsed();

    private PciAnswer Map(
        uint identifier, ulong physical, byte bits, DeviceAccess access, out ulong address, CapabilityRights rights = CapabilityRights.All)
    {
        ulong slot = _machine.Put(FrameSlot + _frames++, new Capability(CapabilityType.Frame, rights, 0, bits) { Address = physical });
        return _server.Map(Driver(identifier), new MemoryFrame(slot), access, out address);
    }

    private void BeginServer()
    {
        GrantRecord devices = new() { Kind = GrantKind.Devices, Slot = Devices, Badge = Base, Argument = 1 };
        GrantRecord slots = ServiceMachine.Slots(PciServer<BusOfTest, UnitOfTest>.SlotsNeeded);
        for (ulong slot = ServiceMachine.Node + 1; slot < FaultSlot; slot++)
        {
            _machine.At(slot)?.Delete();
        }

        _machine.At(Devices + 1)!.Used = 0;
        Assert.True(_server.Begin(new BusOfTest(_bus), in devices, in slots, 2));
    }

    private void Hold()
    {
        BeginServer();
        Assert.Equal(RemappingStart.On, HoldAgain());
    }

    private RemappingStart HoldAgain()
    {
        RemappingTables places = default;
        for (uint page = 0; page < RemappingTables.Pages; page++)
        {
            places.SetPlace(page, PlaceOf(page));
        }

        return _server.Hold(new UnitOfTest(_unit), _tables, in places, new InterruptMessage(0xFEE0_1000, 0x55), FaultSlot);
    }
}
