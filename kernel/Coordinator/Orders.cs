using Atoll.Arch;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Coordinator;

/// <summary>What the coordinator tells members to do: the workload, the deputy's duty, a fault.</summary>
public static class Orders
{
    /// <summary>Tells every living instance, the coordinator itself last.</summary>
    public static void BeginAll<TDuty>(ref InstanceState state, ref CoordinatorState coordinator)
        where TDuty : IDuty
    {
        uint deputy = NextHealthy(ref coordinator, CoordinatorInstance.Core);
        state.HasDeputy = deputy != CoordinatorInstance.Core;
        if (state.HasDeputy)
        {
            SendDuty<TDuty>(ref state, ref coordinator, deputy);
        }

        WorkloadOrder order = MakeOrder(ref coordinator);
        for (uint core = deputy; core != CoordinatorInstance.Core; core = NextHealthy(ref coordinator, core))
        {
            Begin<TDuty>(ref state, in order, core);
        }

        Workload.BeginOn(ref state, in order);
        SendFault<TDuty>(ref state, ref coordinator);
        BootReport.Phase("linked"u8);
    }

    /// <summary>Tells one member to begin: at the boot, or in its next life.</summary>
    public static void BeginOne<TDuty>(ref InstanceState state, ref CoordinatorState coordinator, uint core)
        where TDuty : IDuty =>
        Begin<TDuty>(ref state, MakeOrder(ref coordinator), core);

    /// <summary>Tells a member to die in the middle of a send.</summary>
    public static void SendHalfSend<TDuty>(ref InstanceState state, uint core)
        where TDuty : IDuty => SendFault<TDuty>(ref state, core, FaultKind.HalfSend, target: 0);

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

    // All that came up take part, dead or alive now: the ring of cores does not change when one dies.
    private static WorkloadOrder MakeOrder(ref CoordinatorState coordinator)
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

    private static void Begin<TDuty>(ref InstanceState state, in WorkloadOrder order, uint core)
        where TDuty : IDuty
    {
        LinkMessage message = order.Encode();
        Send<TDuty>(ref state, core, ref message);
    }

    private static void SendDuty<TDuty>(ref InstanceState state, ref CoordinatorState coordinator, uint deputy)
        where TDuty : IDuty
    {
        ref BootParameters parameters = ref coordinator.Parameters;
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.BeDeputy;
        message.Argument0 = parameters.FaultCore.Is(CoordinatorInstance.Core) && FaultKinds.IsLethal(parameters.Fault) ? 1UL : 0;
        message.Argument1 = (ulong)parameters.End;
        Send<TDuty>(ref state, deputy, ref message);
    }

    private static void SendFault<TDuty>(ref InstanceState state, ref CoordinatorState coordinator)
        where TDuty : IDuty
    {
        ref BootParameters parameters = ref coordinator.Parameters;
        if (parameters.Fault == FaultKind.None)
        {
            return;
        }

        uint core = parameters.FaultCore.CorePlusOne - 1;
        if (core >= coordinator.Cores.Count || coordinator.Instances[(int)core].Lifecycle != InstanceLifecycle.Healthy)
        {
            BootFailure.Stop("the core that a fault is asked for does not run"u8, "boot-parameter"u8);
        }

        ulong target = coordinator.Instances[(int)NextHealthy(ref coordinator, core)].Plan.AddressOf(PageKind.State);
        if (core == CoordinatorInstance.Core)
        {
            ref FaultOrder order = ref FaultOrder.Of(ref state);
            order.Kind = parameters.Fault;
            order.Target = target;
        }
        else
        {
            SendFault<TDuty>(ref state, core, parameters.Fault, target);
        }
    }

    private static void SendFault<TDuty>(ref InstanceState state, uint core, FaultKind kind, ulong target)
        where TDuty : IDuty
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.ProvokeFault;
        message.Argument0 = (ulong)kind;
        message.Argument1 = target;
        Send<TDuty>(ref state, core, ref message);
    }

    // A link that is not open yet has not heard the member's Hello: it is read here, so that the order can go out.
    private static void Send<TDuty>(ref InstanceState state, uint core, ref LinkMessage message)
        where TDuty : IDuty
    {
        ref LinkEntry entry = ref state.Map.Link(CoordinatorInstance.LinkOf(core));
        if (entry.Link.State == LinkState.Greeting)
        {
            LinkTurn.Receive<TDuty>(ref state);
        }

        // A member that is dead by now needs no order; one that reads nothing is found by its silence.
        entry.Link.SendOrDrop<CoherentMemory>(ref message);
    }
}
