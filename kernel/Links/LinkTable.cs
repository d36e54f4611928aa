using System.Runtime.CompilerServices;
using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Mm;

namespace Atoll.Links;

/// <summary>Every outcome of taking up a link.</summary>
[MustUse]
public enum LinkOfferResult : byte
{
    /// <summary>The link is greeting.</summary>
    Taken,

    /// <summary>The addresses are not those of four pages outside the instance's own memory.</summary>
    BadAddress,

    /// <summary>There is a link to that peer already.</summary>
    AlreadyLinked,

    /// <summary>The link table is full.</summary>
    TableFull,
}

/// <summary>An instance's links: a table of fixed places, each with four pages of the peer region.</summary>
public static unsafe class LinkTable
{
    /// <summary>Position that no link has.</summary>
    public const uint None = uint.MaxValue;

    /// <summary>Position of a member's link to the coordinator, whose pages are mapped before the instance begins.</summary>
    public const uint ToCoordinator = 0;

    /// <summary>Position of the link to a peer, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint Find(in InstanceMap map, uint peer)
    {
        for (uint i = 0; i < map.LinkCapacity; i++)
        {
            if (map.Link(i).IsUsed && !map.Link(i).OwesRelease && map.Link(i).Link.Peer == peer)
            {
                return i;
            }
        }

        return None;
    }

    /// <summary>Sends to the instance of a core, if there is a link to it. A call: for messages that are rare.</summary>
    /// <returns>False when there is no link, it is not open, or its ring is full.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TrySend(in InstanceState state, uint peer, ref LinkMessage message)
    {
        uint position = Find(in state.Map, peer);
        return position != None && state.Map.Link(position).Link.TrySend<CoherentMemory>(ref message) == LinkSendResult.Sent;
    }

    /// <summary>Maps a link's pages into a free place and opens the link. Checks first, then cannot fail.</summary>
    public static LinkOfferResult Take<TDuty>(ref InstanceState state, in LinkOffer offer)
        where TDuty : IDuty
    {
        if (!IsForeignPage(in state, offer.Receive) || !IsForeignPage(in state, offer.Send)
            || !IsForeignPage(in state, offer.Status) || !IsForeignPage(in state, offer.Status + ImageLayout.PageSizeBytes)
            || offer.Receive == offer.Send || IsOfStatus(in offer, offer.Receive) || IsOfStatus(in offer, offer.Send))
        {
            return LinkOfferResult.BadAddress;
        }

        if (Find(in state.Map, offer.Peer) != None)
        {
            return LinkOfferResult.AlreadyLinked;
        }

        uint position = FindFree(in state.Map);
        if (position == None)
        {
            return LinkOfferResult.TableFull;
        }

        PeerMap.Enter(in state.Map, PeerMap.Slot(position, LinkPage.Receive), offer.Receive, PageRights.ReadWrite);
        PeerMap.Enter(in state.Map, PeerMap.Slot(position, LinkPage.Send), offer.Send, PageRights.ReadWrite);
        PeerMap.Enter(in state.Map, PeerMap.Slot(position, LinkPage.Status), offer.Status, PageRights.Read);
        PeerMap.Enter(in state.Map, PeerMap.Slot(position, LinkPage.Wake), offer.Status + ImageLayout.PageSizeBytes, PageRights.Read);
        OpenMapped<TDuty>(ref state, position, in offer);
        return LinkOfferResult.Taken;
    }

    /// <summary>Opens a link whose four pages are mapped at a position already.</summary>
    public static void OpenMapped<TDuty>(ref InstanceState state, uint position, in LinkOffer offer)
        where TDuty : IDuty
    {
        LinkEnds ends = default;
        ends.Receive = PeerMap.RingAt(in state.Map, PeerMap.Slot(position, LinkPage.Receive));
        ends.Send = PeerMap.RingAt(in state.Map, PeerMap.Slot(position, LinkPage.Send));
        ends.SlotCount = RingSlot.PerPage;
        ends.PeerLife = PeerMap.LifeAt(in state.Map, PeerMap.Slot(position, LinkPage.Status));
        ends.PeerWake = PeerMap.WakeAt(in state.Map, PeerMap.Slot(position, LinkPage.Wake));

        ref LinkEntry entry = ref state.Map.Link(position);
        Check.That(!entry.IsUsed);
        entry = default;
        entry.IsUsed = true;
        entry.Grant = offer.Grant;
        state.LinkCount = position >= state.LinkCount ? position + 1 : state.LinkCount;
        ulong life = Volatile.Read(ref state.Map.Status.Life);
        entry.Link.Open<CoherentMemory>(in ends, offer.Peer, offer.PeerApicId, offer.Epoch, offer.Life, life);
        TDuty.Linked(ref state, ref entry);
    }

    /// <summary>Closes a link, unmaps its pages and frees the place. Nothing of the peer is reachable afterwards.</summary>
    public static void Release(ref InstanceState state, uint position)
    {
        ref LinkEntry entry = ref state.Map.Link(position);
        bool saysGoodbye = entry.Link.State != LinkState.Closed;
        if (saysGoodbye)
        {
            entry.Link.Close<CoherentMemory>();
        }

        // The place is free before the turn ends, so the goodbye, or a refusal said before, is rung for here.
        // An x2APIC's doorbell has a fence of its own: then there are two in a row, once in a link's life. An xAPIC's has none.
        if (saysGoodbye || entry.Link.HasSent)
        {
            CoherentMemory.Fence();
            state.Apic.SendDoorbell(new ApicId(entry.Link.PeerApicId));
        }

        for (LinkPage page = LinkPage.Receive; page <= LinkPage.Wake; page++)
        {
            PeerMap.Clear(in state.Map, PeerMap.Slot(position, page));
        }

        Free(ref state, ref entry);
    }

    /// <summary>Keeps a place whose link is gone until the coordinator has been told.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="position">The place.</param>
    /// <param name="peer">Core of the peer.</param>
    /// <param name="epoch">Number of the link.</param>
    /// <param name="isHeldBack">Whether the coordinator may not be told yet.</param>
    public static void OweRelease(ref InstanceState state, uint position, uint peer, ulong epoch, bool isHeldBack)
    {
        ref LinkEntry entry = ref state.Map.Link(position);
        entry.IsUsed = true;
        entry.OwesRelease = true;
        entry.ReleasedEpoch = epoch;
        entry.ReleasedPeer = peer;
        entry.IsHeldBack = isHeldBack;
        state.LinkCount = position >= state.LinkCount ? position + 1 : state.LinkCount;
    }

    /// <summary>Frees a place whose link is gone.</summary>
    public static void Free(ref InstanceState state, ref LinkEntry entry)
    {
        entry = default;
        while (state.LinkCount != 0 && !state.Map.Link(state.LinkCount - 1).IsUsed)
        {
            state.LinkCount--;
        }
    }

    private static uint FindFree(in InstanceMap map)
    {
        for (uint i = 0; i < map.LinkCapacity; i++)
        {
            if (!map.Link(i).IsUsed)
            {
                return i;
            }
        }

        return None;
    }

    private static bool IsOfStatus(in LinkOffer offer, ulong page) =>
        page == offer.Status || page == offer.Status + ImageLayout.PageSizeBytes;

    /// <summary>Whether an address that another instance has sent is that of a page outside of this one's private block.</summary>
    /// <remarks>A call: an offer has four of them, and is rare.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsForeignPage(in InstanceState state, ulong physical) =>
        physical != 0 && (physical & ~PageTableEntry.AddressMask) == 0
        && (physical < state.PrivateBase || physical >= state.PrivateBase + (state.PrivatePages * ImageLayout.PageSizeBytes));
}
