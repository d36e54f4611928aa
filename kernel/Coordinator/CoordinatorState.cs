using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Firmware;
using Atoll.Instance;
using Atoll.Mm;
using Atoll.Provision;
using Atoll.Root;
using Atoll.Syscall;

namespace Atoll.Coordinator;

/// <summary>What the coordinator knows of the machine and of the instances. In the coordinator's own pages.</summary>
[PerCore]
[NonCopyable]
public struct CoordinatorState
{
    /// <summary>Boot parameters.</summary>
    public BootParameters Parameters;

    /// <summary>Free memory.</summary>
    public FramePool Pool;

    /// <summary>The machine's cores.</summary>
    public CoreList Cores;

    /// <summary>What became of each core.</summary>
    public InstanceTable Instances;

    /// <summary>Links between members.</summary>
    public LinkRegistry Links;

    /// <summary>Channels between programs.</summary>
    public ChannelRegistry Channels;

    /// <summary>The bundle, and in it the first program; without a base instances have no programs.</summary>
    public BundlePlace Bundle;

    /// <summary>Registers of devices: its own programs' to have, because interrupts of devices come to this core.</summary>
    public DeviceMemory Devices;

    /// <summary>Physical address of the start tables.</summary>
    public ulong StartTables;

    /// <summary>Bytes of usable memory, in use or not.</summary>
    public ulong UsableBytes;

    /// <summary>The core that is being started.</summary>
    public Starting Starting;

    /// <summary>Whether all cores have been started or given up once: then the machine is up.</summary>
    public bool HasStarted;

    /// <summary>Cores that did not come up.</summary>
    public uint Failed;

    /// <summary>The member that is the deputy; the coordinator's own core: none.</summary>
    public uint Deputy;

    /// <summary>Whether all that live were asked to show that they go on, since the last death.</summary>
    public bool HasDemanded;

    /// <summary>Whether that one is dead, or whoever could be the next has only just come up.</summary>
    public bool DeputyIsDue;

    /// <summary>Instances that have died.</summary>
    public uint Died;

    /// <summary>TSC at which supervision looks again.</summary>
    public ulong NextLook;

    /// <summary>Microseconds between two looks now.</summary>
    public uint LookPeriod;

    /// <summary>Whether the end of the run has been reported.</summary>
    public bool HasReportedEnd;

    /// <summary>What an instance knows as the coordinator. Only the coordinator asks.</summary>
    [Trusted(Safety = "The pages are the coordinator's for this type, mapped as long as it runs, and null elsewhere.")]
    public static unsafe ref CoordinatorState Of(in InstanceState state)
    {
        Check.That(state.Map.CoordinatorPages != null);
        return ref *(CoordinatorState*)state.Map.CoordinatorPages;
    }
}

/// <summary>What the coordinator knows of one core's instance.</summary>
[NonCopyable]
public struct InstanceEntry
{
    /// <summary>What programs see of it. First: they find it where the entry begins.</summary>
    public MemberRow Row;

    /// <summary>Where it is in its life, as far as the coordinator has acted on it.</summary>
    public readonly InstanceLifecycle Lifecycle => (InstanceLifecycle)new MemberCondition(Row.Condition).State;

    /// <summary>Which life of the core.</summary>
    public ulong Incarnation
    {
        readonly get => Row.Incarnation;
        set => Row.Incarnation = value;
    }

    /// <summary>Its private block.</summary>
    public InstancePlan Plan;

    /// <summary>The memory of its programs; without a base it has none.</summary>
    public GrantLayout Grant;

    /// <summary>Physical address of the two rings of the coordinator's link: to the instance, then from it.</summary>
    public ulong Rings;

    /// <summary>Questions that it had answered when it was last to show that it goes on.</summary>
    public ulong PongsBefore;

    /// <summary>Whether it must still show that.</summary>
    public bool OwesSurvival;

    /// <summary>What its heartbeat says.</summary>
    public Suspicion Suspicion;

    /// <summary>Stray interrupts reported so far.</summary>
    public ulong StraysReported;
}

/// <summary>One entry for each core of the machine, behind what every coordinator has: a small machine pays for few.</summary>
[NonCopyable]
public struct InstanceTable
{
    private ObjectArray<InstanceEntry> _entries;

    /// <summary>A core's.</summary>
    /// <param name="core">Below the number of the machine's cores.</param>
    public readonly ref InstanceEntry this[int core] => ref _entries[(uint)core];

    /// <summary>Begins with zeroed memory, or with what was filled in before.</summary>
    internal void Begin(ulong address, uint cores) => _entries.Begin(address, cores);
}
