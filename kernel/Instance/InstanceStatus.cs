using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Instance;

/// <summary>The status page: what an instance tells its peers and the coordinator. One page; only the owner writes.</summary>
/// <remarks>
/// One exception: whoever stops an instance writes its <see cref="Life"/>, which it can no longer write itself.
/// Each word is written by one aligned store and read by one load. Words are independent: a reader must not conclude from
/// one about another, but for <see cref="Life"/>, which is written after what it announces. Readers treat all of it as
/// untrusted. Once the core is stopped, whoever stopped it owns the page.
/// </remarks>
[Shared]
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public struct InstanceStatus
{
    /// <summary><see cref="LifeWord"/>: incarnation and <see cref="InstanceLifecycle"/>.</summary>
    [FieldOffset(0)] public ulong Life;

    /// <summary>Turns of the event loop.</summary>
    [FieldOffset(64)] public ulong Heartbeat;

    /// <summary>Workload messages sent, over all links.</summary>
    [FieldOffset(72)] public ulong Sent;

    /// <summary>Workload messages received and right, over all links.</summary>
    [FieldOffset(80)] public ulong Received;

    /// <summary>Workload messages received and wrong, over all links.</summary>
    [FieldOffset(88)] public ulong Errors;

    /// <summary>1 when the workload is done with every partner that lives.</summary>
    [FieldOffset(96)] public ulong WorkloadDone;

    /// <summary>TSC ticks from the workload's beginning to its end.</summary>
    [FieldOffset(104)] public ulong WorkloadTicks;

    /// <summary>Interrupts that nobody asked for.</summary>
    [FieldOffset(128)] public ulong StrayCount;

    /// <summary>Vector of the last of them.</summary>
    [FieldOffset(136)] public ulong StrayVector;

    /// <summary>TSC ticks from the core's first instruction to Healthy.</summary>
    [FieldOffset(144)] public ulong BootTicks;

    /// <summary>Halts.</summary>
    [FieldOffset(152)] public ulong Sleeps;

    /// <summary>Doorbells rung.</summary>
    [FieldOffset(160)] public ulong DoorbellsRung;

    /// <summary>Links whose peer died or closed.</summary>
    [FieldOffset(168)] public ulong PeersDied;

    /// <summary>Messages that were corrupt, stale or of unknown kind.</summary>
    [FieldOffset(176)] public ulong Refused;

    /// <summary>TSC ticks spent halted.</summary>
    [FieldOffset(184)] public ulong SleptTicks;

    /// <summary>What passed on each link, by position in the link table.</summary>
    [FieldOffset(1024)] public PairReports Pairs;

    /// <summary>The life word on a status page, for whoever is to store or watch it.</summary>
    [Trusted(Safety = "A status fills a page.")]
    public static unsafe ulong* LifeOn(Page* page) => &((InstanceStatus*)page)->Life;

    /// <summary>One report for each link.</summary>
    [InlineArray(Limits.PairReportsMax)]
    public struct PairReports
    {
        private PairReport _pair0;
    }
}

/// <summary>What passed on one link. 32 bytes.</summary>
[Shared]
public struct PairReport
{
    /// <summary>Core number of the peer plus one; 0: no link.</summary>
    public ulong PeerPlusOne;

    /// <summary>Workload messages sent.</summary>
    public ulong Sent;

    /// <summary>Workload messages received and right.</summary>
    public ulong Received;

    /// <summary>Workload messages received and wrong.</summary>
    public ulong Errors;
}
