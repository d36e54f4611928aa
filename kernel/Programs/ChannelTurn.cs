using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Programs;

/// <summary>What kernels tell each other about channels.</summary>
public static class ChannelTurn
{
    /// <summary>Pays what is owed: in the event loop. What finds no room, or no link yet, stays owed.</summary>
    /// <returns>Whether anything was told.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Pay(ref InstanceState state)
    {
        ref ChannelTable channels = ref state.Kernel.Channels;
        bool hasPaid = false;
        uint vain = 0;
        for (uint left = channels.OwingCount; left != 0 && vain < ChannelTable.LooksInVainMax; left--)
        {
            uint number = channels.TakeOwing();
            ChannelDebts paid = PayAll(ref state, number, ref channels[number]);
            hasPaid |= paid != ChannelDebts.None;
            vain += channels.Settle(number, paid);
        }

        // A slot that comes back rings nobody: the event loop looks again by itself.
        state.OwesMessages |= channels.OwesAnything;
        return hasPaid;
    }

    /// <summary>After a system call: rings the other ends at once; with anything else to tell, the event loop comes next.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AfterCall(ref InstanceState state)
    {
        ref ChannelTable channels = ref state.Kernel.Channels;
        uint vain = 0;
        for (uint left = channels.OwingCount; left != 0 && vain < ChannelTable.LooksInVainMax; left--)
        {
            uint number = channels.TakeOwing();
            ref ChannelEntry entry = ref channels[number];
            bool rings = entry.Owes == ChannelDebts.Ring && TryRingNow(ref state, number, ref entry);
            vain += channels.Settle(number, rings ? ChannelDebts.Ring : ChannelDebts.None);
        }

        if (channels.OwesAnything)
        {
            // To this core itself, which sees its own stores.
            state.Apic.SendDoorbell(new ApicId(state.ApicId));
        }
    }

    /// <summary>Deals with what another kernel says of a channel to a program of its core. Untrusted.</summary>
    /// <returns>False when the kind is none of these.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Handle(ref InstanceState state, uint from, ref readonly LinkMessage message)
    {
        ref ChannelTable channels = ref state.Kernel.Channels;
        switch ((KernelMessage)message.Kind)
        {
            case KernelMessage.RingChannel:
                channels.Rung(
                    ref state.Kernel.Scheduler, ChannelMessage.Low(message.Argument0), from, message.Operation,
                    ChannelMessage.Low(message.Argument1), ChannelMessage.Low(message.Argument2));
                return true;

            case KernelMessage.ChannelFarewell when from == InstanceState.CoordinatorCore:
                channels.PartedByMaker(ref state.Kernel.Scheduler, ChannelMessage.Low(message.Argument0), message.Operation);
                return true;

            case KernelMessage.ChannelFarewell:
                channels.Parted(ref state.Kernel.Scheduler, ChannelMessage.Low(message.Argument0), from, message.Operation);
                return true;

            case KernelMessage.ChannelDisowned:
                channels.Disowned(ref state.Kernel.Scheduler, from, ChannelMessage.Low(message.Argument0));
                return true;

            default:
                return false;
        }
    }

    /// <summary>Takes up a channel that was made: its pages must be nobody's that this instance knows, and it needs a link to the other kernel.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Take(ref InstanceState state, ref readonly ChannelOffer offer)
    {
        ref ChannelTable channels = ref state.Kernel.Channels;
        if (!IsForeign(in state, offer.Receive) || !IsForeign(in state, offer.Send))
        {
            channels.Refuse(ref state.Kernel.Scheduler, offer.Number);
            return;
        }

        if (channels.Open(in state.Kernel.Capabilities, ref state.Kernel.Scheduler, in offer) == ChannelOfferResult.Taken)
        {
            WantLink(ref state, offer.Peer);
        }
    }

    /// <summary>A link is gone, or cannot be: the programs behind it are out of reach.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void LosePeer(ref InstanceState state, uint peer) => state.Kernel.Channels.LosePeer(ref state.Kernel.Scheduler, peer);

    /// <summary>Whoever makes channels and links is dead: what was asked for never comes, and whom no link leads to is out of reach.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void LoseMaker(ref InstanceState state)
    {
        ref ChannelTable channels = ref state.Kernel.Channels;
        channels.LoseMaker(ref state.Kernel.Scheduler);
        for (uint number = 0; number < channels.Used; number++)
        {
            uint peer = channels[number].Peer;
            if (peer != state.Core && LinkTable.Find(in state.Map, peer) == LinkTable.None)
            {
                channels.LosePeer(ref state.Kernel.Scheduler, peer);
                RemoteTurn.LosePeer(ref state, peer);
            }
        }
    }

    private static ChannelDebts PayAll(ref InstanceState state, uint number, ref ChannelEntry entry)
    {
        ChannelDebts paid = ChannelDebts.None;
        if ((entry.Owes & ChannelDebts.ToMaker) != 0 && state.Role == InstanceRole.Member)
        {
            paid |= PayMaker(ref state, number, ref entry);
        }

        if ((entry.Owes & ChannelDebts.ToPeer) != 0)
        {
            paid |= PayPeer(ref state, number, ref entry);
        }

        return paid;
    }

    // In this order: what is over is given back before something new is asked for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ChannelDebts PayMaker(ref InstanceState state, uint number, ref ChannelEntry entry)
    {
        ref LinkEntry coordinator = ref state.Map.Link(LinkTable.ToCoordinator);
        if (!coordinator.IsUsed)
        {
            state.Kernel.Channels.Refuse(ref state.Kernel.Scheduler, number);
            return ChannelDebts.ToMaker;
        }

        ChannelDebts paid = ChannelDebts.None;
        for (ChannelDebts debt = ChannelDebts.Release; debt != ChannelDebts.None; debt = (ChannelDebts)((byte)debt >> 1))
        {
            if ((entry.Owes & debt) == 0)
            {
                continue;
            }

            LinkMessage message = ChannelMessage.ToMaker(KindOf(debt), number, in entry);
            if (!LinkTable.TrySend(in state, InstanceState.CoordinatorCore, ref message))
            {
                break;
            }

            paid |= debt;
        }

        return paid;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ChannelDebts PayPeer(ref InstanceState state, uint number, ref ChannelEntry entry)
    {
        uint position = LinkTable.Find(in state.Map, entry.Peer);
        if (position == LinkTable.None)
        {
            // It is asked for, or it is lost and the other end dead with it.
            return state.Opening.IsWanted(entry.Peer) ? ChannelDebts.None : ChannelDebts.ToPeer;
        }

        return TryTell(ref state.Map.Link(position), number, ref entry);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ChannelDebts TryTell(ref LinkEntry link, uint number, ref ChannelEntry entry)
    {
        // Whoever says that it is gone need not ring before.
        LinkMessage message = (entry.Owes & ChannelDebts.Disown) != 0
            ? ChannelMessage.Disown(number)
            : ChannelMessage.ToPeer(
                (entry.Owes & ChannelDebts.Farewell) != 0 ? KernelMessage.ChannelFarewell : KernelMessage.RingChannel, in entry);
        return link.Link.TrySend<CoherentMemory>(ref message) == LinkSendResult.Sent ? ChannelDebts.ToPeer : ChannelDebts.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryRingNow(ref InstanceState state, uint number, ref ChannelEntry entry)
    {
        uint position = LinkTable.Find(in state.Map, entry.Peer);
        if (position == LinkTable.None || TryTell(ref state.Map.Link(position), number, ref entry) == ChannelDebts.None)
        {
            return false;
        }

        ref LinkEntry link = ref state.Map.Link(position);
        CoherentMemory.Fence();
        if (link.Link.MustRing<CoherentMemory>())
        {
            InstanceLinks.Ring(ref state, in link.Link);
        }

        return true;
    }

    private static KernelMessage KindOf(ChannelDebts debt) => debt switch
    {
        ChannelDebts.Release => KernelMessage.ReleaseChannel,
        ChannelDebts.Cancel => KernelMessage.CancelChannel,
        _ => KernelMessage.OpenChannel,
    };

    /// <summary>A member needs a link to another, and asks for it if there is none; once the coordinator is dead nobody makes one.</summary>
    internal static void WantLink(ref InstanceState state, uint peer)
    {
        bool isThere = peer == state.Core || state.Role == InstanceRole.Coordinator || LinkTable.Find(in state.Map, peer) != LinkTable.None;
        bool canCome = LinkTable.Find(in state.Map, InstanceState.CoordinatorCore) != LinkTable.None;
        if (!isThere && canCome)
        {
            state.Opening.Want(peer);
        }
    }

    private static bool IsForeign(ref readonly InstanceState state, ulong page) =>
        LinkTable.IsForeignPage(in state, page) && (page < state.Grant.Base || page >= state.Grant.End);
}
