using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Pci;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Pci;

/// <summary>Each driver gets its own device and no other's, and no configuration space, whatever is in it, keeps the service from its work.</summary>
public sealed class PciServerTests
{
    private const uint Nic = 0x1041_1AF4;
    private const uint Disk = 0x1042_1AF4;
    private const uint Devices = 60;
    private const ulong Base = 0xC000_0000;
    private readonly ServiceMachine _machine = new();
    private readonly FakeBus _bus = new();
    private PciServer<BusOfTest, UnitOfTest> _server;

    public PciServerTests()
    {
        // 512 MiB, 256 MiB: pieces that follow one another.
        _machine.Put(Devices, new Capability(CapabilityType.IrqControl, CapabilityRights.All, 0, 0));
        _machine.Put(Devices + 1, new Capability(CapabilityType.Untyped, CapabilityRights.All, 0, 29) { Address = Base });
        _machine.Put(Devices + 2, new Capability(CapabilityType.Untyped, CapabilityRights.All, 0, 28) { Address = Base + (1UL << 29) });
        for (uint place = 0; place < 4; place++)
        {
            OwnWindow.Page(place).Clear();
        }

        _bus.Add(0, 0, 0, 0x29C0_8086);
        _bus.Add(0, 2, 0, Nic).Bar(1, 0xC012_0000, 12).WideBar(4, 0xC013_0000, 14).Interrupts(0x98, 3, bar: 1, offset: 0x800);
        _bus.Add(0, 3, 0, Disk).Bar(0, 0xC010_0000, 14).Interrupts(0x98, 2, bar: 2, offset: 0).Bar(2, 0xE000_0000, 12);
    }

    [Fact]
    public void Driver_GetsWhatIsBehindItsOwnRegisters()
    {
        Begin();
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic), out uint identifier, out uint vectors));
        Assert.Equal((Nic, 3u), (identifier, vectors));
        Assert.Equal(PciAnswer.Done, _server.Registers(Driver(Nic), 4, out UntypedMemory memory, out uint bits));
        Assert.Equal((0xC013_0000ul, 14u), (At(memory).Address, bits));
        Assert.Equal(CapabilityType.Untyped, At(memory).Type);

        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Disk), out _, out _));
        Assert.Equal(PciAnswer.Done, _server.Registers(Driver(Disk), 0, out memory, out _));
        Assert.Equal(0xC010_0000ul, At(memory).Address);
        Assert.Equal(PciAnswer.NoRegisters, _server.Registers(Driver(Disk), 1, out _, out _));
        Assert.Equal(PciAnswer.ArgumentInvalid, _server.Registers(Driver(Disk), 6, out _, out _));
    }

    [Fact]
    public void NobodyGetsWhatTheBadgeDoesNotSay()
    {
        Begin();
        Assert.Equal(PciAnswer.NoDevice, _server.Begin(new Caller(3), out _, out _));
        Assert.Equal(PciAnswer.NoDevice, _server.Registers(new Caller(3), 4, out _, out _));
        Assert.Equal(PciAnswer.NotThere, _server.Begin(Driver(0x1234_5678), out _, out _));
        Assert.Equal(PciAnswer.NotThere, _server.Begin(Driver(Nic, which: 1), out _, out _));
        Assert.Equal(PciAnswer.NotBegun, _server.Registers(Driver(Nic), 4, out _, out _));
        Assert.Equal(PciAnswer.NotBegun, _server.Interrupt(Driver(Nic), 0, out _));
        Assert.Equal(PciAnswer.NotBegun, _server.SetMastering(Driver(Nic), true));
        Assert.Equal(PciAnswer.NotBegun, _server.ReadConfiguration(Driver(Nic), 0, out _));
    }

    [Fact]
    public void SecondOfAKind_IsAnother()
    {
        _bus.Add(0, 5, 0, Nic).Bar(0, 0xC020_0000, 12);
        Begin();
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic, which: 1), out _, out uint vectors));
        Assert.Equal(0u, vectors);
        Assert.Equal(PciAnswer.Done, _server.Registers(Driver(Nic, which: 1), 0, out UntypedMemory memory, out _));
        Assert.Equal(0xC020_0000ul, At(memory).Address);
        Assert.Equal(PciAnswer.NoInterrupts, _server.Interrupt(Driver(Nic, which: 1), 0, out _));
    }

    [Fact]
    public void TableOfInterrupts_IsWrittenHere_AndGivenToNobody()
    {
        Begin();
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic), out _, out _));
        Assert.Equal(PciAnswer.HoldsInterrupts, _server.Registers(Driver(Nic), 1, out _, out _));
        Assert.Equal(PciAnswer.Done, _server.Interrupt(Driver(Nic), 1, out InterruptLine line));
        Assert.Equal(CapabilityType.IrqHandler, _machine.At(line.Address)!.Type);

        // Entry 1 of 16 bytes, 0x800 behind the beginning: address, upper half, data, not masked.
        Span<byte> entry = OwnWindow.Page(0).Slice(0x810, 16);
        Assert.Equal(
            [0xFEE0_0000u, 0u, 0x40u, 0u],
            new[] { 0, 4, 8, 12 }.Select(at => BinaryPrimitives.ReadUInt32LittleEndian(OwnWindow.Page(0).Slice(0x810 + at, 4))));
        Assert.Equal(16, entry.Length);
        // Enabled, not masked, size as it was.
        Assert.Equal(0x8002_0011u, _bus[0, 2, 0].Words[0x98 / 4]);
        Assert.Equal(PciAnswer.ArgumentInvalid, _server.Interrupt(Driver(Nic), 3, out _));
    }

    [Fact]
    public void Mastering_IsTheDriversToAskFor_AndEndsWhenItBeginsAnew()
    {
        _bus[0, 2, 0].Words[1] |= 4;
        Begin();
        Assert.Equal(0u, _bus[0, 2, 0].Command & 4);
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic), out _, out _));
        Assert.Equal(2u, _bus[0, 2, 0].Command & 6);
        Assert.Equal(PciAnswer.Done, _server.SetMastering(Driver(Nic), true));
        Assert.Equal(6u, _bus[0, 2, 0].Command & 6);
        Assert.Equal(0u, _bus[0, 3, 0].Command & 4);
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic), out _, out _));
        Assert.Equal(2u, _bus[0, 2, 0].Command & 6);
    }

    [Fact]
    public void DriverThatBeginsAnew_HasTakenEverythingFromItsEarlierLife()
    {
        Begin();
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic), out _, out _));
        _ = _server.Registers(Driver(Nic), 4, out UntypedMemory memory, out _);
        Capability given = At(memory).Derive();
        Capability frame = given.Make(CapabilityType.Frame, 12);
        _ = _server.Interrupt(Driver(Nic), 0, out InterruptLine line);
        Capability handler = _machine.At(line.Address)!;
        Capability copy = handler.Derive();
        int filled = _machine.Filled;

        for (int life = 0; life < 10; life++)
        {
            Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic), out _, out _));
            Assert.True(given.IsGone && frame.IsGone && handler.IsGone && copy.IsGone);
            Assert.Equal(0u, _bus[0, 2, 0].Words[0x98 / 4] >> 31);
            Assert.Equal(PciAnswer.Done, _server.Registers(Driver(Nic), 4, out _, out _));
            Assert.Equal(PciAnswer.Done, _server.Interrupt(Driver(Nic), 0, out line));
            Assert.Equal(filled, _machine.Filled);
        }
    }

    [Fact]
    public void Sizes_AreFoundAndEverythingIsAsBefore()
    {
        _bus[0, 2, 0].Words[1] |= 2;
        uint[] before = [.. _bus[0, 2, 0].Words];
        Begin();
        Assert.Equal(before, _bus[0, 2, 0].Words);
        // Decodes nothing while its addresses are ones.
        (uint Offset, uint Value)[] written = [.. _bus[0, 2, 0].Written];
        int off = Array.FindIndex(written, write => write.Offset == 4 && (write.Value & 2) == 0);
        Assert.True(off >= 0 && off < Array.FindIndex(written, write => write.Value == 0xFFFF_FFFF));
    }

    [Theory]
    [InlineData(0xC013_0000ul, 11)] // less than a page
    [InlineData(0x8000_0000ul, 12)] // before device memory
    [InlineData(0xF000_0000ul, 12)] // behind it
    [InlineData(0xDFFF_F000ul, 29)] // no multiple of its size
    [InlineData(0x1_C000_0000ul, 14)] // above 4 GiB
    public void RegistersThatCannotBe_AreNotGiven(ulong address, int bits)
    {
        _bus.Add(0, 6, 0, 0x0001_9999).WideBar(0, address, bits);
        Begin();
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(0x0001_9999), out _, out _));
        Assert.Equal(PciAnswer.NoRegisters, _server.Registers(Driver(0x0001_9999), 0, out _, out _));
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic), out _, out _));
        Assert.Equal(PciAnswer.Done, _server.Registers(Driver(Nic), 4, out _, out _));
    }

    [Fact]
    public void TwoThatSayTheSameAddress_DoNotShareIt()
    {
        _bus.Add(0, 6, 0, 0x0001_9999).Bar(0, 0xC013_0000, 14);
        Begin();
        _ = _server.Begin(Driver(Nic), out _, out _);
        _ = _server.Begin(Driver(0x0001_9999), out _, out _);
        PciAnswer[] answers =
        [
            _server.Registers(Driver(Nic), 4, out _, out _), _server.Registers(Driver(0x0001_9999), 0, out _, out _),
        ];
        Assert.Equal([PciAnswer.Done, PciAnswer.NoRegisters], answers.Order());
    }

    [Fact]
    public void WideOneInTheLastPlace_IsNone()
    {
        FakeFunction function = _bus.Add(0, 6, 0, 0x0001_9999);
        function.Words[9] = 0xC050_0004;
        function.Masks[0x24] = ~0xFFFu;
        Begin();
        _ = _server.Begin(Driver(0x0001_9999), out _, out _);
        Assert.Equal(PciAnswer.NoRegisters, _server.Registers(Driver(0x0001_9999), 5, out _, out _));
    }

    [Theory]
    [InlineData(0x44u)] // a circle
    [InlineData(0x00u)] // the end
    [InlineData(0x10u)] // in the header
    [InlineData(0xFCu)] // no room for an entry
    public void ListOfCapabilities_Ends(uint next)
    {
        FakeFunction function = _bus.Add(0, 6, 0, 0x0001_9999);
        function.Words[1] |= 1u << 20;
        function.Words[13] = 0x44;
        function.Words[0x44 / 4] = 0x09 | (next << 8);
        function.Words[0xFC / 4] = 0x11;
        Begin();
        Assert.InRange(_bus.Reads, 1, 1000);
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(0x0001_9999), out _, out uint vectors));
        Assert.Equal(0u, vectors);
    }

    [Fact]
    public void BridgesThatNameOneAnother_AreWalkedOnce()
    {
        for (int bus = 0; bus < 40; bus++)
        {
            FakeFunction bridge = _bus.Add(bus, 31, 0, 0x0002_8888);
            bridge.Words[3] = 1u << 16;
            bridge.Words[6] = (uint)((bus + 1) % 3) << 8;
        }

        Begin();
        // Three buses of 32 devices, each read a few times.
        Assert.InRange(_bus.Reads, 96, 300);
    }

    [Fact]
    public void DevicesBehindABridge_AreFound_AndTheBridgeMayGoOn()
    {
        FakeFunction bridge = _bus.Add(0, 30, 0, 0x0002_8888);
        bridge.Words[3] = 1u << 16;
        bridge.Words[6] = 5u << 8;
        bridge.Words[1] = 4;
        _bus.Add(5, 1, 0, 0x0003_7777).Bar(0, 0xC030_0000, 12);
        Begin();
        Assert.Equal(4u, bridge.Command & 4);
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(0x0003_7777), out _, out _));
        Assert.Equal(PciAnswer.Done, _server.Registers(Driver(0x0003_7777), 0, out _, out _));
    }

    [Fact]
    public void MoreThanThereIsRoomFor_IsLeftOut()
    {
        for (int device = 6; device < 32; device++)
        {
            FakeFunction function = _bus.Add(0, device, 0, 0x0004_6666);
            function.Words[3] = 0x80u << 16;
            for (uint bar = 0; bar < 6; bar++)
            {
                function.Bar(bar, 0xC100_0000 + (uint)(device << 16) + (bar << 12), 12);
            }

            for (int more = 1; more < 8; more++)
            {
                _bus.Add(0, device, more, 0x0004_6666);
            }
        }

        Begin();
        Assert.Equal(PciAnswer.Done, _server.Begin(Driver(Nic), out _, out _));
        Assert.Equal(PciAnswer.Done, _server.Registers(Driver(Nic), 4, out _, out _));
        Assert.Equal(PciAnswer.Done, _server.Describe(new Caller(1), 23, out _, out _, out _, out _));
        Assert.Equal(PciAnswer.NotThere, _server.Describe(new Caller(1), 24, out _, out _, out _, out _));
    }

    /// <summary>Functions of noise, that answer every read anew: the walk ends, and a function that is sound keeps what it has.</summary>
    [Fact]
    public void Noise_EndsAndTakesNothingFromOthers()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            PciServerTests fresh = new();
            Random random = new(seed);
            for (int device = 8; device < 24; device++)
            {
                fresh._bus.Add(0, device, 0, 1).Lies = _ => random.Next(4) == 0 ? 0xFFFF_FFFF : (uint)random.NextInt64();
            }

            fresh.Begin();
            Assert.InRange(fresh._bus.Reads, 1, 40_000);
            Assert.Equal(PciAnswer.Done, fresh._server.Begin(Driver(Nic), out _, out uint vectors));
            Assert.Equal(3u, vectors);
        }
    }

    [Fact]
    public void List_SaysWhoDrivesWhat()
    {
        Begin();
        _ = _server.Begin(Driver(Nic), out _, out _);
        Assert.Equal(PciAnswer.Done, _server.Describe(new Caller(1), 1, out uint place, out uint identifier, out _, out uint driver));
        Assert.Equal((2u << 3, Nic, 7u), (place, identifier, driver));
        Assert.Equal(PciAnswer.Done, _server.Describe(new Caller(1), 2, out _, out identifier, out _, out driver));
        Assert.Equal((Disk, 0u), (identifier, driver));
    }

    [Fact]
    public void Configuration_IsReadWithinItsBounds()
    {
        Begin();
        _ = _server.Begin(Driver(Nic), out _, out _);
        Assert.Equal(PciAnswer.Done, _server.ReadConfiguration(Driver(Nic), 0, out uint value));
        Assert.Equal(Nic, value);
        Assert.Equal(PciAnswer.ArgumentInvalid, _server.ReadConfiguration(Driver(Nic), 256, out _));
        Assert.Equal(PciAnswer.ArgumentInvalid, _server.ReadConfiguration(Driver(Nic), 2, out _));
        Assert.Equal(PciAnswer.ArgumentInvalid, _server.ReadConfiguration(Driver(Nic), 0xFFFF_FFFC, out _));
    }

    [Fact]
    public void TooFewSlots_AreSaid()
    {
        GrantRecord devices = new() { Slot = Devices, Badge = Base, Argument = 2 };
        GrantRecord slots = ServiceMachine.Slots(PciServer<BusOfTest, UnitOfTest>.SlotsNeeded - 1);
        Assert.False(_server.Begin(new BusOfTest(_bus), in devices, in slots, 2));
    }

    private static Caller Driver(uint identifier, ushort which = 0) => new(DeviceBadge.Of(7, identifier, which).Raw);

    private Capability At(UntypedMemory memory) => _machine.At(memory.Address)!;

    private void Begin()
    {
        GrantRecord devices = new() { Kind = GrantKind.Devices, Slot = Devices, Badge = Base, Argument = 2 };
        GrantRecord slots = ServiceMachine.Slots(PciServer<BusOfTest, UnitOfTest>.SlotsNeeded);
        Assert.True(_server.Begin(new BusOfTest(_bus), in devices, in slots, 2));
    }
}
