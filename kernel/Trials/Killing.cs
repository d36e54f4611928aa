using Atoll.Abi;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Links;

namespace Atoll.Trials;

/// <summary>Brings about the deaths of a <see cref="KillOrder"/>.</summary>
public static unsafe class Killing
{
    /// <summary>Stops whoever is due.</summary>
    public static void Poll(ref InstanceState state, ref CoordinatorState coordinator, ref KillOrder kills, ulong now)
    {
        // One death at a time, so that each is accounted for.
        if (!AllAreHealthy(ref coordinator) || coordinator.Died < kills.Done
            || !kills.IsDue(in state.Clock, now, (uint)coordinator.Cores.Count, out uint core, out FaultKind kind))
        {
            return;
        }

        if (kind != FaultKind.None)
        {
            FaultOrder.Send(ref state, core, kind, LastWords.Encode(kills.LastStep, kills.LastPeer));
            LinkTurn.End(ref state);
            return;
        }

        Fencing.Fence(ref state, ref coordinator, core, MemberCause.Order);
    }

    private static bool AllAreHealthy(ref CoordinatorState coordinator)
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle != InstanceLifecycle.Healthy)
            {
                return false;
            }
        }

        return true;
    }
}
