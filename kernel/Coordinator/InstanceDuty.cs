using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Members;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Coordinator;

/// <summary>The duties of an instance of this image: its role, a workload, and what tests ask for.</summary>
public readonly struct InstanceDuty : IDuty
{
    /// <inheritdoc/>
    public static bool Turn(ref InstanceState state, bool received)
    {
        bool more = Workload.Turn(ref state, received);
        if (FaultOrder.Of(ref state).Kind != FaultKind.None)
        {
            FaultOrder.Poll(ref state);
        }

        if (state.Deputy.HasConsole)
        {
            Deputy.Poll(ref state);
        }

        return more;
    }

    /// <inheritdoc/>
    public static void TurnEnded(ref InstanceState state) => Workload.Report(ref state);

    /// <inheritdoc/>
    public static void Linked(ref InstanceState state, ref LinkEntry entry) => Workload.Read(in state).Enlist(ref entry);

    /// <inheritdoc/>
    public static void Unlinked(ref InstanceState state, uint position, uint peer, ulong epoch)
    {
        if (state.Role == InstanceRole.Coordinator)
        {
            Supervisor.Bury(ref state, ref CoordinatorState.Of(in state), peer);
        }
        else
        {
            LinkLoss.Accept(ref state, position, peer, epoch);
        }
    }

    /// <inheritdoc/>
    public static bool Handle(ref InstanceState state, ref LinkEntry entry, in LinkMessage message)
    {
        if (Workload.Of(ref state).Receive(ref entry, in message))
        {
            return true;
        }

        if (state.Role == InstanceRole.Coordinator)
        {
            return CoordinatorProtocol.Handle(ref state, ref CoordinatorState.Of(in state), ref entry, in message);
        }

        return entry.Link.Peer == CoordinatorInstance.Core && HandleOrder(ref state, ref entry, in message);
    }

    /// <inheritdoc/>
    public static uint IdleTurns(ref readonly InstanceState state) => Workload.Read(in state).IdleTurns;

    /// <inheritdoc/>
    public static int ReceiveBudget(ref readonly InstanceState state) => Workload.Read(in state).ReceiveBudget;

    /// <inheritdoc/>
    public static bool AwaitsRoom(ref readonly InstanceState state) => Workload.Read(in state).IsBlocked;

    private static bool HandleOrder(ref InstanceState state, ref LinkEntry coordinator, in LinkMessage message)
    {
        if (message.Kind != (uint)KernelMessage.ProvokeFault)
        {
            return MemberProtocol.Handle<InstanceDuty>(ref state, ref coordinator, in message);
        }

        FaultOrder.Take(ref state, in message);
        return true;
    }
}
