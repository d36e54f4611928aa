using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Instance;

/// <summary>The four pages that a link has in the peer region, in this order.</summary>
public enum LinkPage : uint
{
    /// <summary>Ring from the peer.</summary>
    Receive,

    /// <summary>Ring to the peer.</summary>
    Send,

    /// <summary>The peer's status page.</summary>
    Status,

    /// <summary>The peer's wake page.</summary>
    Wake,
}

/// <summary>Enters pages that other instances have too in this instance's peer tables.</summary>
public static unsafe class PeerMap
{
    /// <summary>Pages that a link takes.</summary>
    public const uint PagesPerLink = 4;

    /// <summary>Pages of the coordinator's frame window: one to write through, one to read through.</summary>
    public const uint WindowSlots = 2;

    /// <summary>The slot for one of a link's pages.</summary>
    /// <param name="link">Position in the link table.</param>
    /// <param name="page">Which page.</param>
    public static uint Slot(uint link, LinkPage page) => (link * PagesPerLink) + (uint)page;

    /// <summary>Peer tables that so many links and a window need.</summary>
    public static uint TablesFor(uint links) =>
        ((links * PagesPerLink) + WindowSlots + PageTableEntry.PerTable - 1) / PageTableEntry.PerTable;

    /// <summary>A slot's page. To follow it is a fault unless something has been entered there.</summary>
    [Trusted(Safety = "The slots lie one after the other from the base on.")]
    public static Page* PageAt(in InstanceMap map, uint slot)
    {
        Check.That(slot < map.PeerEntryCount);
        return (Page*)(map.PeerBase + (slot * ImageLayout.PageSizeBytes));
    }

    /// <summary>The ring in a slot.</summary>
    [Trusted(Safety = "A ring fills a page.")]
    public static RingSlot* RingAt(in InstanceMap map, uint slot) => (RingSlot*)PageAt(in map, slot);

    /// <summary>The status page of a link's peer: mapped as long as the link is.</summary>
    public static ref InstanceStatus StatusAt(in InstanceMap map, uint link) =>
        ref Page.At<InstanceStatus>(PageAt(in map, Slot(link, LinkPage.Status)));

    /// <summary>The life word on the status page in a slot.</summary>
    [Trusted(Safety = "The status fits a page.")]
    public static ulong* LifeAt(in InstanceMap map, uint slot) => InstanceStatus.LifeOn(PageAt(in map, slot));

    /// <summary>The wake word on the wake page in a slot.</summary>
    [Trusted(Safety = "The page begins with it.")]
    public static ulong* WakeAt(in InstanceMap map, uint slot) => (ulong*)PageAt(in map, slot);

    /// <summary>Maps a page into a free slot. No translation of it can be cached, since it was not present.</summary>
    /// <remarks>A call: links are made seldom, and take four.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Enter(in InstanceMap map, uint slot, ulong physical, PageRights rights)
    {
        ref ulong entry = ref map.PeerEntry(slot);
        Check.That(entry == PageTableEntry.NotPresent);
        Translation.Store(ref entry, PageTableEntry.Leaf(physical, rights));
    }

    /// <summary>Unmaps a slot and forgets its translation.</summary>
    public static void Clear(in InstanceMap map, uint slot)
    {
        Translation.Store(ref map.PeerEntry(slot), PageTableEntry.NotPresent);
        Cpu.InvalidatePage((ulong)PageAt(in map, slot));
    }
}
