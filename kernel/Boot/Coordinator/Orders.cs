using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>What the coordinator tells members to do: the workload, the deputy's duty, a fault.</summary>
public static class Orders
{
    /// <summary>Tells every living instance, the coordinator itself last.</summary>
    public static void BeginAll(ref InstanceState state, ref CoordinatorState coordinator)
    {
        uint deputy = NextHealthy(ref coordinator, Coordinator.Core);
        state.HasDeputy = deputy != Coordinator.Core;
        if (state.HasDeputy)
        {
            SendDuty(ref state, ref coordinator, deputy);
        }

        WorkloadOrder order = MakeOrder(ref coordinator);
        for (uint core = deputy; core != Coordinator.Core; core = NextHealthy(ref coordinator, core))
        {
            Begin(ref state, in order, core);
        }

        MemberProtocol.BeginWorkload(ref state, in order);
        SendFault(ref state, ref coordinator);
        BootReport.Phase("linked"u8);
    }

    /// <summary>Tells one member to begin: at the boot, or in its next life.</summary>
    public static void BeginOne(ref InstanceState state, ref CoordinatorState coordinator, uint core) =>
        Begin(ref state, MakeOrder(ref coordinator), core);

    /// <summary>Tells a member to die in the middle of a send.</summary>
    public static void SendHalfSend(ref InstanceState state, uint core) => SendFault(ref state, core, FaultKind.HalfSend, target: 0);

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

        return Coordinator.Core;
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

    private static void Begin(ref InstanceState state, in WorkloadOrder order, uint core)
    {
        LinkMessage message = order.Encode();
        Send(ref state, core, ref message);
    }

    private static void SendDuty(ref InstanceState state, ref CoordinatorState coordinator, uint deputy)
    {
        ref BootParameters parameters = ref coordinator.Parameters;
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.BeDeputy;
        message.Argument0 = parameters.FaultCore.Is(Coordinator.Core) && FaultKinds.IsLethal(parameters.Fault) ? 1UL : 0;
        message.Argument1 = (ulong)parameters.End;
        Send(ref state, deputy, ref message);
    }

    private static void SendFault(ref InstanceState state, ref CoordinatorState coordinator)
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
        if (core == Coordinator.Core)
        {
            state.Fault.Kind = parameters.Fault;
            state.Fault.Target = target;
        }
        else
        {
            SendFault(ref state, core, parameters.Fault, target);
        }
    }

    private static void SendFault(ref InstanceState state, uint core, FaultKind kind, ulong target)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.ProvokeFault;
        message.Argument0 = (ulong)kind;
        message.Argument1 = target;
        Send(ref state, core, ref message);
    }

    // A link that is not open yet has not heard the member's Hello: it is read here, so that the order can go out.
    private static void Send(ref InstanceState state, uint core, ref LinkMessage message)
    {
        ref LinkEntry entry = ref state.Map.Link(Coordinator.LinkOf(core));
        if (entry.Link.State == LinkState.Greeting)
        {
            LinkTurn.Receive(ref state);
        }

        // A member that is dead by now needs no order; one that reads nothing is found by its silence.
        entry.Link.SendOrDrop<CoherentMemory>(ref message);
    }
}
