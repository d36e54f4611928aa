using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Links;

/// <summary>A member asks the coordinator for the links that it wants.</summary>
public static class LinkRequests
{
    /// <summary>Asks for what was not asked for yet. The caller has looked whether there is any.</summary>
    /// <returns>Whether anything was sent.</returns>
    public static bool Turn(ref InstanceState state)
    {
        ref LinkOpening opening = ref state.Opening;
        for (uint peer = 0; peer < Limits.InstanceCountMax; peer++)
        {
            if (!opening.MustAsk(peer))
            {
                continue;
            }

            LinkMessage request = default;
            request.Kind = (uint)KernelMessage.OpenLink;
            request.Argument0 = peer;
            if (!LinkTable.TrySend(in state, InstanceState.CoordinatorCore, ref request))
            {
                return true;
            }

            opening.Asked(peer);
        }

        return true;
    }
}
