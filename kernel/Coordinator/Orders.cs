using Atoll.Arch;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Coordinator;

/// <summary>What the coordinator tells members to do.</summary>
public static class Orders
{
    /// <summary>Tells the first living member that it is the deputy.</summary>
    public static void AppointDeputy<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        uint deputy = NextHealthy(ref coordinator, CoordinatorInstance.Core);
        coordinator.Deputy = deputy;
        state.HasDeputy = deputy != CoordinatorInstance.Core;
        if (state.HasDeputy)
        {
            SendDuty<TProfile>(ref state, ref coordinator, deputy);
        }
    }

    /// <summary>The living instance after <paramref name="core"/>; the coordinator after the last.</summary>
    public static uint NextHealthy(ref CoordinatorState coordinator, uint core)
    {
        for (uint next = core + 1; next < coordinator.Cores.Count; next++)
        {
            if (coordinator.Instances[(int)next].Lifecycle == InstanceLifecycle.Healthy)
            {
                return next;
            }
        }

        return CoordinatorInstance.Core;
    }

    private static void SendDuty<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint deputy)
        where TProfile : unmanaged, IProfile
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.BeDeputy;
        message.Argument0 = CoordinatorPages<TProfile>.ProfileOf(ref coordinator).CoordinatorIsToDie ? 1UL : 0;
        message.Argument1 = (ulong)coordinator.Parameters.End;
        Send<TProfile>(ref state, deputy, ref message);
    }

    /// <summary>Sends an order to a member.</summary>
    /// <remarks>A link that is not open yet has not heard the member's Hello: it is read here, so that the order can go out.</remarks>
    public static void Send<TProfile>(ref InstanceState state, uint core, ref LinkMessage message)
        where TProfile : unmanaged, IProfile
    {
        ref LinkEntry entry = ref state.Map.Link(CoordinatorInstance.LinkOf(core));
        if (entry.Link.State == LinkState.Greeting)
        {
            LinkTurn.Receive<TProfile>(ref state);
        }

        // A member that is dead by now needs no order; one that reads nothing is found by its silence.
        entry.Link.SendOrDrop<CoherentMemory>(ref message);
    }
}
