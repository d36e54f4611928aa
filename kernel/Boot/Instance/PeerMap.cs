using Atoll.Abi;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Boot;

/// <summary>Places in an instance's peer region. One page each.</summary>
public enum PeerSlot : uint
{
    /// <summary>The coordinator's status page.</summary>
    CoordinatorStatus,

    /// <summary>Ring from the coordinator.</summary>
    ControlReceive,

    /// <summary>Ring to the coordinator.</summary>
    ControlSend,

    /// <summary>Ring from the left-hand neighbour.</summary>
    LeftRing,

    /// <summary>Status page of the left-hand neighbour.</summary>
    LeftStatus,

    /// <summary>Ring to the right-hand neighbour.</summary>
    RightRing,

    /// <summary>Status page of the right-hand neighbour.</summary>
    RightStatus,

    /// <summary>Coordinator only: first of three pages (status, ring from, ring to) for each core.</summary>
    FirstCore = 16,
}

/// <summary>Enters pages that other instances have too in this instance's peer tables.</summary>
public static unsafe class PeerMap
{
    /// <summary>Pages that the coordinator has for each core.</summary>
    public const uint SlotsPerCore = 3;

    /// <summary>Pages of the coordinator's frame window: one to write through, one to read through.</summary>
    public const uint WindowSlots = 2;

    /// <summary>The coordinator's slot for one of a core's three pages.</summary>
    public static PeerSlot OfCore(uint core, PeerSlot page) =>
        (PeerSlot)((uint)PeerSlot.FirstCore + (core * SlotsPerCore) + (uint)page);

    /// <summary>Peer tables that a coordinator of so many cores needs.</summary>
    public static uint CoordinatorTables(uint cores) =>
        (((uint)PeerSlot.FirstCore + (cores * SlotsPerCore) + WindowSlots + PageTableEntry.PerTable) - 1) / PageTableEntry.PerTable;

    /// <summary>Address of a slot's page.</summary>
    public static void* Address(in InstanceMap map, PeerSlot slot) =>
        (void*)(map.PeerBase + ((ulong)slot * ImageLayout.PageSizeBytes));

    /// <summary>Whether a slot is free.</summary>
    public static bool IsFree(in InstanceMap map, PeerSlot slot) =>
        (uint)slot < map.PeerEntryCount && map.PeerEntries[(uint)slot] == PageTableEntry.NotPresent;

    /// <summary>Maps a page into a free slot. No translation of it can be cached, since it was not present.</summary>
    public static void Enter(in InstanceMap map, PeerSlot slot, ulong physical, PageRights rights)
    {
        Check.That(IsFree(in map, slot));
        map.PeerEntries[(uint)slot] = PageTableEntry.Leaf(physical, rights);
    }

    /// <summary>Unmaps a slot and forgets its translation.</summary>
    public static void Clear(in InstanceMap map, PeerSlot slot)
    {
        Check.That((uint)slot < map.PeerEntryCount);
        map.PeerEntries[(uint)slot] = PageTableEntry.NotPresent;
        Arch.Cpu.InvalidatePage((ulong)Address(in map, slot));
    }
}
