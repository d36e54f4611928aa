using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>
/// The pages between two instances: a ring each way and, for each, a page with its life and wake words; guards between.
/// </summary>
internal sealed unsafe class LinkFixture : IDisposable
{
    /// <summary>Number of the link.</summary>
    public const ulong Epoch = 7;

    /// <summary>Life words while both live: incarnation in the high bits, Healthy (3) in the low eight.</summary>
    public const ulong Alive = 0x503;

    private const byte Guard = 0xA5;
    private readonly HostPages _pages = new(9);
    private Link _left;
    private Link _right;

    /// <summary>Makes fresh rings and two living instances.</summary>
    public LinkFixture()
    {
        _pages.Bytes.Fill(Guard);
        for (int page = 1; page < _pages.Count; page += 2)
        {
            new Span<byte>(_pages.Page(page), HostPages.PageBytes).Clear();
        }

        RingMemory.Prepare(ToRight, RingSlot.PerPage);
        RingMemory.Prepare(ToLeft, RingSlot.PerPage);
        *LeftLife = Alive;
        *RightLife = Alive;
    }

    /// <summary>Ring from left to right.</summary>
    public RingSlot* ToRight => (RingSlot*)_pages.Page(1);

    /// <summary>Ring from right to left.</summary>
    public RingSlot* ToLeft => (RingSlot*)_pages.Page(3);

    /// <summary>Left's life word.</summary>
    public ulong* LeftLife => (ulong*)_pages.Page(5);

    /// <summary>Left's wake word.</summary>
    public ulong* LeftWake => LeftLife + 64;

    /// <summary>Right's life word.</summary>
    public ulong* RightLife => (ulong*)_pages.Page(7);

    /// <summary>Right's wake word.</summary>
    public ulong* RightWake => RightLife + 64;

    /// <summary>Left's end.</summary>
    public ref Link Left => ref _left;

    /// <summary>Right's end.</summary>
    public ref Link Right => ref _right;

    /// <summary>The right end, played by hand.</summary>
    public RawPeer PlayRight() => new(ToLeft, ToRight);

    /// <summary>Left says Hello.</summary>
    public void OpenLeft()
    {
        LinkEnds ends = new() { Receive = ToLeft, Send = ToRight, SlotCount = RingSlot.PerPage, PeerLife = RightLife, PeerWake = RightWake };
        _left.Open<CoherentMemory>(in ends, peer: 2, peerApicId: 4, Epoch, Alive, ownLife: Alive);
    }

    /// <summary>Right says Hello.</summary>
    public void OpenRight()
    {
        LinkEnds ends = new() { Receive = ToRight, Send = ToLeft, SlotCount = RingSlot.PerPage, PeerLife = LeftLife, PeerWake = LeftWake };
        _right.Open<CoherentMemory>(in ends, peer: 1, peerApicId: 2, Epoch, Alive, ownLife: Alive);
    }

    /// <summary>Both say Hello and hear it.</summary>
    public void OpenBoth()
    {
        OpenLeft();
        OpenRight();
        Assert.Equal(LinkReceiveResult.Handled, _left.TryReceive<CoherentMemory>(out _));
        Assert.Equal(LinkReceiveResult.Handled, _right.TryReceive<CoherentMemory>(out _));
        Assert.Equal((LinkState.Open, LinkState.Open), (_left.State, _right.State));
    }

    /// <summary>Left opens with a peer that is played by hand; both have said Hello and heard it.</summary>
    public RawPeer OpenLeftToRaw()
    {
        RawPeer peer = new(ToLeft, ToRight);
        OpenLeft();
        peer.Send(kind: 1, Epoch, Link.ProtocolVersion, Alive);
        Assert.Equal(LinkReceiveResult.Handled, _left.TryReceive<CoherentMemory>(out _));
        Assert.Equal((1, LinkState.Open), (peer.TakeAll().Count, _left.State));
        return peer;
    }

    /// <summary>Every outcome until nothing is there, at most so many.</summary>
    public static List<LinkReceiveResult> Drain(ref Link link, int most = 200)
    {
        List<LinkReceiveResult> results = [];
        while (results.Count < most
            && link.TryReceive<CoherentMemory>(out _) is var result && result != LinkReceiveResult.Empty)
        {
            results.Add(result);
        }

        return results;
    }

    /// <summary>Nothing was written beside the pages.</summary>
    public void AssertGuardsIntact()
    {
        for (int page = 0; page < _pages.Count; page += 2)
        {
            Assert.Equal(-1, new ReadOnlySpan<byte>(_pages.Page(page), HostPages.PageBytes).IndexOfAnyExcept(Guard));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pages.Dispose();
}
