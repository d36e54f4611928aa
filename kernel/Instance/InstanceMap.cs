using Atoll.Abi;
using Atoll.Base;
using Atoll.Ipc;
using Atoll.Mm;

namespace Atoll.Instance;

/// <summary>Where an instance finds its own pages. Fixed addresses on the machine; anywhere on the host.</summary>
public unsafe struct InstanceMap
{
    /// <summary>The status page. Peers read it.</summary>
    public InstanceStatus* StatusPage;

    /// <summary>The crash page.</summary>
    public CrashRecord* CrashPage;

    /// <summary>The wake word, alone on its page. Peers read it.</summary>
    public ulong* Wake;

    /// <summary>The first page of the link table.</summary>
    public LinkEntry* LinkPages;

    /// <summary>Places in the link table.</summary>
    public uint LinkCapacity;

    /// <summary>Entries of the peer tables. Beside the other short number, so that no byte between them keeps what was on the stack of whoever fills it in.</summary>
    public uint PeerEntryCount;

    /// <summary>The coordinator's own pages, null in a member.</summary>
    public Page* CoordinatorPages;

    /// <summary>First entry of the peer tables.</summary>
    public ulong* PeerEntries;

    /// <summary>Address that the first peer entry maps.</summary>
    public ulong PeerBase;

    /// <summary>What the instance tells its peers about itself.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "Mapped as long as the instance runs.")]
    public readonly ref InstanceStatus Status => ref *StatusPage;

    /// <summary>What the instance leaves behind when it dies.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "Mapped as long as the instance runs.")]
    public readonly ref CrashRecord Crash => ref *CrashPage;

    /// <summary>The instance's own life word, for whoever announces a death.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "A field of the status page, mapped as long as the instance runs.")]
    public readonly ulong* Life => &StatusPage->Life;

    /// <summary>The addresses of <see cref="ImageLayout"/>.</summary>
    /// <param name="plan">What the instance has.</param>
    [Trusted(Safety = "InstanceBuilder maps these pages, for these types, before the instance begins.")]
    public static InstanceMap OfImage(in InstancePlan plan) => new()
    {
        StatusPage = (InstanceStatus*)ImageLayout.StatusPage,
        CrashPage = (CrashRecord*)ImageLayout.CrashPage,
        Wake = (ulong*)ImageLayout.WakePage,
        LinkPages = (LinkEntry*)ImageLayout.LinkTableBase,
        LinkCapacity = LinkEntry.CapacityOf(plan.LinkPages),
        CoordinatorPages = plan.CoordinatorPages == 0 ? null : (Page*)ImageLayout.CoordinatorBase,
        PeerEntries = (ulong*)ImageLayout.PeerTablesBase,
        PeerEntryCount = plan.PeerTables * PageTableEntry.PerTable,
        PeerBase = ImageLayout.PeerBase,
    };

    /// <summary>A place of the link table.</summary>
    /// <param name="position">Below <see cref="LinkCapacity"/>.</param>
    [Trusted(Safety = "The table has so many places, and is mapped as long as the instance runs.")]
    public readonly ref LinkEntry Link(uint position)
    {
        Check.That(position < LinkCapacity);
        return ref LinkPages[position];
    }

    /// <summary>An entry of the peer tables.</summary>
    /// <param name="slot">Below <see cref="PeerEntryCount"/>.</param>
    [Trusted(Safety = "The tables have so many entries, and are mapped as long as the instance runs.")]
    public readonly ref ulong PeerEntry(uint slot)
    {
        Check.That(slot < PeerEntryCount);
        return ref PeerEntries[slot];
    }
}
