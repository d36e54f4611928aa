using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Remote;

/// <summary>Capabilities that cross between this instance and others: what of ours others hold (exports), and what we hold of theirs (imports).</summary>
/// <remarks>
/// The home of an object orders what happens to it. It records a holder before it tells it, and uses the record again only when the holder has let go or is dead and stopped; links
/// are first-in first-out. So what home believes to be the holders contains the true ones at every step, and a number of a record means one thing on its way. Only bits are owed,
/// never a queue: nothing overflows.
/// </remarks>
[PerCore]
[NonCopyable]
public struct RemoteState
{
    private const uint HashesLeast = 16;

    /// <summary>What others hold of ours.</summary>
    public CrossingTable Exports;

    /// <summary>What we hold of others'.</summary>
    public CrossingTable Imports;

    /// <summary>Cores whose records are being removed.</summary>
    public LostPeers Lost;

    private ObjectArray<Notification> _revokers;
    private ObjectArray<uint> _hashes;
    private uint _core;
    private uint _taken;
    private uint _takenMax;

    /// <summary>Messages of other kernels that fitted nothing here: late ones, or wrong.</summary>
    public ulong Refused;

    /// <summary>Offers that no record was left for and that could not be answered. Only a kernel that breaks the rules makes any.</summary>
    public ulong Unanswered;

    /// <summary>Whether there is work that can be done at once.</summary>
    public readonly bool HasWork => Exports.HasWork || Imports.HasWork || Lost.Any;

    /// <summary>Whether something waits for room in a ring.</summary>
    public readonly bool AwaitsRoom => Exports.AwaitsRoom || Imports.AwaitsRoom;

    /// <summary>This core.</summary>
    public readonly uint Core => _core;

    /// <summary>Exports for so many ends of channels.</summary>
    public static uint ExportsFor(uint channels) => channels * ExportsOfAnEnd;

    /// <summary>Imports for so many ends of channels: for each those that wait to be taken, and as many as a program keeps on an average.</summary>
    public static uint ImportsFor(uint channels) => channels * (ChannelPage.GrantsMax + KeptOfAnEnd);

    /// <summary>Bytes of records for so many ends of channels.</summary>
    public static ulong BytesFor(uint channels) =>
        CapabilitySlot.SizeBytes + ((ulong)(ExportsFor(channels) + ImportsFor(channels)) * CrossingEntry.SizeBytes) + (HashesFor(channels) * sizeof(uint));

    private const uint ExportsOfAnEnd = 4;
    private const uint KeptOfAnEnd = 4;

    /// <summary>Gives the tables their memory. Before, nothing crosses.</summary>
    /// <param name="address">In the window, a multiple of a cache line; it need not be zeroed.</param>
    /// <param name="channels">Ends of channels that there may be.</param>
    /// <param name="core">This core.</param>
    public void Begin(ulong address, uint channels, uint core)
    {
        _core = core;
        _takenMax = channels * KeptOfAnEnd;
        _revokers.Begin(address, 1);
        _revokers[0] = default;
        address += CapabilitySlot.SizeBytes;
        Exports.Begin(address, ExportsFor(channels));
        address += ExportsFor(channels) * (ulong)CrossingEntry.SizeBytes;
        Imports.Begin(address, ImportsFor(channels));
        address += ImportsFor(channels) * (ulong)CrossingEntry.SizeBytes;
        _hashes.Begin(address, HashesFor(channels));
        for (uint hash = 0; hash < _hashes.Count; hash++)
        {
            _hashes[hash] = 0;
        }
    }

    /// <summary>Gives a capability to the program at the other end of a channel. Everything is checked before anything changes.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="channels">The core's.</param>
    /// <param name="channel">This end.</param>
    /// <param name="source">What is given.</param>
    /// <param name="rights">The most that may be done with it there.</param>
    /// <returns>Ok; WrongState: the channel is not open; WouldBlock: so many wait to be taken; Unavailable: no room for a record; as <see cref="Crossing.CheckSource"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Outcome Grant(
        ref Scheduler scheduler, ref ChannelTable channels, uint channel, ObjectPointer<CapabilitySlot> source, CapabilityRights rights)
    {
        ref ChannelEntry end = ref channels[channel];
        if (end.State != ChannelState.Open)
        {
            return new Outcome(SystemResult.WrongState);
        }

        if (end.Given == ChannelPage.GrantsMax)
        {
            return new Outcome(SystemResult.WouldBlock);
        }

        if (end.Peer == _core)
        {
            return GrantHere(ref scheduler, ref channels, ref end, source, rights);
        }

        Outcome can = Crossing.CheckSource(in source.Value);
        if (!can.IsOk)
        {
            return can;
        }

        if (!Exports.TryTake(out uint number))
        {
            return new Outcome(SystemResult.Unavailable);
        }

        end.Given++;
        ref CrossingEntry entry = ref Exports[number];
        Crossing.Export(source, Exports.Slot(number), rights);
        entry.Peer = end.Peer;
        entry.Channel = channel;
        entry.PeerChannel = end.PeerNumber;
        entry.Epoch = end.Epoch;
        entry.State = CrossingState.Held;
        entry.Owes = CrossingDebts.Offer;
        Exports.Enlist(number);
        return Outcome.Ok;
    }

    /// <summary>Takes the next capability that the other end of a channel has given.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="channels">The core's.</param>
    /// <param name="channel">This end.</param>
    /// <param name="target">An empty slot of the program.</param>
    /// <returns>Ok; WouldBlock: there is none; Unavailable: the instance holds as many of others' as it may.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Outcome Accept(ref Scheduler scheduler, ref ChannelTable channels, uint channel, ObjectPointer<CapabilitySlot> target)
    {
        // Before the channel is open nobody knows which of them belong to it.
        while (channels[channel].State != ChannelState.Asking && TryFirst(in channels[channel], out uint number))
        {
            ref CrossingEntry entry = ref Imports[number];
            bool isLocal = entry.Peer == _core;
            bool isDue = entry.Epoch == channels[channel].Epoch && !entry.Slot.IsEmpty;
            if (isDue && !isLocal && _taken == _takenMax)
            {
                return new Outcome(SystemResult.Unavailable);
            }

            RemoveArrived(ref channels, number);
            channels.Credit(ref scheduler, channel, entry.Epoch);
            if (!isDue)
            {
                End(number);
                continue;
            }

            if (isLocal)
            {
                Crossing.HandOver(Imports.Slot(number), target);
                Imports.Free(number);
                return Outcome.Ok;
            }

            Crossing.Accept(Imports.Slot(number), target);
            entry.State = CrossingState.Held;
            entry.IsCounted = true;
            _taken++;
            return Outcome.Ok;
        }

        return new Outcome(SystemResult.WouldBlock);
    }

    /// <summary>An end of a channel is given up, or begins anew: what waited there ends.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void DropArrived(ref ChannelTable channels, uint channel)
    {
        while (TryFirst(in channels[channel], out uint number))
        {
            RemoveArrived(ref channels, number);
            End(number);
        }
    }

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
        AddHash(number);
        bool isFrame = offer.Type == CapabilityType.Frame;
        if (from == _core || !IsExpected(in channels, from, offer.Channel, offer.Epoch))
        {
            Refused++;
            End(number);
            return true;
        }

        Crossing.Import(Imports.Slot(number), offer.Type, offer.Rights, isFrame ? offer.SizeBits : (byte)0, isFrame ? offer.Address : number);
        AddArrived(ref scheduler, ref channels, number);
        return true;
    }

    /// <summary>A home wants a capability back. Nobody can use it here once the answer is sent.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Recall(ref Scheduler scheduler, ref ChannelTable channels, uint home, uint homeNumber)
    {
        // One that is not here was let go of, and the message that says so came before this one's answer could.
        if (TryFind(home, homeNumber, out uint number))
        {
            Recall(ref scheduler, ref channels, number);
        }
    }

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
        bool isHeld = number < Exports.Used && Exports[number].Peer == holder && Exports[number].State == CrossingState.Held
            && Exports[number].Slot.Type == CapabilityType.Notification && (Exports[number].Slot.Rights & CapabilityRights.Write) != 0;
        if (!isHeld)
        {
            Refused++;
            return;
        }

        ref readonly CapabilitySlot slot = ref Exports[number].Slot;
        Notifications.Signal(ref scheduler, slot.Notification, slot.Badge);
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

    /// <summary>See <see cref="ICapabilityHost{TState}.TryEndExport"/>.</summary>
    /// <remarks>
    /// What is always used by asking its home is refused there from now on, so nobody is waited for. A frame can be used without asking: it goes when its holder has said that
    /// nothing maps it any more.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryEndExport(ref Scheduler scheduler, ref ChannelTable channels, ObjectPointer<CapabilitySlot> slot)
    {
        uint number = Exports.NumberOf(slot);
        ref CrossingEntry entry = ref Exports[number];
        if (entry.State != CrossingState.Held)
        {
            return entry.State != CrossingState.Revoking;
        }

        if ((entry.Owes & CrossingDebts.Offer) != 0)
        {
            // Nobody has heard of it: it has never left.
            channels.Return(ref scheduler, entry.Channel, entry.Epoch);
            entry.Owes = CrossingDebts.None;
            entry.State = CrossingState.Gone;
            return true;
        }

        bool isFrame = entry.Slot.Type == CapabilityType.Frame;
        entry.State = isFrame ? CrossingState.Revoking : CrossingState.Revoked;
        entry.Owes = CrossingDebts.Revoke;
        Exports.Enlist(number);
        return !isFrame;
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
            RemoveHash(number);
        }

        Imports.Free(number);
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

    /// <summary>A core is dead and stopped, or out of reach: what it held and what was its own goes, in bounded steps (<see cref="WalkLost"/>).</summary>
    public void Lose(uint peer)
    {
        if (Exports.Count + Imports.Count != 0)
        {
            Lost.Add(peer);
        }
    }

    /// <summary>Looks at some more records for those of lost cores.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="channels">The core's.</param>
    /// <param name="places">How many to look at.</param>
    /// <returns>Whether a walk has come to its end: then <see cref="LostPeers.Has"/> may have become false for somebody.</returns>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool WalkLost(ref Scheduler scheduler, ref ChannelTable channels, uint places)
    {
        uint all = Exports.Used > Imports.Used ? Exports.Used : Imports.Used;
        for (; places != 0; places--)
        {
            uint number = Lost.Cursor;
            if (number < Exports.Used && Exports[number].State != CrossingState.None && Lost.IsSought(Exports[number].Peer))
            {
                Lost.Found();
                LoseExport(number);
            }

            if (number < Imports.Used && Imports[number].State != CrossingState.None && Lost.IsSought(Imports[number].Peer))
            {
                Lost.Found();
                Imports[number].Owes = CrossingDebts.None;
                Recall(ref scheduler, ref channels, number);
            }

            if (Lost.TryEnd(all))
            {
                return true;
            }
        }

        return false;
    }

    private void LoseExport(uint number)
    {
        ref CrossingEntry entry = ref Exports[number];
        entry.State = CrossingState.Gone;
        entry.Owes = CrossingDebts.None;
        Exports.Enlist(number);
    }

    private void Recall(ref Scheduler scheduler, ref ChannelTable channels, uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        switch (entry.State)
        {
            case CrossingState.Arrived:
                RemoveArrived(ref channels, number);
                channels.Credit(ref scheduler, entry.Channel, entry.Epoch);
                End(number);
                break;
            case CrossingState.Held:
                entry.State = CrossingState.Revoking;
                entry.Owes = CrossingDebts.None;
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

    // From program to program of this core: the capability itself, which may be any, waits in the record.
    private Outcome GrantHere(
        ref Scheduler scheduler, ref ChannelTable channels, ref ChannelEntry end, ObjectPointer<CapabilitySlot> source, CapabilityRights rights)
    {
        if (!IsExpected(in channels, _core, end.PeerNumber, end.Epoch))
        {
            return new Outcome(SystemResult.WrongState);
        }

        if (!Imports.TryTake(out uint number))
        {
            return new Outcome(SystemResult.Unavailable);
        }

        Outcome derived = Copying.Derive(source, Imports.Slot(number), rights);
        if (!derived.IsOk)
        {
            Imports.Free(number);
            return derived;
        }

        end.Given++;
        ref CrossingEntry entry = ref Imports[number];
        entry.Peer = _core;
        entry.Channel = end.PeerNumber;
        entry.Epoch = end.Epoch;
        AddArrived(ref scheduler, ref channels, number);
        return Outcome.Ok;
    }

    private void AddArrived(ref Scheduler scheduler, ref ChannelTable channels, uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        ref ChannelEntry end = ref channels[entry.Channel];
        entry.State = CrossingState.Arrived;
        uint last = end.FirstArrived;
        if (last == 0)
        {
            end.FirstArrived = number + 1;
        }
        else
        {
            // As many as the program has not taken: a few.
            while (Imports[last - 1].NextArrived != 0)
            {
                last = Imports[last - 1].NextArrived;
            }

            Imports[last - 1].NextArrived = number + 1;
        }

        end.Arrived++;
        channels.TellArrival(ref scheduler, entry.Channel);
    }

    private void RemoveArrived(ref ChannelTable channels, uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        ref ChannelEntry end = ref channels[entry.Channel];
        end.Arrived--;
        if (end.FirstArrived == number + 1)
        {
            end.FirstArrived = entry.NextArrived;
            return;
        }

        uint before = end.FirstArrived;
        while (Imports[before - 1].NextArrived != number + 1)
        {
            before = Imports[before - 1].NextArrived;
        }

        Imports[before - 1].NextArrived = entry.NextArrived;
    }

    private static bool TryFirst(ref readonly ChannelEntry end, out uint number)
    {
        number = end.FirstArrived - 1;
        return end.FirstArrived != 0;
    }

    private bool TryFind(uint home, uint homeNumber, out uint number)
    {
        if (_hashes.Count != 0)
        {
            for (uint next = _hashes[Hash(home, homeNumber)]; next != 0; next = Imports[next - 1].NextOfHash)
            {
                number = next - 1;
                if (Imports[number].Peer == home && Imports[number].HomeNumber == homeNumber)
                {
                    return true;
                }
            }
        }

        number = 0;
        return false;
    }

    private void AddHash(uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        uint hash = Hash(entry.Peer, entry.HomeNumber);
        entry.NextOfHash = _hashes[hash];
        _hashes[hash] = number + 1;
    }

    private void RemoveHash(uint number)
    {
        ref CrossingEntry entry = ref Imports[number];
        uint hash = Hash(entry.Peer, entry.HomeNumber);
        if (_hashes[hash] == number + 1)
        {
            _hashes[hash] = entry.NextOfHash;
            return;
        }

        uint before = _hashes[hash];
        while (Imports[before - 1].NextOfHash != number + 1)
        {
            before = Imports[before - 1].NextOfHash;
        }

        Imports[before - 1].NextOfHash = entry.NextOfHash;
    }

    // Numbers of a home are given from 0 on: its low bits spread them.
    private readonly uint Hash(uint home, uint homeNumber) => (homeNumber + (home * HashesLeast)) & (_hashes.Count - 1);

    private static uint HashesFor(uint channels)
    {
        uint hashes = HashesLeast;
        while (hashes < channels)
        {
            hashes *= 2;
        }

        return hashes;
    }
}
