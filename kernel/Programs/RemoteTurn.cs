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

/// <summary>What kernels tell each other about capabilities that cross, and what they do about it, in bounded steps.</summary>
public static class RemoteTurn
{
    // What one turn does: a step of a deletion, which deletes at most as many capabilities as a system call, counts for eight looks at a record.
    private const uint LooksOfATurn = 256;
    private const uint LooksOfADeletion = 8;
    private const uint PlacesOfATurn = 16;

    /// <summary>Does some of the work, and tells what is owed: in the event loop.</summary>
    /// <returns>Whether there is more to do at once.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Work(ref InstanceState state)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        remote.Exports.Retry();
        remote.Imports.Retry();
        if (remote.OwesAnswers)
        {
            PassTurn.PayAnswers(ref state);
        }

        Step(ref state);
        bool hasEnded = remote.Lost.Any && remote.WalkLost(ref state.Kernel.Scheduler, ref state.Kernel.Channels, PlacesOfATurn);
        if (hasEnded)
        {
            LetLinksGo(ref state);
        }

        // What has ended may owe a ring on its channel: in this turn, as nothing wakes a sleeper for it.
        if (state.Kernel.Channels.OwesAnything)
        {
            _ = ChannelTurn.Pay(ref state);
        }

        // A slot that comes back rings nobody: the event loop looks again by itself.
        state.OwesMessages |= remote.AwaitsRoom;

        // The next turn tells the coordinator of links that were let go.
        return state.Kernel.HasRemoteWork || hasEnded;
    }

    /// <summary>After a system call: what it has begun is told at once; what is left the event loop does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AfterCall(ref InstanceState state)
    {
        Step(ref state);
        LinkTurn.End(ref state);
        if (state.Kernel.HasRemoteWork || state.Kernel.Remote.AwaitsRoom)
        {
            // To this core itself, which sees its own stores.
            state.Apic.SendDoorbell(new ApicId(state.ApicId));
        }
    }

    /// <summary>Deals with what another kernel says of capabilities. Untrusted.</summary>
    /// <returns>False when the kind is none of these.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Handle(ref InstanceState state, ref LinkEntry from, ref readonly LinkMessage message)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        uint peer = from.Link.Peer;
        switch ((KernelMessage)message.Kind)
        {
            case KernelMessage.OfferCapability:
                Take(ref state, ref from, in message);
                return true;

            case KernelMessage.RecallCapabilities:
                LinkMessage recalled = message;
                while (RemoteBatch.TryTake(ref recalled, out uint number))
                {
                    remote.Recall(ref state.Kernel.Scheduler, ref state.Kernel.Channels, peer, number);
                }

                return true;

            case KernelMessage.ReturnCapabilities:
                LinkMessage returned = message;
                while (RemoteBatch.TryTake(ref returned, out uint number))
                {
                    remote.Returned(peer, number);
                }

                return true;

            case KernelMessage.SignalNotification:
                remote.Signalled(ref state.Kernel.Scheduler, peer, (uint)message.Operation);
                return true;

            case KernelMessage.CallEndpoint:
                CallTurn.Take(ref state, ref from, in message);
                return true;

            case KernelMessage.AnswerCall:
                CallTurn.Answered(ref state, peer, in message);
                return true;

            case KernelMessage.CancelCall:
                remote.CancelCall(ref state.Kernel.Scheduler, peer, (uint)message.Operation);
                return true;

            case KernelMessage.PassCapability:
                PassTurn.Record(ref state, ref from, in message);
                return true;

            case KernelMessage.AnswerPass:
                PassTurn.Answered(ref state, ref from, in message);
                return true;

            default:
                return false;
        }
    }

    /// <summary>A link is gone, or cannot be.</summary>
    public static void LosePeer(ref InstanceState state, uint peer)
    {
        // What a member says of a core is untrusted, and no core has such a number.
        if (peer < Limits.InstanceCountMax)
        {
            state.Kernel.Remote.Lose(ref state.Kernel.Scheduler, peer);
        }
    }

    private static void Take(ref InstanceState state, ref LinkEntry from, ref readonly LinkMessage message)
    {
        bool isGood = RemoteMessage.TryDecode(in message, out RemoteOffer offer)
            && (offer.Type == CapabilityType.Remote || IsOfHome(in state, in from, in offer));
        if (!isGood)
        {
            // No kernel that keeps to the rules says so: nobody waits for an answer.
            state.Kernel.Remote.Refused++;
            return;
        }

        PassTurn.FindGiver(in state, from.Link.Peer, message.Argument3, ref offer);
        if (!state.Kernel.Remote.TryArrive(ref state.Kernel.Scheduler, ref state.Kernel.Channels, from.Link.Peer, in offer))
        {
            state.Kernel.Remote.Unanswered++;
        }
    }

    // A batch costs what it is long: none is begun in vain.
    private static void Step(ref InstanceState state)
    {
        if (state.Kernel.Scheduler.HasForeignNews || state.Kernel.Remote.OwesCalls)
        {
            CallTurn.Pay(ref state);
        }

        if (state.Kernel.Remote.Imports.HasWork)
        {
            StepImports(ref state);
        }

        if (state.Kernel.Remote.Exports.HasWork)
        {
            StepExports(ref state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StepImports(ref InstanceState state)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        RemoteBatch batch = default;
        batch.Begin(KernelMessage.ReturnCapabilities);
        uint looks = LooksOfATurn;
        while (looks != 0 && remote.Imports.HasWork)
        {
            // A round for each home and 256 of its numbers, so that each hears of all in one message, in whatever order they stand here.
            while (looks != 0 && remote.Imports.TryNext(out uint number))
            {
                ref readonly CrossingEntry entry = ref remote.Imports[number];
                looks = Spend(looks, !entry.Slot.IsEmpty && entry.State is CrossingState.Revoking or CrossingState.Gone);
                StepImport(ref state, ref batch, number);
            }

            SendReturns(ref state, ref batch);
            remote.Imports.TakeUpAside();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StepExports(ref InstanceState state)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        RemoteBatch batch = default;
        batch.Begin(KernelMessage.RecallCapabilities);
        RemoteBatch passed = default;
        passed.Begin(KernelMessage.ReturnCapabilities);
        uint looks = LooksOfATurn;
        while (looks != 0 && remote.Exports.HasWork)
        {
            while (looks != 0 && remote.Exports.TryNext(out uint number))
            {
                ref readonly CrossingEntry entry = ref remote.Exports[number];
                looks = Spend(looks, !entry.Slot.IsEmpty && (entry.IsRecalled || entry.State == CrossingState.Gone));
                StepExport(ref state, ref batch, ref passed, number);
            }

            SendRecalls(ref state, ref batch);
            PassTurn.SendReturns(ref state, ref passed);
            remote.Exports.TakeUpAside();
        }
    }

    // What is deleted already and waits for its message costs a look.
    private static uint Spend(uint looks, bool isDeletion)
    {
        uint spent = isDeletion ? LooksOfADeletion : 1;
        return looks < spent ? 0 : looks - spent;
    }

    // What programs have of it goes; then the root; then its home is told. A signal that was asked for before goes before.
    private static void StepImport(ref InstanceState state, ref RemoteBatch batch, uint number)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        ref CrossingEntry entry = ref remote.Imports[number];
        if ((entry.Owes & CrossingDebts.Signal) != 0)
        {
            LinkMessage signal = RemoteMessage.Signal(entry.HomeNumber);
            if (!LinkTable.TrySend(in state, entry.Peer, ref signal))
            {
                remote.Imports.Defer(number);
                return;
            }

            entry.Owes &= ~CrossingDebts.Signal;
        }

        if ((entry.Owes & CrossingDebts.Call) != 0 && !CallTurn.TrySend(ref state, ref entry))
        {
            remote.Imports.Defer(number);
            return;
        }

        if (entry.State == CrossingState.Revoking
            && Deletion.Revoke<ObjectLife, Microkernel>(ref state.Kernel, remote.Imports.Slot(number)).IsOk)
        {
            entry.State = CrossingState.Gone;
        }

        if (entry.State == CrossingState.Revoking)
        {
            remote.Imports.Enlist(number);
        }
        else if (entry.State == CrossingState.Gone)
        {
            EndImport(ref state, ref batch, number);
        }
    }

    private static void EndImport(ref InstanceState state, ref RemoteBatch batch, uint number)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        ref CrossingEntry entry = ref remote.Imports[number];
        if (!Deletion.Delete<ObjectLife, Microkernel>(ref state.Kernel, remote.Imports.Slot(number)).IsOk)
        {
            remote.Imports.Enlist(number);
            return;
        }

        if (entry.Peer == state.Core)
        {
            remote.FreeImport(number);
            return;
        }

        if (!batch.TryAdd(ref remote.Imports, number, entry.Peer, entry.HomeNumber))
        {
            remote.Imports.SetAside(number);
        }
    }

    private static void StepExport(ref InstanceState state, ref RemoteBatch batch, ref RemoteBatch passed, uint number)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        ref CrossingEntry entry = ref remote.Exports[number];
        if ((entry.Owes & CrossingDebts.Offer) != 0 && !TryOffer(ref state, number, ref entry))
        {
            remote.Exports.Defer(number);
            return;
        }

        if (entry.IsRecalled && !PassTurn.TryTakeBack(ref state, number, ref entry))
        {
            return;
        }

        if (entry.State == CrossingState.Gone || (entry.IsRecalled && entry.State == CrossingState.Revoked))
        {
            EndExport(ref state, ref passed, number);
        }
        else if ((entry.Owes & CrossingDebts.Revoke) != 0 && !batch.TryAdd(ref remote.Exports, number, entry.Peer, number))
        {
            remote.Exports.SetAside(number);
        }
    }

    // To the holder; what is another's, to its home.
    private static bool TryOffer(ref InstanceState state, uint number, ref CrossingEntry entry)
    {
        if (entry.Way == CrossingWay.Giver)
        {
            return PassTurn.TryAsk(ref state, number, ref entry);
        }

        LinkMessage offer = RemoteMessage.Offer(number, in entry);
        bool hasLeft = LinkTable.TrySend(in state, entry.Peer, ref offer);
        if (entry.Way == CrossingWay.Direct)
        {
            state.Kernel.Channels.Offered(ref state.Kernel.Scheduler, entry.Channel, entry.Epoch, hasLeft);
        }
        else if (!hasLeft && !PassTurn.MayBeReached(in state, entry.Peer))
        {
            entry.State = CrossingState.Gone;
            hasLeft = true;
        }

        entry.Owes = hasLeft ? CrossingDebts.None : entry.Owes;
        return hasLeft;
    }

    private static void EndExport(ref InstanceState state, ref RemoteBatch passed, uint number)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        if (!Deletion.Delete<ObjectLife, Microkernel>(ref state.Kernel, remote.Exports.Slot(number)).IsOk)
        {
            remote.Exports.Enlist(number);
            return;
        }

        PassTurn.End(ref state, ref passed, number);
        remote.WakeRevokers(ref state.Kernel.Scheduler);
    }

    private static void SendReturns(ref InstanceState state, ref RemoteBatch batch)
    {
        ref RemoteState remote = ref state.Kernel.Remote;
        if (batch.IsEmpty)
        {
            return;
        }

        LinkMessage message = batch.Message;
        bool isTold = LinkTable.TrySend(in state, batch.Peer, ref message) || IsOutOfReach(in state, batch.Peer);
        while (batch.TryTake(ref remote.Imports, out uint number))
        {
            if (isTold)
            {
                remote.FreeImport(number);
            }
            else
            {
                remote.Imports.Defer(number);
            }
        }

        batch.Begin(KernelMessage.ReturnCapabilities);
    }

    private static void SendRecalls(ref InstanceState state, ref RemoteBatch batch)
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
            if (isTold)
            {
                remote.Exports[number].Owes &= ~CrossingDebts.Revoke;
            }
            else
            {
                remote.Exports.Defer(number);
            }
        }

        batch.Begin(KernelMessage.RecallCapabilities);
    }

    // A home that is gone has no record to free.
    private static bool IsOutOfReach(ref readonly InstanceState state, uint peer) => state.Kernel.Remote.Lost.Has(peer);

    // Whoever is told that a link is gone may use its peer's memory anew: not before nothing of it is mapped here.
    private static void LetLinksGo(ref InstanceState state)
    {
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            entry.IsHeldBack &= state.Kernel.Remote.Lost.Has(entry.ReleasedPeer);
        }
    }

    // A home can give away what it was granted, and no more.
    private static bool IsOfHome(ref readonly InstanceState state, ref readonly LinkEntry from, ref readonly RemoteOffer offer)
    {
        ulong bytes = 1UL << offer.SizeBits;
        ulong offset = offer.Address - from.Grant.Base;
        return Bits.IsAligned(offer.Address, bytes) && offset < from.Grant.Bytes && bytes <= from.Grant.Bytes - offset;
    }
}
