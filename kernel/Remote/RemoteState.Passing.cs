using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Sched;

namespace Atoll.Remote;

/// <content>What a holder gives on: the home records the receiver and offers it there, so it goes on to know all holders.</content>
public partial struct RemoteState
{
    /// <summary>Places in which this instance says what its programs give on.</summary>
    public const uint PlacesMax = 16;

    /// <summary>A number for one more that is given on.</summary>
    public uint NextSerial() => ++_serial;

    /// <summary>A place to say what is given on over a channel: the one that it had before, or one that no channel uses.</summary>
    /// <returns>False when there is none.</returns>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly bool TryPlace(ref readonly ChannelTable channels, uint channel, out uint place)
    {
        place = PlacesMax;
        for (uint look = 0; look < PlacesMax; look++)
        {
            uint user = _places[look];
            if (user == channel + 1)
            {
                place = look;
                return true;
            }

            bool isFree = user == 0 || channels[user - 1].State != ChannelState.Open || channels[user - 1].Passing == 0;
            place = isFree ? look : place;
        }

        return place != PlacesMax;
    }

    /// <summary>A channel uses a place.</summary>
    public readonly void TakePlace(uint place, uint channel) => _places[place] = channel + 1;

    /// <summary>A holder wants this instance's object to go to a third core: it is recorded, and will be offered there.</summary>
    /// <param name="giver">Its core.</param>
    /// <param name="pass">From that kernel.</param>
    /// <param name="receiverMax">Cores are below.</param>
    /// <returns>False when it does not hold the object, or no more; when the receiver is none; or when there is no record left for such.</returns>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryRecord(uint giver, ref readonly RemotePass pass, uint receiverMax)
    {
        bool isHeld = IsHeldBy(giver, pass.HomeNumber) && Exports[pass.HomeNumber].Owes == CrossingDebts.None && Exports[pass.HomeNumber].Way != CrossingWay.Giver
            && Exports[pass.HomeNumber].Slot.Type != CapabilityType.Untyped;
        bool isReceiver = pass.Receiver < receiverMax && pass.Receiver != _core && pass.Receiver != giver;

        // Others' giving leaves this instance's programs half of the records.
        bool hasRoom = _passed < Exports.Capacity / 2;
        if (!isHeld || !isReceiver || !hasRoom || _passedIndex.TryFind(in Exports, giver, pass.GiverNumber, out _) || !Exports.TryTake(out uint number))
        {
            return false;
        }

        ref CrossingEntry entry = ref Exports[number];
        Crossing.Export(Exports.Slot(pass.HomeNumber), Exports.Slot(number), pass.Rights);
        entry.Peer = pass.Receiver;
        entry.PeerChannel = pass.Channel;
        entry.Epoch = pass.Epoch;
        entry.Way = CrossingWay.Passed;
        entry.Giver = giver;
        entry.HomeNumber = pass.GiverNumber;
        entry.Notice = pass.Notice;
        entry.State = CrossingState.Held;
        entry.Owes = CrossingDebts.Offer;
        _passed++;
        _passedIndex.Add(in Exports, number);
        Exports.Enlist(number);
        return true;
    }

    /// <summary>The giver of a record has been told that nobody has it any more by its giving, or is dead: it gave nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Orphan(uint number)
    {
        ref CrossingEntry entry = ref Exports[number];
        _passedIndex.Remove(in Exports, number);
        _passed--;
        entry.Way = CrossingWay.Direct;
        entry.IsRecalled = false;
    }

    // What is another's is given on over a channel that carries nothing else: so capabilities arrive in the order in which they were given, and each is known by its channel.
    private readonly Outcome CheckPass(ref readonly ChannelEntry end, ref readonly CapabilitySlot source)
    {
        ref readonly CrossingEntry import = ref Imports[Crossing.ImportOf(in source)];
        if (import.State != CrossingState.Held)
        {
            return new Outcome(SystemResult.SlotEmpty, CSpace.AddressBits);
        }

        // An untyped and what is made of it has one holder.
        if (import.Peer == end.Peer || import.Slot.Type == CapabilityType.Untyped)
        {
            return new Outcome(SystemResult.NotCopyable);
        }

        return new Outcome(end.Given == 0 ? SystemResult.Ok : SystemResult.WouldBlock);
    }

    // A giver wants back what it gave on, with all that was derived from it.
    private void RecallPassed(ref Scheduler scheduler, ref ChannelTable channels, uint giver, uint giverNumber)
    {
        // One that is not here was refused, or let go of: the message that says so is on its way.
        if (_passedIndex.TryFind(in Exports, giver, giverNumber, out uint number))
        {
            Exports[number].IsRecalled = true;
            _ = TryEnd(ref scheduler, ref channels, number);
            Exports.Enlist(number);
        }
    }

    // Its home takes back all that it gave away: what was given on goes with that, and nobody need ask for it.
    private readonly bool IsTakenByHome(ref readonly CrossingEntry entry) =>
        entry.Way == CrossingWay.Giver && entry.State is CrossingState.Held or CrossingState.Revoking && (entry.Owes & CrossingDebts.Offer) == 0
        && Imports[Crossing.ImportOf(in entry.Slot)].State == CrossingState.Revoking;

    // It was never told to anybody.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void GiveBack(ref Scheduler scheduler, ref ChannelTable channels, ref readonly CrossingEntry entry)
    {
        if (entry.Way != CrossingWay.Passed)
        {
            channels.Return(ref scheduler, entry.Channel, entry.Epoch);
        }
    }
}
