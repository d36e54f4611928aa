using System.Runtime.CompilerServices;
using Atoll.Base;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Programs;

namespace Atoll.Coordinator;

/// <summary>Tells the ends of a record what became of them: in a message to their kernel, or at once when they are of the coordinator's own core.</summary>
public static class ChannelAnswers
{
    /// <summary>Tells both ends what each has not been told yet. An end hears of its channel before it hears that the other end is gone.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="record">What goes out is not owed any more; what finds a ring full still is.</param>
    /// <returns>Whether anything was told.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryTell(ref InstanceState state, ref ChannelRecord record)
    {
        bool sent = false;
        if (record.First.OwesAnswer && TryAnswer(ref state, in record, record.First, record.Second, record.Pages))
        {
            record.First.OwesAnswer = false;
            sent = true;
        }

        if (record.Second.OwesAnswer
            && TryAnswer(ref state, in record, record.Second, record.First, record.Pages + Abi.ImageLayout.PageSizeBytes))
        {
            record.Second.OwesAnswer = false;
            sent = true;
        }

        if (record.First.OwesFarewell && !record.First.OwesAnswer && TryPart(ref state, record.First, record.Epoch))
        {
            record.First.OwesFarewell = false;
            sent = true;
        }

        if (record.Second.OwesFarewell && !record.Second.OwesAnswer && TryPart(ref state, record.Second, record.Epoch))
        {
            record.Second.OwesFarewell = false;
            sent = true;
        }

        return sent;
    }

    private static bool TryPart(ref InstanceState state, ChannelEnd to, ulong epoch)
    {
        if (to.Core == state.Core)
        {
            state.Kernel.Channels.PartedByMaker(ref state.Kernel.Scheduler, to.Number, epoch);
            return true;
        }

        LinkMessage message = ChannelMessage.Farewell(to.Number, epoch);
        return LinkTable.TrySend(in state, to.Core, ref message);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryAnswer(ref InstanceState state, ref readonly ChannelRecord record, ChannelEnd to, ChannelEnd peer, ulong send)
    {
        ChannelOffer offer = default;
        offer.Number = to.Number;
        offer.Peer = peer.Core;
        offer.PeerNumber = peer.Number;
        offer.Name = record.Name;
        offer.Epoch = record.Epoch;
        offer.Send = send;
        offer.Receive = send == record.Pages ? send + Abi.ImageLayout.PageSizeBytes : record.Pages;
        return TryOffer(ref state, to.Core, in offer, record.Stage == ChannelStage.Made);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryOffer(ref InstanceState state, uint core, ref readonly ChannelOffer offer, bool isMade)
    {
        if (core != state.Core)
        {
            LinkMessage message = isMade ? ChannelMessage.Offer(in offer) : ChannelMessage.Unavailable(offer.Number);
            return LinkTable.TrySend(in state, core, ref message);
        }

        if (isMade)
        {
            ChannelTurn.Take(ref state, in offer);
        }
        else
        {
            state.Kernel.Channels.Refuse(ref state.Kernel.Scheduler, offer.Number);
        }

        return true;
    }
}
