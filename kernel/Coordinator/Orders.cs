using Atoll.Arch;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Workloads;

namespace Atoll.Coordinator;

/// <summary>What the coordinator tells members to do: the workload, the deputy's duty.</summary>
public static class Orders
{
    /// <summary>Tells every living instance, the coordinator itself last.</summary>
    public static void BeginAll<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        uint deputy = NextHealthy(ref coordinator, CoordinatorInstance.Core);
        state.HasDeputy = deputy != CoordinatorInstance.Core;
        if (state.HasDeputy)
        {
            SendDuty<TProfile>(ref state, ref coordinator, deputy);
        }

        WorkloadOrder order = MakeOrder(ref coordinator);
        for (uint core = deputy; core != CoordinatorInstance.Core; core = NextHealthy(ref coordinator, core))
        {
            Begin<TProfile>(ref state, in order, core);
        }

        Workload.BeginOn(ref state, in order);
    }

    /// <summary>Tells one member to begin: at the boot, or in its next life.</summary>
    public static void BeginOne<TProfile>(ref InstanceState state, ref CoordinatorState coordinator, uint core)
        where TProfile : unmanaged, IProfile =>
        Begin<TProfile>(ref state, MakeOrder(ref coordinator), core);

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

    /// <summary>What everybody works on.</summary>
    /// <remarks>All that came up take part, dead or alive now: the ring of cores does not change when one dies.</remarks>
    public static WorkloadOrder MakeOrder(ref CoordinatorState coordinator)
    {
        WorkloadOrder order = default;
        order.Kind = coordinator.Parameters.Workload;
        order.Limit = coordinator.Parameters.Messages;
        order.IdleTurns = coordinator.Parameters.IdleTurns;
        for (uint core = coordinator.Parameters.WorkloadFirst; core < coordinator.Cores.Count; core++)
        {
            bool cameUp = coordinator.Instances[(int)core].Lifecycle is not (InstanceLifecycle.Empty or InstanceLifecycle.Failed);
            if (cameUp && core <= coordinator.Parameters.WorkloadLast)
            {
                order.Cores.Add(core);
            }
        }

        return order;
    }

    private static void Begin<TProfile>(ref InstanceState state, in WorkloadOrder order, uint core)
        where TProfile : unmanaged, IProfile
    {
        LinkMessage message = order.Encode();
        Send<TProfile>(ref state, core, ref message);
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
