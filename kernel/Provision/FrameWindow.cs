using System.Runtime.CompilerServices;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Mm;

namespace Atoll.Provision;

/// <summary>Two pages of the coordinator's own map through which it reaches frames that it owns, one at a time.</summary>
/// <remarks>
/// There is no direct map of memory: what is not in the window cannot be touched, by a stray pointer either.
/// <see cref="Close"/> ends an access; the page-table walk of the isolation test finds a window that was left open.
/// </remarks>
[Linear]
public unsafe struct FrameWindow : IPhysicalMemory
{
    private readonly InstanceMap _map;

    private FrameWindow(in InstanceMap map) => _map = map;

    private readonly uint WriteSlot => _map.PeerEntryCount - 1;

    private readonly uint ReadSlot => _map.PeerEntryCount - 2;

    /// <summary>The window in the last two slots of the peer region. Whoever has it closes it, on every path (ATL0404).</summary>
    public static FrameWindow Over(in InstanceMap map) => new(in map);

    /// <inheritdoc/>
    public Page* Open(ulong physical) => Show(WriteSlot, physical, PageRights.ReadWrite);

    /// <inheritdoc/>
    public Page* OpenRead(ulong physical) => Show(ReadSlot, physical, PageRights.Read);

    /// <summary>Unmaps both pages.</summary>
    [Consumes]
    public readonly void Close()
    {
        PeerMap.Clear(in _map, WriteSlot);
        PeerMap.Clear(in _map, ReadSlot);
    }

    // Apart: provisioning opens pages all over, and half of its code would be this.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly Page* Show(uint slot, ulong physical, PageRights rights)
    {
        ulong entry = PageTableEntry.Leaf(physical, rights);
        if (_map.PeerEntry(slot) != entry)
        {
            PeerMap.Clear(in _map, slot);
            Translation.Store(ref _map.PeerEntry(slot), entry);
        }

        return PeerMap.PageAt(in _map, slot);
    }
}
