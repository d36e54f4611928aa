using Atoll.Arch;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Programs;

namespace Atoll.Members;

/// <summary>What a member does when the coordinator asks. Checks everything it is told.</summary>
public static class MemberProtocol
{
    /// <summary>Deals with a message from the coordinator.</summary>
    /// <returns>False when the kind is none that a member knows.</returns>
    public static bool Handle<TDuty>(ref InstanceState state, ref LinkEntry coordinator, in LinkMessage message)
        where TDuty : IDuty
    {
        switch ((KernelMessage)message.Kind)
        {
            case KernelMessage.TakeLink:
                LinkOffer linkOffer = LinkOfferMessage.Decode(in message);
                if (linkOffer.Peer == state.Announced.Peer)
                {
                    linkOffer.Grant = state.Announced;
                }

                TakeLink<TDuty>(ref state, ref coordinator, in linkOffer);
                return true;

            case KernelMessage.LinkUnavailable:
                state.Opening.Settle((uint)message.Argument0);
                ChannelTurn.LosePeer(ref state, (uint)message.Argument0);
                RemoteTurn.LosePeer(ref state, (uint)message.Argument0);
                return true;

            case KernelMessage.PeerGrant:
                state.Announced.Peer = (uint)message.Argument0;
                state.Announced.Base = message.Argument1;
                state.Announced.Bytes = message.Argument2;
                return true;

            case KernelMessage.TakeChannel:
                ChannelOffer offer = ChannelMessage.Decode(in message);
                ChannelTurn.Take(ref state, in offer);
                return true;

            case KernelMessage.ChannelUnavailable:
                state.Kernel.Channels.Refuse(ref state.Kernel.Scheduler, ChannelMessage.Low(message.Argument0));
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

    private static void TakeLink<TDuty>(ref InstanceState state, ref LinkEntry coordinator, in LinkOffer offer)
        where TDuty : IDuty
    {
        LinkOfferResult result = LinkTable.Take<TDuty>(ref state, in offer);
        state.Opening.Settle(offer.Peer);
        LinkMessage answer = default;
        answer.Kind = (uint)KernelMessage.LinkTaken;
        answer.Operation = offer.Epoch;
        answer.Argument0 = (ulong)result;

        // The coordinator acts on refusals only; one that finds no room is the coordinator's loss.
        coordinator.Link.SendOrDrop<CoherentMemory>(ref answer);
    }
}
