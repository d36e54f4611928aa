using System.Threading;
using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>What a member does when the coordinator asks. Checks everything it is told.</summary>
public static class MemberProtocol
{
    /// <summary>Deals with a message from the coordinator.</summary>
    /// <returns>False when the kind is none that a member knows.</returns>
    public static bool Handle(ref InstanceState state, ref LinkEntry coordinator, in LinkMessage message)
    {
        switch ((KernelMessage)message.Kind)
        {
            case KernelMessage.TakeLink:
                TakeLink(ref state, ref coordinator, LinkOfferMessage.Decode(in message));
                return true;

            case KernelMessage.LinkUnavailable:
                state.Opening.Settle((uint)message.Argument0);
                return true;

            case KernelMessage.BeginWorkload:
                BeginWorkload(ref state, WorkloadOrder.Decode(in message));
                return true;

            case KernelMessage.ProvokeFault:
                state.Fault.Kind = message.Argument0 <= (ulong)FaultKinds.Last ? (FaultKind)message.Argument0 : FaultKind.None;
                state.Fault.Target = message.Argument1;
                return true;

            case KernelMessage.BeDeputy:
                state.Deputy.IsDeputy = true;
                state.Deputy.ExpectsDeath = message.Argument0 == 1;
                state.Deputy.End = message.Argument1 <= (ulong)EndPolicy.Hold ? (EndPolicy)message.Argument1 : EndPolicy.Never;
                return true;

            default:
                return false;
        }
    }

    /// <summary>Begins a workload on the links that are there, and asks for those that are not.</summary>
    public static void BeginWorkload(ref InstanceState state, in WorkloadOrder order)
    {
        Volatile.Write(ref state.Map.Status.WorkloadDone, 0);
        state.Workload.Begin(in order, state.Core);
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            if (entry.IsUsed && !entry.OwesRelease)
            {
                state.Workload.Enlist(ref entry);
            }
        }

        if (state.Role == InstanceRole.Member)
        {
            state.Opening.WantPartners(in state, Base.Limits.InstanceCountMax);
        }
    }

    private static void TakeLink(ref InstanceState state, ref LinkEntry coordinator, in LinkOffer offer)
    {
        LinkOfferResult result = LinkTable.Take(ref state, in offer);
        state.Opening.Settle(offer.Peer);
        LinkMessage answer = default;
        answer.Kind = (uint)KernelMessage.LinkTaken;
        answer.Operation = offer.Epoch;
        answer.Argument0 = (ulong)result;

        // The coordinator acts on refusals only; one that finds no room is the coordinator's loss.
        coordinator.Link.SendOrDrop<CoherentMemory>(ref answer);
    }
}
