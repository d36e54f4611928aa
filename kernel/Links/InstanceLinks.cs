using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Links;

/// <summary>An instance as the message protocol sees it at any time, a panic included: its links and its doorbells.</summary>
public readonly struct InstanceLinks : ILinkHolder<InstanceState>, IDeathBell<InstanceState>
{
    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static uint LinkCount(ref readonly InstanceState state) => state.LinkCount;

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "Positions are below LinkCount, which never passes the table's capacity, so that the check in the map does not fail.")]
    public static ref Link LinkAt(ref InstanceState state, uint position) => ref state.Map.Link(position).Link;

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Ring(ref InstanceState state, ref readonly Link link)
    {
        if (!state.Apic.TrySendDoorbell(new ApicId(link.PeerApicId)))
        {
            EndUnlessDying(in state);
        }

        StatusCounter.Add(ref state.Map.Status.DoorbellsRung, 1);
    }

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static void RingLinked(ref InstanceState state, uint dead) => DeathNotice.RingPeers<InstanceLinks, InstanceState>(ref state);

    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "The check fails only while the instance is not dying: no panic begins in a panic.")]
    private static void EndUnlessDying(in InstanceState state) => Check.That(state.IsPanicking);
}
