using System.Threading;
using Atoll.Instance;
using Atoll.Links;
using Atoll.Workloads;

namespace Atoll.Coordinator;

/// <summary>After a death: whether another instance goes on. It is asked, and its work is looked at.</summary>
public static class Survival
{
    /// <summary>Asks an instance to show that it goes on.</summary>
    public static void Demand(ref InstanceState state, ref InstanceEntry entry, uint core)
    {
        entry.OwesSurvival = true;
        entry.ReceivedAtDeath = Volatile.Read(ref CoordinatorInstance.StatusOf(in state, core).Received);
        if (core != CoordinatorInstance.Core)
        {
            ref LinkEntry link = ref state.Map.Link(CoordinatorInstance.LinkOf(core));
            entry.PongsAtDeath = link.Pongs;
            LinkTurn.Ask(ref link);
        }
    }

    /// <summary>Whether it has shown it.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="entry">What the coordinator knows of the instance.</param>
    /// <param name="core">The instance.</param>
    /// <param name="order">What it works on.</param>
    public static bool IsShown(ref InstanceState state, in InstanceEntry entry, uint core, in WorkloadOrder order)
    {
        // Without partners there is nothing to receive. With an end, all may have been received before the death.
        ref InstanceStatus status = ref CoordinatorInstance.StatusOf(in state, core);
        bool works = !order.HasPartnersOf(core)
            || (order.Limit == 0
                ? Volatile.Read(ref status.Received) > entry.ReceivedAtDeath
                : Volatile.Read(ref status.WorkloadDone) != 0);
        if (!works || core == CoordinatorInstance.Core)
        {
            return works;
        }

        ref LinkEntry link = ref state.Map.Link(CoordinatorInstance.LinkOf(core));
        if (link.Pongs == entry.PongsAtDeath && !link.AwaitsPong)
        {
            LinkTurn.Ask(ref link);
        }

        return link.Pongs > entry.PongsAtDeath;
    }
}
