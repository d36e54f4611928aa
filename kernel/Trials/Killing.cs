using Atoll.Arch;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Links;

namespace Atoll.Trials;

/// <summary>Brings about the deaths of a <see cref="KillOrder"/>, and starts the dead again.</summary>
public static unsafe class Killing
{
    /// <summary>Stops whoever is due, and starts again whom nobody maps any more.</summary>
    public static void Poll(ref InstanceState state, ref CoordinatorState coordinator, ref TrialProfile profile, ulong now)
    {
        Kill(ref state, ref coordinator, ref profile.Kills, now);
        Restart(ref state, ref coordinator, ref profile);
    }

    private static void Kill(ref InstanceState state, ref CoordinatorState coordinator, ref KillOrder kills, ulong now)
    {
        // One death at a time, so that each is accounted for.
        if (!AllAreHealthy(ref coordinator) || coordinator.Died < kills.Done
            || !kills.IsDue(in state.Clock, now, (uint)coordinator.Cores.Count, out uint core, out FaultKind kind))
        {
            return;
        }

        if (kind != FaultKind.None)
        {
            FaultOrder.Send(ref state, core, kind, target: 0);
            LinkTurn.End(ref state);
            return;
        }

        Fencing.Fence(ref state, ref coordinator, core);
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

    // The block is used again only when no living instance can still map a page of it.
    private static void Restart(ref InstanceState state, ref CoordinatorState coordinator, ref TrialProfile profile)
    {
        for (uint core = 1; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            if (entry.Lifecycle != InstanceLifecycle.Panicked || coordinator.Links.Mentions(core))
            {
                continue;
            }

            KillReport.Reclaimed(core, profile.Kills.LastKind, Cpu.ReadTsc() - profile.Kills.LastAt);
            if (CoreStarter.Start<TrialProfile>(ref state, ref coordinator, core) == StartResult.Healthy)
            {
                profile.Watch.Restarted(core);
                WorkloadStart.Begin(ref state, in profile.Order, core);
                LinkTurn.End(ref state);
            }
            else
            {
                coordinator.Failed++;
                BootReport.StartFailed(core, coordinator.Cores.ApicId((int)core), "restart"u8);
            }
        }
    }
}
