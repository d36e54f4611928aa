using System.Threading;
using Atoll.Abi;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Trials;

/// <summary>What an instance has heard from a kernel that asked to be counted, and what it refused of it.</summary>
[PerCore]
public struct HostileCount
{
    // A link and a channel have two rings each.
    private const ulong FramesOfAPair = 2;

    private uint _corePlusOne;
    private ulong _known;
    private ulong _refused;
    private ulong _linkBefore;

    /// <summary>Whether a peer is counted.</summary>
    public readonly bool IsOf(uint peer) => _corePlusOne == peer + 1;

    /// <summary>Begins to count.</summary>
    public void Begin(ref readonly LinkEntry entry)
    {
        _corePlusOne = entry.Link.Peer + 1;
        _known = 0;
        _refused = 0;
        _linkBefore = ByLink(in entry.Link);
    }

    /// <summary>What the layers above the links have refused so far, of anybody.</summary>
    public static ulong Refusals(ref readonly InstanceState state) =>
        state.Kernel.Channels.Refused + state.Kernel.Remote.Refused + state.Kernel.Remote.Unanswered;

    /// <summary>Counts a message that the link passed on, and tells how it stands.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="entry">The link that it came on.</param>
    /// <param name="isKnown">Whether somebody has dealt with it. If nobody, the link counts it when this returns.</param>
    /// <param name="before"><see cref="Refusals"/> before it was dealt with.</param>
    public void Add(ref InstanceState state, ref readonly LinkEntry entry, bool isKnown, ulong before)
    {
        _known += isKnown ? 1u : 0;
        _refused += Refusals(in state) - before;
        ulong byLink = ByLink(in entry.Link) - _linkBefore;
        ref HostileStatus status = ref HostileStatus.Of(ref state.Map.Status);
        Volatile.Write(ref status.Refused, _refused + byLink);
        Volatile.Write(ref status.Heard, _known + byLink);
    }

    /// <summary>Tells what the coordinator's pool has to account for.</summary>
    public static void TellPoolBefore(ref InstanceState state, ref readonly CoordinatorState coordinator)
    {
        TellPool(ref state, in coordinator);
        ref HostileStatus status = ref HostileStatus.Of(ref state.Map.Status);
        ulong frames = FramesOfAPair * (Volatile.Read(ref status.Links) + Volatile.Read(ref status.Channels));
        Volatile.Write(ref status.PoolBefore, Volatile.Read(ref status.PoolFree) + (frames * ImageLayout.PageSizeBytes));
    }

    /// <summary>Tells how many have died, and what is left in the pool after that.</summary>
    public static void TellDeaths(ref InstanceState state, ref readonly CoordinatorState coordinator)
    {
        TellPool(ref state, in coordinator);
        Volatile.Write(ref HostileStatus.Of(ref state.Map.Status).Deaths, coordinator.Died);
    }

    /// <summary>Tells what is left in the coordinator's pool, and what is out of it.</summary>
    public static void TellPool(ref InstanceState state, ref readonly CoordinatorState coordinator)
    {
        ref HostileStatus status = ref HostileStatus.Of(ref state.Map.Status);
        ulong channels = 0;
        for (uint index = 0; index < coordinator.Channels.Used; index++)
        {
            channels += coordinator.Channels[index].Stage == ChannelStage.Made ? 1u : 0;
        }

        Volatile.Write(ref status.PoolFree, coordinator.Pool.FreeFrames * ImageLayout.PageSizeBytes);
        Volatile.Write(ref status.Links, coordinator.Links.Count());
        Volatile.Write(ref status.Channels, channels);
    }

    private static ulong ByLink(ref readonly Link link) => (ulong)link.CorruptCount + link.StaleCount + link.UnknownCount;
}
