using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>Where Init keeps which capability.</summary>
/// <remarks>
/// Its CSpace has two levels: a top table, whose slot 0 is the root CNode that the kernel made, and whose slot k is the <em>shelf</em> of program
/// k − 1: the capabilities by which Init controls that program. An address is (slot of the top table, slot below).
/// </remarks>
public readonly struct SlotMap(uint firstFree)
{
    /// <summary>log2 of the slots of the top table: programs, and the root.</summary>
    public const byte TopRadix = 6;

    /// <summary>log2 of the slots of a shelf.</summary>
    public const byte ShelfRadix = 8;

    private const uint PerProgram = 2;
    private const uint OwnTables = 4;
    private const uint RegionPages = 128;

    /// <summary>The root CNode, as the kernel made it.</summary>
    public static CNodeTable Root => new(RootSlot.CNode);

    /// <summary>The top table.</summary>
    public CNodeTable Top => new(firstFree);

    /// <summary>Slot in the root for the top table.</summary>
    public uint TopSlot => firstFree;

    /// <summary>Slot in the root for the root as the top table names it.</summary>
    public uint TopView => firstFree + 1;

    /// <summary>Slot in the root for the reply object that Init serves with.</summary>
    public uint Reply => firstFree + 2;

    /// <summary>Slot in the root for a capability that is deleted before the next is made.</summary>
    public uint Passing => firstFree + 3;

    /// <summary>Slot in the root for an end of a channel on its way into a program's CNode.</summary>
    public uint PassingEnd => firstFree + 4;

    /// <summary>Slot in the root for Init's own end of a channel: to who says what stopped. Behind it is the notification that it signals.</summary>
    public uint StopEnd => firstFree + 5;

    /// <summary>Slots in the root for the page tables of Init's own window.</summary>
    public uint Tables => firstFree + 7;

    /// <summary>First slot that nothing is planned for.</summary>
    public uint End => RegionFrame(RegionPages);

    /// <summary>Slot in the root for the memory of a program.</summary>
    public uint MemoryOf(uint program) => Tables + OwnTables + (program * PerProgram);

    /// <summary>Slot in the root for the shelf of a program.</summary>
    public uint ShelfOf(uint program) => MemoryOf(program) + 1;

    /// <summary>Slot in the root for the endpoint of a channel.</summary>
    public uint Channel(uint channel) => MemoryOf(SystemHeader.ProgramsMax) + channel;

    /// <summary>Slot in the root for a page of a region.</summary>
    public uint RegionFrame(uint page) => Channel(SystemHeader.ChannelsMax) + page;

    /// <summary>Pages of regions that there are slots for.</summary>
    public static uint RegionPagesMax => RegionPages;

    /// <summary>Address of a slot of a shelf.</summary>
    public static ulong OnShelf(uint program, uint index) => ((ulong)(program + 1) << RootSlot.RootRadix) | index;
}
