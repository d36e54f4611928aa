using Atoll.Instance;
using Atoll.Links;

namespace Atoll.Coordinator;

/// <summary>Whether instances go on: after a death, and before a run ends. Each is asked on the control slots of its link.</summary>
public static class Survival
{
    /// <summary>Asks every living instance to show that it goes on.</summary>
    public static void Demand<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            if (entry.Lifecycle == InstanceLifecycle.Healthy)
            {
                CoordinatorPages<TProfile>.ProfileOf(ref coordinator).Demanded(ref state, core);
                Demand(ref state, ref entry, core);
            }
        }
    }

    /// <summary>Whether it has shown it: that the coordinator asks is its own sign of life.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="entry">What the coordinator knows of the instance.</param>
    /// <param name="core">The instance.</param>
    public static bool IsShown(ref InstanceState state, in InstanceEntry entry, uint core)
    {
        if (core == CoordinatorInstance.Core)
        {
            return true;
        }

        ref LinkEntry link = ref state.Map.Link(CoordinatorInstance.LinkOf(core));
        if (link.Pongs == entry.PongsBefore && !link.AwaitsPong)
        {
            LinkTurn.Ask(ref link);
        }

        return link.Pongs > entry.PongsBefore;
    }

    private static void Demand(ref InstanceState state, ref InstanceEntry entry, uint core)
    {
        entry.OwesSurvival = true;
        if (core != CoordinatorInstance.Core)
        {
            ref LinkEntry link = ref state.Map.Link(CoordinatorInstance.LinkOf(core));
            entry.PongsBefore = link.Pongs;
            LinkTurn.Ask(ref link);
        }
    }
}
