using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Coordinator;

/// <summary>What the coordinator does when a member asks. Members are not trusted: each speaks only for itself.</summary>
public static class CoordinatorProtocol
{
    /// <summary>Deals with a message from a member.</summary>
    /// <returns>False when the kind is none that a coordinator knows.</returns>
    public static bool Handle(ref InstanceState state, ref CoordinatorState coordinator, ref LinkEntry member, in LinkMessage message)
    {
        switch ((KernelMessage)message.Kind)
        {
            case KernelMessage.OpenLink:
                OpenLink(ref state, ref coordinator, ref member, message.Argument0);
                return true;

            case KernelMessage.LinkTaken:
                if (message.Argument0 != (ulong)LinkOfferResult.Taken)
                {
                    coordinator.Links.Released(ref coordinator.Pool, message.Operation, member.Link.Peer);
                }

                return true;

            case KernelMessage.LinkReleased:
                coordinator.Links.Released(ref coordinator.Pool, message.Operation, member.Link.Peer);
                return true;

            default:
                return ChannelDesk.Handle(ref state, ref coordinator, member.Link.Peer, in message);
        }
    }

    private static void OpenLink(ref InstanceState state, ref CoordinatorState coordinator, ref LinkEntry member, ulong peer)
    {
        bool exists = peer < (ulong)coordinator.Cores.Count && peer != CoordinatorInstance.Core && peer != member.Link.Peer
            && coordinator.Instances[(int)peer].Lifecycle == InstanceLifecycle.Healthy;
        if (exists && coordinator.Links.TryMake(ref state, ref coordinator.Pool, member.Link.Peer, (uint)peer))
        {
            return;
        }

        // Who asks for a core that no machine has gets no answer.
        if (peer < Limits.InstanceCountMax)
        {
            coordinator.Links.Refuse(member.Link.Peer, (uint)peer);
        }
    }
}
