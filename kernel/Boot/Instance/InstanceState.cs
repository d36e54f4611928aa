using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>What kind of instance this is.</summary>
public enum InstanceRole : uint
{
    /// <summary>The boot processor before it has an instance of its own. Zeroed memory reads so.</summary>
    EarlyBoot,

    /// <summary>Provisions and supervises the others, owns the console.</summary>
    Coordinator,

    /// <summary>Any other.</summary>
    Member,
}

/// <summary>Everything an instance owns. One page; passed by reference, never through a static.</summary>
/// <remarks>
/// Holds data addresses of the instance's own map but no address of code, so that another build of the kernel can take it
/// over. Change <see cref="SchemaVersionValue"/> with any change of the layout.
/// </remarks>
public unsafe struct InstanceState
{
    /// <summary>Version of this layout.</summary>
    public const uint SchemaVersionValue = 1;

    /// <summary><see cref="SchemaVersionValue"/>; 0 before anybody filled the block in.</summary>
    public uint SchemaVersion;

    /// <summary>What kind of instance.</summary>
    public InstanceRole Role;

    /// <summary>Core number.</summary>
    public uint Core;

    /// <summary>APIC id of the core.</summary>
    public uint ApicId;

    /// <summary>Which life of this core it is.</summary>
    public ulong Incarnation;

    /// <summary>Physical address of the private block.</summary>
    public ulong PrivateBase;

    /// <summary>Pages of the private block.</summary>
    public ulong PrivatePages;

    /// <summary>TSC at the core's first instruction.</summary>
    public ulong EntryTsc;

    /// <summary>TSC ticks spent halted.</summary>
    public ulong SleptTsc;

    /// <summary>Speed of the counters.</summary>
    public Clock Clock;

    /// <summary>The core's APIC.</summary>
    public LocalApic Apic;

    /// <summary>Protections that are on.</summary>
    public ProtectionFeatures Protection;

    /// <summary>Set while a panic is under way, so that a fault in it parks at once.</summary>
    public bool IsPanicking;

    /// <summary>Whether another instance takes the console over when this one dies.</summary>
    public bool HasDeputy;

    /// <summary>Where the instance's own pages are mapped.</summary>
    public InstanceMap Map;

    /// <summary>Link from and to the coordinator.</summary>
    public ControlLink Control;

    /// <summary>Rings to the neighbours.</summary>
    public NeighbourTraffic Traffic;

    /// <summary>What to do when the coordinator dies.</summary>
    public DeputyDuty Deputy;

    /// <summary>The fault to provoke.</summary>
    public FaultOrder Fault;
}

/// <summary>Where an instance finds its own pages. Fixed addresses on the machine; anywhere on the host.</summary>
public unsafe struct InstanceMap
{
    /// <summary>The status page.</summary>
    public InstanceStatus* Status;

    /// <summary>The crash page.</summary>
    public CrashRecord* Crash;

    /// <summary>First entry of the peer tables.</summary>
    public ulong* PeerEntries;

    /// <summary>Entries of the peer tables.</summary>
    public uint PeerEntryCount;

    /// <summary>Address that the first peer entry maps.</summary>
    public ulong PeerBase;

    /// <summary>The addresses of <see cref="ImageLayout"/>.</summary>
    /// <param name="peerTables">Peer tables that the instance has.</param>
    public static InstanceMap OfImage(uint peerTables) => new()
    {
        Status = (InstanceStatus*)ImageLayout.StatusPage,
        Crash = (CrashRecord*)ImageLayout.CrashPage,
        PeerEntries = (ulong*)ImageLayout.PeerTablesBase,
        PeerEntryCount = peerTables * Mm.PageTableEntry.PerTable,
        PeerBase = ImageLayout.PeerBase,
    };
}
