using Atoll.Arch;
using Atoll.Boot;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Links;

/// <summary>Taking up a link and letting it go: four pages, checked before, gone afterwards.</summary>
public sealed unsafe class LinkTableTests : IDisposable
{
    // Present, accessed, dirty, not executable; writable or not (Intel SDM Vol. 3A, "4-Level Paging").
    private const ulong ReadOnlyBits = 0x8000_0000_0000_0061;
    private const ulong WritableBits = 0x8000_0000_0000_0063;

    private readonly WatchedCore _core = new() { LocalApic = new ApicModel { Id = 1 } };
    private readonly SimulatedInstance _instance;

    public LinkTableTests()
    {
        _instance = new SimulatedInstance(core: 1, _core);
        _core.Entries = (nint)_instance.State.Map.PeerEntries;
        _core.PeerBase = _instance.State.Map.PeerBase;
    }

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void Take_MapsRingsWritable_AndStatusAndWakeReadOnly()
    {
        RawPeer peer = _instance.Prepare(0);

        Assert.Equal(LinkOfferResult.Taken, Take(Offer(peer: 5)));

        Assert.Equal(
            [0x10_0000 | WritableBits, 0x10_1000 | WritableBits, 0x20_0000 | ReadOnlyBits, 0x20_1000 | ReadOnlyBits],
            Enum.GetValues<LinkPage>().Select(page => _instance.Entry(0, page)));
        ref LinkEntry entry = ref _instance.State.Map.Link(0);
        Assert.Equal((true, LinkState.Greeting), (entry.IsUsed, entry.Link.State));
        Assert.Equal((5u, 10u), (entry.Link.Peer, entry.Link.PeerApicId));
        Assert.Equal((1u, 0u), (_instance.State.LinkCount, LinkTable.Find(in _instance.State.Map, 5)));
        Assert.Equal(1u, Assert.Single(peer.TakeAll()).Kind);
        Assert.Empty(_core.Seen);
    }

    /// <summary>A page of the instance's own, no page, a page twice: refused, and nothing is changed.</summary>
    [Fact]
    public void BadAddresses_AreRefused()
    {
        const ulong First = SimulatedInstance.PrivateBase;
        const ulong Last = First + ((SimulatedInstance.PrivatePages - 1) * 0x1000);
        ulong[] bad =
            [0, 1, 0x10_0800, 0xFFF, 1ul << 52, 0x8000_0000_0010_0000, ulong.MaxValue, First, First + 0x3000, Last];
        List<LinkOffer> offers = [];
        foreach (ulong page in bad)
        {
            offers.Add(Offer() with { Receive = page });
            offers.Add(Offer() with { Send = page });
            offers.Add(Offer() with { Status = page });
        }

        LinkOffer good = Offer();
        offers.Add(good with { Status = First - 0x1000 });
        offers.Add(good with { Status = 0x000F_FFFF_FFFF_F000 });
        offers.Add(good with { Receive = good.Send });
        offers.Add(good with { Receive = good.Status });
        offers.Add(good with { Receive = good.Status + 0x1000 });
        offers.Add(good with { Send = good.Status });
        offers.Add(good with { Send = good.Status + 0x1000 });
        _instance.Peers.Bytes.Fill(0xA5);

        Assert.All(offers, offer => Assert.Equal(LinkOfferResult.BadAddress, Take(offer)));

        Assert.Equal(0u, _instance.State.LinkCount);
        Assert.Equal(-1, new ReadOnlySpan<byte>(_instance.State.Map.PeerEntries, 4096).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, _instance.Peers.Bytes.IndexOfAnyExcept((byte)0xA5));
    }

    [Theory]
    [InlineData(SimulatedInstance.PrivateBase - 0x1000)]
    [InlineData(SimulatedInstance.PrivateBase + (SimulatedInstance.PrivatePages * 0x1000ul))]
    public void PagesBesideTheOwnBlock_AreTaken(ulong page)
    {
        _instance.Prepare(0);

        Assert.Equal(LinkOfferResult.Taken, Take(Offer() with { Receive = page }));
    }

    [Fact]
    public void SecondLinkToAPeer_AndOneTooMany_AreRefused()
    {
        _instance.State.Map.LinkCapacity = 3;
        for (uint position = 0; position < 3; position++)
        {
            _instance.Prepare(position);
            Assert.Equal(LinkOfferResult.Taken, Take(Offer(peer: 10 + position)));
            Assert.Equal(LinkOfferResult.AlreadyLinked, Take(Offer(peer: 10)));
        }

        Assert.Equal(LinkOfferResult.TableFull, Take(Offer(peer: 20)));
        Assert.Equal(3u, _instance.State.LinkCount);
    }

    /// <summary>
    /// Every translation is forgotten after its entry is gone (Intel SDM Vol. 3A, "Invalidation of TLBs").
    /// </summary>
    [Fact]
    public void Release_UnmapsAndForgetsAllFourPages_AndSaysGoodbye()
    {
        _instance.Connect(0, peer: 7);
        RawPeer peer = _instance.Prepare(1);
        Take(Offer(peer: 5));
        peer.TakeAll();
        _core.LocalApic.Sent.Clear();

        _instance.RunOnCore(() => LinkTable.Release(ref _instance.State, 1));

        Assert.Equal(Enumerable.Range(4, 4).Select(slot => ((uint)slot, 0ul)), _core.Seen);
        Assert.All(Enum.GetValues<LinkPage>(), page => Assert.Equal(0ul, _instance.Entry(1, page)));
        Assert.Equal((1u, LinkTable.None), (_instance.State.LinkCount, LinkTable.Find(in _instance.State.Map, 5)));
        Assert.Equal(4u, Assert.Single(peer.TakeAll()).Kind);
        Assert.Equal([(10u, 0x40F0u)], _core.LocalApic.Sent);
    }

    /// <summary>A link that refuses another version closes itself; the peer, which may sleep, is rung all the same.</summary>
    [Fact]
    public void Refusal_IsRungFor()
    {
        const uint Hello = 1, Refused = 2;
        _instance.Connect(0, peer: 0);
        RawPeer peer = _instance.Prepare(1);
        LinkOffer offer = Offer(peer: 5);
        Take(offer);
        peer.TakeAll();
        _core.LocalApic.Sent.Clear();

        peer.Send(Hello, offer.Epoch, argument0: Link.ProtocolVersion + 1);
        _instance.RunOnCore(() => LinkTurn.Receive<TrialProfile>(ref _instance.State));

        Assert.Equal(Refused, Assert.Single(peer.TakeAll()).Kind);
        Assert.Contains((10u, 0x40F0u), _core.LocalApic.Sent);
    }

    /// <summary>What is held back is not told yet; whose it was is known as long.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Release_IsOwedUnlessItIsHeldBack(bool isHeldBack)
    {
        _instance.RunOnCore(() => LinkTable.OweRelease(ref _instance.State, 1, peer: 5, epoch: 77, isHeldBack));

        ref LinkEntry entry = ref _instance.State.Map.Link(1);
        Assert.Equal((!isHeldBack, 5u, 77ul), (entry.Owes, entry.ReleasedPeer, entry.ReleasedEpoch));
    }

    /// <summary>
    /// A place whose link is gone is kept until the coordinator knows; it is no link in the meantime.
    /// </summary>
    [Fact]
    public void PlaceThatOwesItsRelease_IsNoLink()
    {
        RawPeer coordinator = _instance.Connect(0, peer: 0);
        _instance.Connect(1, peer: 5, epoch: 77);
        *(ulong*)_instance.Page(1, LinkPage.Status) = 0x104;
        for (int i = 0; i < 64; i++)
        {
            LinkMessage filler = new() { Kind = 16 };
            _instance.State.Map.Link(0).Link.TrySendControl<CoherentMemory>(ref filler);
        }

        _instance.RunOnCore(() => LinkTurn.Receive<TrialProfile>(ref _instance.State));

        Assert.True(_instance.State.Map.Link(1).OwesRelease);
        Assert.True(_instance.State.OwesMessages);
        Assert.False(SleepProtocol.HasNews<CoherentMemory, InstanceLinks, InstanceState>(ref _instance.State));
        Assert.Equal(LinkTable.None, LinkTable.Find(in _instance.State.Map, 5));
        Assert.Equal(0u, LinkTable.Find(in _instance.State.Map, 0));

        coordinator.TakeAll();
        _instance.RunOnCore(() => LinkTurn.Receive<TrialProfile>(ref _instance.State));
        LinkMessage told = Assert.Single(coordinator.TakeAll());
        Assert.Equal(((uint)KernelMessage.LinkReleased, 77ul), (told.Kind, told.Operation));
        Assert.Equal((1u, 1ul), (_instance.State.LinkCount, _instance.Status.PeersDied));
        Assert.False(_instance.State.OwesMessages);
    }

    private static LinkOffer Offer(uint peer = 5) => new()
    {
        Peer = peer,
        PeerApicId = peer * 2,
        Receive = 0x10_0000,
        Send = 0x10_1000,
        Status = 0x20_0000,
        Life = 0x103,
        Epoch = 9,
    };

    private LinkOfferResult Take(LinkOffer offer)
    {
        LinkOfferResult result = default;
        _instance.RunOnCore(() => result = LinkTable.Take<TrialProfile>(ref _instance.State, in offer));
        return result;
    }

    private sealed class WatchedCore : SimulatedCore
    {
        public nint Entries { get; set; }

        public ulong PeerBase { get; set; }

        // Slot, and its entry at the moment of the invalidation.
        public List<(uint Slot, ulong Entry)> Seen { get; } = [];

        public override void InvalidatePage(ulong virtualAddress)
        {
            uint slot = (uint)((virtualAddress - PeerBase) / 0x1000);
            Seen.Add((slot, ((ulong*)Entries)[slot]));
        }
    }
}
