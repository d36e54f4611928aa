using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Remote;

/// <content>The holder's side: what homes offer and want back.</content>
public partial struct RemoteState
{
    /// <summary>A home gives a capability. It waits for the program at that end of the channel.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="channels">The core's.</param>
    /// <param name="from">The home's core.</param>
    /// <param name="offer">From that kernel; its address is none of this instance's memory.</param>
    /// <returns>Whether there was room for a record: if not, the home is to be told at once that it is not held here.</returns>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryArrive(ref Scheduler scheduler, ref ChannelTable channels, uint from, ref readonly RemoteOffer offer)
    {
        if (!Imports.TryTake(out uint number))
        {
            return false;
        }

        ref CrossingEntry entry = ref Imports[number];
        entry.Peer = from;
        entry.HomeNumber = offer.HomeNumber;
        entry.Epoch = offer.Epoch;
        entry.Channel = offer.Channel;
        _index.Add(in Imports, number);
        bool isExpected = from != _core && IsExpected(in channels, offer.Giver, offer.Channel, offer.Epoch)
            && (offer.Serial == 0 || offer.Serial > channels[offer.Channel].LastPass);
        if (!isExpected)
        {
            Refused++;
            End(number);
            return true;
        }

        if (offer.Serial != 0)
        {
            channels[offer.Channel].LastPass = offer.Serial;
        }

        Crossing.Import(Imports.Slot(number), offer.Type, offer.Rights, offer.SizeBits, offer.Address, number);
        Await(ref scheduler, ref channels, number);
        return true;
    }

    /// <summary>Who gave a capability wants it back: its home, or a holder that gave on what is this instance's. Nobody can use it here once the answer is sent.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Recall(ref Scheduler scheduler, ref ChannelTable channels, uint giver, uint giverNumber)
    {
        // One that is not here was let go of, and the message that says so came before this one's answer could.
        if (_index.TryFind(in Imports, giver, giverNumber, out uint number))
        {
            Recall(ref scheduler, ref channels, number);
        }
        else
        {
            RecallPassed(ref scheduler, ref channels, giver, giverNumber);
        }
    }

    /// <summary>A program signals a notification of another instance.</summary>
    /// <param name="number">Of an import that a capability names.</param>
    public void Signal(uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        if (entry.State == CrossingState.Held)
        {
            entry.Owes |= CrossingDebts.Signal;
            Imports.Enlist(number);
        }
    }

    /// <summary>See <see cref="ICapabilityHost{TState}.EmptyImport"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void EmptyImport(ObjectPointer<CapabilitySlot> root)
    {
        uint number = Imports.NumberOf(root);
        if (Imports[number].State == CrossingState.Held)
        {
            End(number);
        }
    }

    /// <summary>An import's root is gone, and its home has heard of it or is this core.</summary>
    public void FreeImport(uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        if (entry.IsCounted)
        {
            _taken--;
        }

        if (entry.Peer != _core)
        {
            _index.Remove(in Imports, number);
        }

        Imports.Free(number);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Recall(ref Scheduler scheduler, ref ChannelTable channels, uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        switch (entry.State)
        {
            case CrossingState.Arrived:
                ArrivalList.Remove(in Imports, ref channels[entry.Channel], number);
                channels.Credit(ref scheduler, entry.Channel, entry.Epoch);
                End(number);
                break;
            case CrossingState.Held:
                entry.State = CrossingState.Revoking;
                entry.Owes &= CrossingDebts.Call;
                Imports.Enlist(number);
                break;
            default:
                // It is on its way home already.
                Imports.Enlist(number);
                break;
        }
    }

    private void End(uint number)
    {
        Imports[number].State = CrossingState.Gone;
        Imports.Enlist(number);
    }

    // An offer may overtake the word of the channel that it crosses, which another kernel brings. No channel has a lower number than an older one.
    private static bool IsExpected(ref readonly ChannelTable channels, uint peer, uint channel, ulong epoch)
    {
        if (channel >= channels.Used)
        {
            return false;
        }

        ref readonly ChannelEntry end = ref channels[channel];
        return end.Peer == peer && end.Arrived < ChannelPage.GrantsMax
            && (end.State == ChannelState.Asking ? end.Epoch < epoch : end.State == ChannelState.Open && end.Epoch == epoch);
    }

    // It waits at the end of the channel that it was given over, and that end's program is told.
    private void Await(ref Scheduler scheduler, ref ChannelTable channels, uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        entry.State = CrossingState.Arrived;
        ArrivalList.Add(in Imports, ref channels[entry.Channel], number);
        channels.TellArrival(ref scheduler, entry.Channel);
    }
}
