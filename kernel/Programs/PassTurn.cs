using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Remote;
using Atoll.Syscall;

namespace Atoll.Programs;

/// <summary>What kernels do about capabilities that a holder gives on: the giver asks the home, which records the receiver and offers it there.</summary>
/// <remarks>
/// Giver to home, home to receiver; and home to giver, so that no more questions are under way than answers can be owed: one on a link. So a home knows all holders at every step, and a
/// full ring loses nothing.
/// </remarks>
public static class PassTurn
{
    /// <summary>The giver: asks the home of what is given on, after it has said on its status page that it does.</summary>
    /// <returns>False: not yet. True: it has asked; or the channel is over, and what was given is gone.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool TryAsk(ref InstanceState state, uint number, ref CrossingEntry entry)
    {
        ref ChannelEntry end = ref state.Kernel.Channels[entry.Channel];
        if (end.State != ChannelState.Open || end.Epoch != entry.Epoch)
        {
            entry.State = CrossingState.Gone;
            entry.Owes = CrossingDebts.None;
            return true;
        }

        // The receiver has to know this core to believe it.
        uint home = LinkTable.Find(in state.Map, entry.Peer);
        uint receiver = LinkTable.Find(in state.Map, end.Peer);
        bool canAsk = home != LinkTable.None && receiver != LinkTable.None && !state.Map.Link(home).AwaitsPass
            && state.Map.Link(receiver).Link.State == LinkState.Open;
        if (!canAsk || !state.Kernel.Remote.TryPlace(in state.Kernel.Channels, entry.Channel, out uint place))
        {
            return false;
        }

        end.PassSerial = state.Kernel.Remote.NextSerial();
        ulong notice = PassNotice.WordOf(end.PassSerial, entry.Peer, place);
        state.Kernel.Remote.TakePlace(place, entry.Channel);
        state.Map.Status.Passes[(int)place].Publish(notice, entry.Epoch);
        LinkMessage message = PassMessage.Ask(number, in entry, end.Peer, notice);
        ref LinkEntry link = ref state.Map.Link(home);
        link.AwaitsPass = link.Link.TrySend<CoherentMemory>(ref message) == LinkSendResult.Sent;
        entry.Owes = link.AwaitsPass ? CrossingDebts.None : entry.Owes;
        return link.AwaitsPass;
    }

    /// <summary>The home: a holder asks. Untrusted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Record(ref InstanceState state, ref LinkEntry from, ref readonly LinkMessage message)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        PassMessage.Decode(in message, out RemotePass pass);
        bool isRecorded = remote.TryRecord(from.Link.Peer, in pass, Limits.InstanceCountMax);
        if (isRecorded)
        {
            ChannelTurn.WantLink(ref state, pass.Receiver);
        }
        else
        {
            remote.Refused++;
        }

        from.PassAnswer = PassMessage.Answer(pass.GiverNumber, isRecorded);
        remote.OwesAnswers |= !TryAnswer(ref from);
    }

    /// <summary>The home: pays answers that found no room.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void PayAnswers(ref InstanceState state)
    {
        bool owes = false;
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            owes |= entry.PassAnswer != 0 && !TryAnswer(ref entry);
        }

        state.Kernel.Remote.OwesAnswers = owes;
    }

    /// <summary>The giver: the home has answered. Untrusted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Answered(ref InstanceState state, ref LinkEntry from, ref readonly LinkMessage message)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        if (!from.AwaitsPass)
        {
            remote.Refused++;
            return;
        }

        from.AwaitsPass = false;
        if (!PassMessage.IsRecorded(message.Operation))
        {
            remote.Returned(from.Link.Peer, (uint)message.Operation);
        }
    }

    /// <summary>The receiver: who gave what is offered. The home has an end of the channel, or whoever has it says that it gave it.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="from">Core that offers it.</param>
    /// <param name="notice">From that kernel: what the giver says; 0: it is the giver.</param>
    /// <param name="offer">What it offers.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void FindGiver(ref readonly InstanceState state, uint from, ulong notice, ref RemoteOffer offer)
    {
        offer.Giver = from;
        if (notice == 0)
        {
            return;
        }

        offer.Giver = RemoteOffer.Nobody;
        offer.Serial = PassNotice.SerialOf(notice);
        ref readonly ChannelTable channels = ref state.Kernel.Channels;
        uint position = offer.Channel < channels.Used ? LinkTable.Find(in state.Map, channels[offer.Channel].Peer) : LinkTable.None;
        if (position == LinkTable.None || PassNotice.HomeOf(notice) != from || offer.Serial == 0)
        {
            return;
        }

        ref InstanceStatus status = ref PeerMap.StatusAt(in state.Map, position);
        if (PassNotice.Says(in status.Passes[(int)PassNotice.PlaceOf(notice)], notice, offer.Epoch))
        {
            offer.Giver = channels[offer.Channel].Peer;
        }
    }

    /// <summary>The home: takes back what a giver wants back, with all that was derived from it, in bounded steps.</summary>
    /// <returns>Whether something is left to do with the record itself now.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool TryTakeBack(ref InstanceState state, uint number, ref CrossingEntry entry)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        Outcome below = Deletion.Revoke<ObjectLife, Microkernel>(ref state.Kernel, remote.Exports.Slot(number));
        if (below.Result == SystemResult.Again)
        {
            remote.Exports.Enlist(number);
            return false;
        }

        // Its holder is asked at once, whatever the others are about to answer.
        if (below.IsOk || (entry.Owes & CrossingDebts.Revoke) != 0)
        {
            return true;
        }

        remote.Exports.Defer(number);
        return false;
    }

    /// <summary>A record whose capability is gone: its giver is told; or it is free.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void End(ref InstanceState state, ref RemoteBatch passed, uint number)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        ref CrossingEntry entry = ref remote.Exports[number];
        if (entry.Way != CrossingWay.Passed)
        {
            if (entry.Way == CrossingWay.Giver)
            {
                state.Kernel.Channels.Void(ref state.Kernel.Scheduler, entry.Channel, entry.Epoch, number);
            }

            remote.Exports.Free(number);
            return;
        }

        if (!passed.TryAdd(ref remote.Exports, number, entry.Giver, entry.HomeNumber))
        {
            remote.Exports.SetAside(number);
        }
    }

    /// <summary>The home: tells a giver what nobody has any more by its giving.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void SendReturns(ref InstanceState state, ref RemoteBatch batch)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        if (batch.IsEmpty)
        {
            return;
        }

        LinkMessage message = batch.Message;
        bool isTold = LinkTable.TrySend(in state, batch.Peer, ref message);
        while (batch.TryTake(ref remote.Exports, out uint number))
        {
            if (!isTold)
            {
                remote.Exports.Defer(number);
                continue;
            }

            remote.Orphan(number);
            if (remote.Exports[number].State == CrossingState.Gone)
            {
                remote.Exports.Free(number);
            }
            else
            {
                // What is asked for at home is refused; its holder has not been told yet.
                remote.Exports.Enlist(number);
            }
        }

        batch.Begin(KernelMessage.ReturnCapabilities);
    }

    /// <summary>Whether there is a link to a core, or may be one soon.</summary>
    internal static bool MayBeReached(ref readonly InstanceState state, uint peer) =>
        LinkTable.Find(in state.Map, peer) != LinkTable.None || state.Opening.IsWanted(peer);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryAnswer(ref LinkEntry entry)
    {
        LinkMessage message = PassMessage.AnswerOf(entry.PassAnswer);
        if (entry.Link.TrySendControl<CoherentMemory>(ref message) == LinkSendResult.Full)
        {
            return false;
        }

        entry.PassAnswer = 0;
        return true;
    }
}
