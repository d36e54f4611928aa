using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>A member's links on the way: those it wants and has asked the coordinator for.</summary>
/// <remarks>The coordinator has a link with everybody from the start and never asks.</remarks>
public struct LinkOpening
{
    private CoreSet _wanted;
    private CoreSet _asked;

    /// <summary>Whether a link is wanted and neither there nor known to be impossible.</summary>
    public readonly bool IsPending => !_wanted.IsEmpty;

    /// <summary>Wants a link to every partner of the workload that has none.</summary>
    public void WantPartners(in InstanceState state, uint cores)
    {
        for (uint peer = 0; peer < cores; peer++)
        {
            if (state.Workload.IsPartner(peer) && LinkTable.Find(in state.Map, peer) == LinkTable.None)
            {
                _wanted.Add(peer);
            }
        }
    }

    /// <summary>The link is there, or cannot be.</summary>
    public void Settle(uint peer)
    {
        _wanted.Remove(peer);
        _asked.Remove(peer);
    }

    /// <summary>There will be no more links: whoever makes them is dead.</summary>
    public void GiveUp() => this = default;

    /// <summary>Asks for what was not asked for yet.</summary>
    /// <returns>Whether anything was sent.</returns>
    public static bool Turn(ref InstanceState state)
    {
        ref LinkOpening opening = ref state.Opening;
        if (opening._wanted.IsEmpty || (opening._wanted.Low == opening._asked.Low && opening._wanted.High == opening._asked.High))
        {
            return false;
        }

        ref LinkEntry coordinator = ref state.Map.Link(Member.CoordinatorLink);
        for (uint peer = 0; peer < Base.Limits.InstanceCountMax; peer++)
        {
            if (!opening._wanted.Has(peer) || opening._asked.Has(peer))
            {
                continue;
            }

            LinkMessage request = default;
            request.Kind = (uint)KernelMessage.OpenLink;
            request.Argument0 = peer;
            if (coordinator.Link.TrySend<CoherentMemory>(ref request) != LinkSendResult.Sent)
            {
                return true;
            }

            opening._asked.Add(peer);
        }

        return true;
    }
}
