using Atoll.Abi;
using Atoll.Arch;
using Atoll.Boot;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Mm;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>A member obeys its coordinator, after checking what it asks.</summary>
public sealed class ControlLinkTests : IDisposable
{
    private const ulong Ring = 0x70_0000;
    private const ulong Status = 0x80_0000;
    private readonly SimulatedInstance _instance = new();

    public void Dispose() => _instance.Dispose();

    [Theory]
    [InlineData(NeighbourSide.Left, PeerSlot.LeftRing, PeerSlot.LeftStatus)]
    [InlineData(NeighbourSide.Right, PeerSlot.RightRing, PeerSlot.RightStatus)]
    public void Connect_MapsTheRingWritableAndTheStatusReadOnly(NeighbourSide side, PeerSlot ring, PeerSlot status)
    {
        RingMessage answer = _instance.Ask(Connect((ulong)side, Ring, Status));

        Assert.Equal(3u, answer.Meta); // Accepted.
        Assert.Equal(PageTableEntry.Leaf(Ring, PageRights.ReadWrite), _instance.Entry(ring));
        Assert.Equal(PageTableEntry.Leaf(Status, PageRights.Read), _instance.Entry(status));
        Assert.Equal(2, MappedSlots());
    }

    /// <summary>
    /// A lone instance is its own neighbour, so the status page may be its own; the highest physical page is 2^52 -
    /// 4096.
    /// </summary>
    [Theory]
    [InlineData(Ring, SimulatedInstance.PrivateBase)]
    [InlineData(SimulatedInstance.PrivateBase - 0x1000, Status)]
    [InlineData(SimulatedInstance.PrivateBase + (SimulatedInstance.PrivatePages * 0x1000), Status)]
    [InlineData(0x000F_FFFF_FFFF_F000UL, 0x000F_FFFF_FFFF_F000UL)]
    public void AddressesAtTheEdge_AreAccepted(ulong ring, ulong status) =>
        Assert.Equal(3u, _instance.Ask(Connect(1, ring, status)).Meta);

    [Theory]
    [InlineData(SimulatedInstance.PrivateBase, Status)]
    [InlineData(SimulatedInstance.PrivateBase + 0x5000, Status)]
    [InlineData(SimulatedInstance.PrivateBase + ((SimulatedInstance.PrivatePages - 1) * 0x1000), Status)]
    [InlineData(0UL, Status)]
    [InlineData(Ring, 0UL)]
    [InlineData(Ring + 1, Status)]
    [InlineData(Ring + 0x800, Status)]
    [InlineData(Ring, Status + 8)]
    [InlineData(0x0010_0000_0000_0000UL, Status)]
    [InlineData(Ring, 0x0010_0000_0000_0000UL)]
    [InlineData(0x8000_0000_0070_0000UL, Status)]
    [InlineData(Ring, 0xFFFF_FFFF_FFFF_F000UL)]
    public void AddressesThatCannotBe_AreRefused(ulong ring, ulong status) =>
        AssertRefused(ControlRefusal.BadAddress, Connect(1, ring, status));

    [Theory]
    [InlineData(0UL)]
    [InlineData(3UL)]
    [InlineData(0x1_0000_0001UL)]
    [InlineData(ulong.MaxValue)]
    public void SidesThatAreNone_AreRefused(ulong side) =>
        AssertRefused(ControlRefusal.BadSide, Connect(side, Ring, Status));

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(5u)]
    [InlineData(0x100u)]
    [InlineData(uint.MaxValue)]
    public void UnknownKinds_AreRefused(uint kind)
    {
        RingMessage message = Connect(1, Ring, Status);
        message.Meta = kind;

        AssertRefused(ControlRefusal.UnknownKind, message);
    }

    [Fact]
    public void SecondConnectOfASide_IsRefusedAndChangesNothing()
    {
        _instance.Ask(Connect(1, Ring, Status));

        RingMessage answer = _instance.Ask(Connect(1, Ring + 0x1000, Status));

        Assert.Equal((4u, (ulong)ControlRefusal.AlreadyConnected), (answer.Meta, answer.Payload.Word0));
        Assert.Equal(PageTableEntry.Leaf(Ring, PageRights.ReadWrite), _instance.Entry(PeerSlot.LeftRing));
        Assert.Equal(3u, _instance.Ask(Connect(2, Ring + 0x1000, Status)).Meta);
    }

    [Fact]
    public void Begin_CarriesEveryField()
    {
        BeginRequest begin = default;
        begin.MessageLimit = 77;
        begin.Fault = FaultKind.StrayWrite;
        begin.FaultTarget = 0xABC_D000;
        begin.Deputy.IsDeputy = true;
        begin.Deputy.ExpectsDeath = true;
        begin.Deputy.End = EndPolicy.Hold;

        Assert.Equal(3u, _instance.Ask(begin.Encode()).Meta);

        Assert.Equal((FaultKind.StrayWrite, 0xABC_D000ul), (_instance.State.Fault.Kind, _instance.State.Fault.Target));
        Assert.Equal((true, true, EndPolicy.Hold),
            (_instance.State.Deputy.IsDeputy, _instance.State.Deputy.ExpectsDeath, _instance.State.Deputy.End));
        Assert.Equal(77UL, BeginRequest.Decode(begin.Encode()).MessageLimit);
    }

    /// <summary>
    /// Any message at all: one answer each, and no more mapped than a ring and a status page for each side.
    /// </summary>
    [Fact]
    public void HostileCoordinator_GetsAnAnswerAndNothingElse() => Seeds.ForEach(100, random =>
    {
        using var instance = new SimulatedInstance();
        for (int i = 0; i < 100; i++)
        {
            RingMessage message = default;
            message.Meta = random.Next(5) == 0 ? (uint)random.Next() : (uint)random.Next(6);
            message.Payload.Word0 = Word(random);
            message.Payload.Word1 = Word(random);
            message.Payload.Word2 = Word(random);
            message.Payload.Word3 = Word(random);
            message.Payload.Word4 = Word(random);
            message.Payload.Word5 = Word(random);

            RingMessage answer = instance.Ask(message);

            Assert.Contains(answer.Meta, (uint[])[3, 4]);
            Assert.Equal(answer.Meta == 3, answer.Payload.Word0 == 0);
            Assert.True(Enum.IsDefined(instance.State.Fault.Kind) && Enum.IsDefined(instance.State.Deputy.End));
        }

        for (uint slot = 0; slot < 512; slot++)
        {
            ulong entry = instance.Entry((PeerSlot)slot);
            bool isNeighbour = (PeerSlot)slot is >= PeerSlot.LeftRing and <= PeerSlot.RightStatus;
            Assert.True(entry == 0 || isNeighbour);
            ulong offset = (entry & PageTableEntry.AddressMask) - SimulatedInstance.PrivateBase;
            bool isOwn = offset < SimulatedInstance.PrivatePages * 0x1000;
            Assert.False(isOwn && (entry & 2) != 0, "a private page became writable through the peer region");
            Assert.True(entry == 0 || entry >> 63 == 1, "an executable peer page");
        }
    });

    /// <summary>A coordinator that never takes its answers does not stop the member.</summary>
    [Fact]
    public void FullAnswerRing_DoesNotBlock()
    {
        RingMessage message = default;
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(SendResult.Sent, _instance.ToInstance.TrySendControl<CoherentMemory>(in message));
            _instance.RunOnCore(() => Assert.True(ControlLink.Poll(ref _instance.State)));
        }

        _instance.RunOnCore(() => Assert.False(ControlLink.Poll(ref _instance.State)));
    }

    private static ulong Word(Random random) => random.Next(5) switch
    {
        0 => (ulong)random.Next(20),
        1 => SimulatedInstance.PrivateBase + ((ulong)random.Next(-2, 18) * 0x1000),
        2 => (ulong)random.Next(1, 1 << 20) * 0x1000,
        3 => (ulong)random.NextInt64() << 1,
        _ => (ulong)random.NextInt64() & ~0xFFFUL,
    };

    private static RingMessage Connect(ulong side, ulong ring, ulong status) =>
        new ConnectRequest { Side = (NeighbourSide)side, Ring = ring, PeerStatus = status }.Encode();

    private void AssertRefused(ControlRefusal refusal, RingMessage message)
    {
        RingMessage answer = _instance.Ask(message);

        Assert.Equal((4u, (ulong)refusal), (answer.Meta, answer.Payload.Word0));
        Assert.Equal(0, MappedSlots());
    }

    private int MappedSlots() => Enumerable.Range(0, 512).Count(slot => _instance.Entry((PeerSlot)slot) != 0);
}
