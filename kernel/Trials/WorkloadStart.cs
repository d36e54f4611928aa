using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>The coordinator tells instances to begin the workload.</summary>
public static class WorkloadStart
{
    /// <summary>Tells every living instance, the coordinator itself last.</summary>
    public static void BeginAll(ref InstanceState state, ref CoordinatorState coordinator, in WorkloadOrder order)
    {
        uint core = Orders.NextHealthy(ref coordinator, CoordinatorInstance.Core);
        for (; core != CoordinatorInstance.Core; core = Orders.NextHealthy(ref coordinator, core))
        {
            Begin(ref state, in order, core);
        }

        Workload.BeginOn(ref state, in order);
    }

    /// <summary>Tells one member: at the boot, or in its next life.</summary>
    public static void Begin(ref InstanceState state, in WorkloadOrder order, uint core)
    {
        LinkMessage message = order.Encode();
        Orders.Send<TrialProfile>(ref state, core, ref message);
    }

    /// <summary>What everybody works on.</summary>
    /// <remarks>All that came up take part, dead or alive now: the ring of cores does not change when one dies.</remarks>
    public static WorkloadOrder MakeOrder(ref CoordinatorState coordinator, in WorkloadParameters parameters)
    {
        WorkloadOrder order = default;
        order.Kind = parameters.Kind(havePrograms: coordinator.Bundle.Base != 0);
        order.Limit = parameters.Messages;
        order.IdleTurns = (byte)parameters.IdleTurns;
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            bool cameUp = coordinator.Instances[(int)core].Lifecycle is not (InstanceLifecycle.Empty or InstanceLifecycle.Failed);
            if (cameUp && core < WorkStatus.PeersMax && parameters.Includes(core))
            {
                order.Cores.Add(core);
            }
        }

        return order;
    }
}
