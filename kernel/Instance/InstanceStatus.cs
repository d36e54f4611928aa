using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Mm;

namespace Atoll.Instance;

/// <summary>The status page: what an instance tells its peers and the coordinator. One page; only the owner writes.</summary>
/// <remarks>
/// One exception: whoever stops an instance writes its <see cref="Life"/>, which it can no longer write itself.
/// Each word is written by one aligned store and read by one load. Words are independent: a reader must not conclude from
/// one about another, but for <see cref="Life"/>, which is written after what it announces. Readers treat all of it as
/// untrusted. Once the core is stopped, whoever stopped it owns the page. An instance's own words end below 256, but for <see cref="Passes"/>; what its work
/// says (<c>WorkStatus</c> of the image for tests) has the rest.
/// </remarks>
[Shared]
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public struct InstanceStatus
{
    /// <summary><see cref="LifeWord"/>: incarnation and <see cref="InstanceLifecycle"/>.</summary>
    [FieldOffset(0)] public ulong Life;

    /// <summary>Turns of the event loop.</summary>
    [FieldOffset(64)] public ulong Heartbeat;

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

    /// <summary>The wake word with which the instance went over to its programs for the last time: while it is that, it does not sleep.</summary>
    [FieldOffset(192)] public ulong ProgramsWake;

    /// <summary>Cores of the machine that were meant to get an instance: the coordinator says it, on its own page. No other instance is built with it.</summary>
    [FieldOffset(200)] public ulong MachineCores;

    /// <summary>What its programs give on of others' objects, and has not been taken as far as it knows.</summary>
    [FieldOffset(768)] public PassTable Passes;

    /// <summary>Places for capabilities that are given on.</summary>
    public const uint PassesMax = 16;

    /// <summary>The life word on a status page, for whoever is to store or watch it.</summary>
    [Trusted(Safety = "A status fills a page.")]
    public static unsafe ulong* LifeOn(Page* page) => &((InstanceStatus*)page)->Life;

    /// <summary>One entry for each place.</summary>
    [InlineArray((int)PassesMax)]
    public struct PassTable
    {
        private PassNotice _notice0;
    }
}
