using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Remote;

/// <content>The home's side: what its holders say, and how what they hold ends.</content>
public partial struct RemoteState
{
    /// <summary>A holder says that it does not hold a capability any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Returned(uint holder, uint number)
    {
        bool isHeld = number < Exports.Used && Exports[number].Peer == holder
            && Exports[number].State is CrossingState.Held or CrossingState.Revoking or CrossingState.Revoked
            && (Exports[number].Owes & CrossingDebts.Offer) == 0;
        if (!isHeld)
        {
            Refused++;
            return;
        }

        ref CrossingEntry entry = ref Exports[number];
        entry.State = CrossingState.Gone;
        entry.Owes = CrossingDebts.None;
        Exports.Enlist(number);
    }

    /// <summary>A holder signals. Nothing when it may not, or may not any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Signalled(ref Scheduler scheduler, uint holder, uint number)
    {
        bool isHeld = IsHeldBy(holder, number) && Exports[number].Slot.Type == CapabilityType.Notification && (Exports[number].Slot.Rights & CapabilityRights.Write) != 0;
        if (!isHeld)
        {
            Refused++;
            return;
        }

        ref readonly CapabilitySlot slot = ref Exports[number].Slot;
        Notifications.Signal(ref scheduler, slot.Notification, slot.Badge);
    }

    /// <summary>See <see cref="ICapabilityHost{TState}.TryEndExport"/>.</summary>
    /// <remarks>
    /// What is always used by asking its home is refused there from now on, so nobody is waited for. Memory can be used without asking: it goes when its holder has said that
    /// nothing maps it any more. What a holder gave on of another's object goes when its home has said so: that one refuses from then on.
    /// </remarks>
    public bool TryEndExport(ref Scheduler scheduler, ref ChannelTable channels, ObjectPointer<CapabilitySlot> slot) =>
        TryEnd(ref scheduler, ref channels, Exports.NumberOf(slot));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEnd(ref Scheduler scheduler, ref ChannelTable channels, uint number)
    {
        ref CrossingEntry entry = ref Exports[number];
        if (IsTakenByHome(in entry))
        {
            entry.State = CrossingState.Revoked;
            entry.Owes = CrossingDebts.None;
            return true;
        }

        if (entry.State != CrossingState.Held)
        {
            return entry.State != CrossingState.Revoking;
        }

        if ((entry.Owes & CrossingDebts.Offer) != 0)
        {
            // Nobody has heard of it: it has never left.
            GiveBack(ref scheduler, ref channels, in entry);
            entry.Owes = CrossingDebts.None;
            entry.State = CrossingState.Gone;
            return true;
        }

        bool isAwaited = entry.Slot.Type is CapabilityType.Untyped or CapabilityType.Frame || entry.Way == CrossingWay.Giver;
        entry.State = isAwaited ? CrossingState.Revoking : CrossingState.Revoked;
        entry.Owes = CrossingDebts.Revoke;
        Exports.Enlist(number);
        return !isAwaited;
    }

    /// <summary>A thread that revokes waits until a holder has let go of something; then it tries again.</summary>
    public void AwaitHolders(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        // A deadline that it had before is over.
        thread.Value.Flags &= ~ThreadFlags.IsTimed;
        Notifications.Wait(ref scheduler, _revokers.FirstOf<Notification>(0), thread, WaitBound.None);
    }

    /// <summary>A holder has let go of something: who waits for that tries again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void WakeRevokers(ref Scheduler scheduler)
    {
        while (!_revokers[0].Head.IsNull)
        {
            Cancellation.EndWait(ref scheduler, _revokers[0].Head, SystemResult.Again);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LoseExport(ref Scheduler scheduler, ref ChannelTable channels, uint number)
    {
        ref CrossingEntry entry = ref Exports[number];
        if ((entry.Owes & CrossingDebts.Offer) != 0)
        {
            GiveBack(ref scheduler, ref channels, in entry);
        }

        entry.State = CrossingState.Gone;
        entry.Owes = CrossingDebts.None;
        Exports.Enlist(number);
    }
}
