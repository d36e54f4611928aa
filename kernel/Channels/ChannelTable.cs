using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Channels;

/// <summary>Every outcome of taking up a channel that was made.</summary>
[MustUse]
public enum ChannelOfferResult : byte
{
    /// <summary>It is open, or this end has given it up meanwhile and says so.</summary>
    Taken,

    /// <summary>No end here has asked for this.</summary>
    NotAsked,
}

/// <summary>The ends of channels on a core.</summary>
/// <remarks>
/// While both ends poll, no kernel has anything to do with a channel. This table is for what is left: opening, ringing a program that waits, and the end, which each
/// program hears once. What is owed to others is a bit of the entry: it cannot overflow, and is paid when there is room.
/// </remarks>
[PerCore]
[NonCopyable]
public partial struct ChannelTable
{
    private ObjectArray<ChannelEntry> _entries;
    private uint _used;
    private uint _owing;
    private uint _lastOwing;
    private uint _owingCount;
    private ushort _free;
    private uint _core;

    /// <summary>Messages of other kernels that fitted no end here: late ones of a channel that is over, or wrong.</summary>
    public ulong Refused;

    /// <summary>Ends that there may be.</summary>
    public readonly uint Capacity => _entries.Count;

    /// <summary>Entries to look at: those beyond were never used.</summary>
    public readonly uint Used => _used;

    /// <summary>Gives the table its memory. Before, there are no channels.</summary>
    /// <param name="address">In the window. It need not be zeroed: an entry is, when it is used first.</param>
    /// <param name="capacity">Entries.</param>
    /// <param name="core">This core.</param>
    public void Begin(ulong address, uint capacity, uint core)
    {
        _entries.Begin(address, capacity);
        _core = core;
    }

    /// <summary>An entry.</summary>
    /// <param name="number">Of an end that a capability names.</param>
    public readonly ref ChannelEntry this[uint number] => ref _entries[number];

    /// <summary>What both ends of a channel call it; 0: no capability leads to an end of this number.</summary>
    /// <param name="number">From a program.</param>
    public readonly ulong NameOf(uint number) => number < _used && this[number].State != ChannelState.Leaving ? this[number].Name : 0;

    /// <summary>Asks for a channel.</summary>
    /// <param name="peer">Core of the other end.</param>
    /// <param name="name">What both ends call it.</param>
    /// <param name="number">Its number here.</param>
    /// <returns>False when there is no room.</returns>
    [MustUse]
    public bool TryAsk(uint peer, ulong name, out uint number)
    {
        if (!TryFindFree(out number))
        {
            return false;
        }

        ref ChannelEntry entry = ref this[number];
        entry.Peer = (ushort)peer;
        entry.Name = name;
        Ask(number, ref entry);
        return true;
    }

    /// <summary>Asks anew for one whose other end is gone.</summary>
    /// <returns>False when it is not gone.</returns>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryReopen(ref readonly CapabilityState state, uint number)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.State is not (ChannelState.PeerDied or ChannelState.Unavailable))
        {
            return false;
        }

        GiveBack(in state, number, ref entry);
        Ask(number, ref entry);
        return true;
    }

    /// <summary>Remembers where the pages belong; maps them if there are any.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Outcome Attach(ref readonly CapabilityState state, uint number, ref readonly CapabilitySlot space, ulong address)
    {
        ObjectPointer<RingFrames> frames = Frames(number);
        Outcome place = RingFrames.CheckPlace(in space, address);
        if (place.IsOk)
        {
            RingFrames.Place(in state, frames, in space, address);
            _ = RingFrames.TryMap(in state, frames);
        }

        return place;
    }

    /// <summary>The channel was made: it opens, and its program is told.</summary>
    /// <param name="state">The instance's.</param>
    /// <param name="scheduler">The core's.</param>
    /// <param name="offer">From whoever makes channels; its pages are nobody's that this instance knows.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ChannelOfferResult Open(ref readonly CapabilityState state, ref Scheduler scheduler, ref readonly ChannelOffer offer)
    {
        if (!IsAwaited(offer.Number) || this[offer.Number].Name != offer.Name || this[offer.Number].Peer != offer.Peer)
        {
            Refused++;
            return ChannelOfferResult.NotAsked;
        }

        ref ChannelEntry entry = ref this[offer.Number];
        entry.AwaitsMaker = false;
        entry.Owes &= ~ChannelDebts.Cancel;
        entry.Epoch = offer.Epoch;
        entry.PeerNumber = (ushort)offer.PeerNumber;
        if (entry.State == ChannelState.Leaving)
        {
            Part(ref scheduler, offer.Number, ref entry);
            Owe(offer.Number, ChannelDebts.Release);
            return ChannelOfferResult.Taken;
        }

        entry.State = ChannelState.Open;
        entry.Given = 0;
        entry.Untold = 0;
        entry.Passing = 0;
        entry.Voids = 0;
        RingFrames.Take(Frames(offer.Number), offer.Receive, offer.Send);
        _ = RingFrames.TryMap(in state, Frames(offer.Number));
        Tell(ref scheduler, offer.Number, ChannelNews.Changed);
        return ChannelOfferResult.Taken;
    }

    /// <summary>There will be no channel.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="number">From whoever makes channels.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Refuse(ref Scheduler scheduler, uint number)
    {
        if (!IsAwaited(number))
        {
            Refused++;
            return;
        }

        ref ChannelEntry entry = ref this[number];
        entry.AwaitsMaker = false;
        entry.Owes &= ~(ChannelDebts.Ask | ChannelDebts.Cancel);
        if (entry.State == ChannelState.Leaving)
        {
            FreeIfSettled(number);
            return;
        }

        entry.State = ChannelState.Unavailable;
        Tell(ref scheduler, number, ChannelNews.Changed);
    }

    /// <summary>A program rings the other end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Ring(ref Scheduler scheduler, uint number)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.State != ChannelState.Open)
        {
            return;
        }

        if (entry.Peer == _core)
        {
            uint taken = entry.Untold;
            entry.Untold = 0;
            Rung(ref scheduler, entry.PeerNumber, _core, entry.Epoch, taken, voided: 0);
            return;
        }

        Owe(number, ChannelDebts.Ring);
    }

    /// <summary>A program listens from now on. What has happened before is signalled at once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Listen(ref Scheduler scheduler, uint number, ObjectPointer<Notification> notification, ulong badge, ushort listed)
    {
        ref ChannelEntry entry = ref this[number];
        Unlist(ref entry);
        entry.Notification = notification;
        entry.Badge = badge;
        entry.Listed = listed;
        if (entry.State != ChannelState.Asking)
        {
            Tell(ref scheduler, number, ChannelNews.Changed);
        }
    }

    /// <summary>A notification is gone: nothing signals it any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Forget(ObjectPointer<Notification> notification)
    {
        for (uint number = 0; number < _used; number++)
        {
            if (this[number].Notification.Is(notification))
            {
                // The list goes with the notification.
                this[number].Notification = default;
                this[number].News = 0;
            }
        }
    }

    /// <summary>The last capability to an end is gone: its pages are taken out, and the others will be told.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Leave(ref readonly CapabilityState state, ref Scheduler scheduler, uint number)
    {
        ref ChannelEntry entry = ref this[number];
        Unlist(ref entry);
        entry.Notification = default;
        bool wasOpen = entry.State == ChannelState.Open;
        bool wasAsked = entry.AwaitsMaker && (entry.Owes & ChannelDebts.Ask) == 0;
        entry.State = ChannelState.Leaving;
        entry.Owes &= ~(ChannelDebts.Ask | ChannelDebts.Ring);
        entry.AwaitsMaker = wasAsked;
        GiveBack(in state, number, ref entry);
        if (wasOpen)
        {
            Part(ref scheduler, number, ref entry);
        }

        if (wasAsked)
        {
            Owe(number, ChannelDebts.Cancel);
        }

        FreeIfSettled(number);
    }

    private void Ask(uint number, ref ChannelEntry entry)
    {
        entry.State = ChannelState.Asking;
        entry.LastPass = 0;
        entry.AwaitsMaker = true;
        Owe(number, ChannelDebts.Ask);
    }

    // The pages go before anybody is told that they are gone.
    private void GiveBack(ref readonly CapabilityState state, uint number, ref ChannelEntry entry)
    {
        if (entry.Frames.Exist)
        {
            RingFrames.Drop(in state, Frames(number));
            Owe(number, ChannelDebts.Release);
        }
    }

    private readonly bool IsAwaited(uint number) => number < _used && this[number].AwaitsMaker;

    private readonly bool IsOpen(uint number, uint peer, ulong epoch) =>
        number < _used && this[number].State == ChannelState.Open && this[number].Peer == peer && this[number].Epoch == epoch;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindFree(out uint number)
    {
        number = _used;
        if (_free != 0)
        {
            number = (uint)_free - 1;
            _free = this[number].NextOwing;
            return true;
        }

        if (_used == _entries.Count)
        {
            return false;
        }

        _used++;
        this[number] = default;
        return true;
    }

    // They lie at the beginning of the entry.
    private readonly ObjectPointer<RingFrames> Frames(uint number) => _entries.FirstOf<RingFrames>(number);
}
