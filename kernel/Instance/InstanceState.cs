using Atoll.Arch;
using Atoll.Ipc;
using Atoll.Root;
using Atoll.Syscall;

namespace Atoll.Instance;

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

/// <summary>Everything an instance owns, but for the state of its work (<see cref="StatePage{TWork}"/>). Passed by reference, never through a static.</summary>
/// <remarks>
/// Holds data addresses of the instance's own map but no address of code, so that another build of the kernel can take it
/// over. Change <see cref="SchemaVersionValue"/> with any change of the layout.
/// </remarks>
[PerCore]
[NonCopyable]
public struct InstanceState
{
    /// <summary>The coordinator's core: the boot processor.</summary>
    public const uint CoordinatorCore = 0;

    /// <summary>Version of this layout.</summary>
    public const uint SchemaVersionValue = 10;

    /// <summary>What it does for its programs. First: the trampolines know where it begins.</summary>
    public Microkernel Kernel;

    /// <summary>The memory of its programs; without a base it has none.</summary>
    public GrantLayout Grant;

    /// <summary>TSC value that the timer is armed for while a program runs; the greatest: it is not.</summary>
    public ulong TimerAt;

    /// <summary>Whether the timer has fired, or another duty was set, since it was armed.</summary>
    public bool TimerIsStale;

    /// <summary>TSC value at which the event loop has something to do by itself; the greatest: never.</summary>
    public ulong DutyAt;

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

    /// <summary>Set while a panic is under way, so that a fault in it goes on with the announcement.</summary>
    public bool IsPanicking;

    /// <summary>Set before the death is announced, so that a fault in that parks at once.</summary>
    public bool IsAnnouncing;

    /// <summary>Whether another instance takes the console over when this one dies.</summary>
    public bool HasDeputy;

    /// <summary>Where the instance's own pages are mapped.</summary>
    public InstanceMap Map;

    /// <summary>The link to the coordinator, as the coordinator has mapped it; unused in the coordinator.</summary>
    public LinkOffer CoordinatorOffer;

    /// <summary>What the coordinator has said last of a peer's grant: the next link to that peer has it.</summary>
    public PeerGrant Announced;

    /// <summary>Places of the link table that have to be looked at: those beyond are free.</summary>
    public uint LinkCount;

    /// <summary>Whether a link owes a message that found no room. No doorbell tells that there is room.</summary>
    public bool OwesMessages;

    /// <summary>The instance's side of the sleep protocol.</summary>
    public WakeWord Wake;

    /// <summary>Turns of the event loop without work, in a row.</summary>
    public uint EmptyTurns;

    /// <summary>Links that are wanted.</summary>
    public LinkOpening Opening;

    /// <summary>What to do when the coordinator dies.</summary>
    public DeputyDuty Deputy;
}
