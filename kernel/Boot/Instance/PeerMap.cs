using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Boot;

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

    /// <summary>Address of a slot's page.</summary>
    public static void* Address(in InstanceMap map, uint slot) => (void*)(map.PeerBase + (slot * ImageLayout.PageSizeBytes));

    /// <summary>Maps a page into a free slot. No translation of it can be cached, since it was not present.</summary>
    public static void Enter(in InstanceMap map, uint slot, ulong physical, PageRights rights)
    {
        Check.That(slot < map.PeerEntryCount && map.PeerEntries[slot] == PageTableEntry.NotPresent);
        Translation.Store(&map.PeerEntries[slot], PageTableEntry.Leaf(physical, rights));
    }

    /// <summary>Unmaps a slot and forgets its translation.</summary>
    public static void Clear(in InstanceMap map, uint slot)
    {
        Check.That(slot < map.PeerEntryCount);
        Translation.Store(&map.PeerEntries[slot], PageTableEntry.NotPresent);
        Cpu.InvalidatePage((ulong)Address(in map, slot));
    }
}
