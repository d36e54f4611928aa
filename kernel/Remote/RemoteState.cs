using System.Runtime.CompilerServices;
using Atoll.Abi;
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
public partial struct RemoteState
{
    /// <summary>What others hold of ours.</summary>
    public CrossingTable Exports;

    /// <summary>What we hold of others'.</summary>
    public CrossingTable Imports;

    /// <summary>Cores whose records are being removed.</summary>
    public LostPeers Lost;

    private ObjectArray<Notification> _revokers;
    private CrossingIndex _index;
    private uint _core;
    private uint _taken;
    private uint _takenMax;

    // For each place one more than the number of the channel that used it last.
    private ObjectArray<uint> _places;
    private CrossingIndex _passedIndex;
    private uint _passed;
    private uint _serial;

    /// <summary>Whether an answer to a giver is owed that found no room in a ring.</summary>
    public bool OwesAnswers;

    /// <summary>Calls whose answers are awaited.</summary>
    public CallTable<AwaitedCall> Calls;

    /// <summary>Callers of other cores that wait for a receiver or an answer, or whose answer is owed.</summary>
    public CallTable<ForeignCaller> Callers;

    /// <summary>Whether something about calls found no room in a ring.</summary>
    public bool OwesCalls;

    /// <summary>Messages of other kernels that fitted nothing here: late ones, or wrong.</summary>
    public ulong Refused;

    /// <summary>Offers that no record was left for and that could not be answered. Only a kernel that breaks the rules makes any.</summary>
    public ulong Unanswered;

    /// <summary>Whether there is work that can be done at once.</summary>
    public readonly bool HasWork => Exports.HasWork || Imports.HasWork || Lost.Any;

    /// <summary>Whether something waits for room in a ring.</summary>
    public readonly bool AwaitsRoom => Exports.AwaitsRoom || Imports.AwaitsRoom || OwesAnswers || OwesCalls;

    /// <summary>This core.</summary>
    public readonly uint Core => _core;

    /// <summary>Exports for so many ends of channels.</summary>
    public static uint ExportsFor(uint channels) => channels * ExportsOfAnEnd;

    /// <summary>Imports for so many ends of channels: for each those that wait to be taken, and as many as a program keeps on an average.</summary>
    public static uint ImportsFor(uint channels) => channels * (ChannelPage.GrantsMax + KeptOfAnEnd);

    /// <summary>Bytes of records for so many ends of channels.</summary>
    public static ulong BytesFor(uint channels) =>
        CapabilitySlot.SizeBytes + ((ulong)(ExportsFor(channels) + ImportsFor(channels)) * CrossingEntry.SizeBytes) + (2 * CrossingIndex.BytesFor(channels))
        + (PlacesMax * sizeof(uint)) + CallBytesFor(channels);

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
        _index.Begin(address, channels);
        address += CrossingIndex.BytesFor(channels);
        _passedIndex.Begin(address, channels);
        address += CrossingIndex.BytesFor(channels);
        _places.Begin(address, PlacesMax);
        BeginCalls(address + (PlacesMax * sizeof(uint)), channels);
        for (uint place = 0; place < PlacesMax; place++)
        {
            _places[place] = 0;
        }
    }

    /// <summary>Gives a capability to the program at the other end of a channel. Everything is checked before anything changes.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="channels">The core's.</param>
    /// <param name="channel">This end.</param>
    /// <param name="source">What is given.</param>
    /// <param name="rights">The most that may be done with it there.</param>
    /// <returns>Ok; WrongState: the channel is not open; WouldBlock: so many wait to be taken, or the last has not left yet; Unavailable: no room for a record; Again: an untyped is being zeroed, the same request goes on; as <see cref="Crossing.CheckSource"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Outcome Grant(
        ref Scheduler scheduler, ref ChannelTable channels, uint channel, ObjectPointer<CapabilitySlot> source, CapabilityRights rights)
    {
        ref ChannelEntry end = ref channels[channel];
        if (end.State != ChannelState.Open)
        {
            return new Outcome(SystemResult.WrongState);
        }

        if (end.Given == ChannelPage.GrantsMax || end.Passing != 0)
        {
            return new Outcome(SystemResult.WouldBlock);
        }

        if (end.Peer == _core)
        {
            return GrantHere(ref scheduler, ref channels, ref end, source, rights);
        }

        bool isImported = Crossing.IsImported(in source.Value);
        Outcome can = Crossing.CheckSource(ref source.Value);
        can = can.IsOk && isImported ? CheckPass(in end, in source.Value) : can;
        if (!can.IsOk)
        {
            return can;
        }

        if (!Exports.TryTake(out uint number))
        {
            return new Outcome(SystemResult.Unavailable);
        }

        end.Given++;
        end.Passing = number + 1;
        ref CrossingEntry entry = ref Exports[number];
        Crossing.Export(source, Exports.Slot(number), rights);
        entry.Peer = end.Peer;
        entry.Channel = channel;
        entry.PeerChannel = end.PeerNumber;
        entry.Epoch = end.Epoch;
        entry.State = CrossingState.Held;
        entry.Owes = CrossingDebts.Offer;
        if (isImported)
        {
            ref readonly CrossingEntry import = ref Imports[Crossing.ImportOf(in entry.Slot)];
            entry.Way = CrossingWay.Giver;
            entry.Peer = import.Peer;
            entry.HomeNumber = import.HomeNumber;
        }

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
        while (channels[channel].State != ChannelState.Asking && ArrivalList.TryFirst(in channels[channel], out uint number))
        {
            ref CrossingEntry entry = ref Imports[number];
            bool isLocal = entry.Peer == _core;
            bool isDue = entry.Epoch == channels[channel].Epoch && !entry.Slot.IsEmpty;
            if (isDue && !isLocal && _taken == _takenMax)
            {
                return new Outcome(SystemResult.Unavailable);
            }

            ArrivalList.Remove(in Imports, ref channels[channel], number);
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
        while (ArrivalList.TryFirst(in channels[channel], out uint number))
        {
            ArrivalList.Remove(in Imports, ref channels[channel], number);
            End(number);
        }
    }

    /// <summary>A core is dead and stopped, or out of reach: calls to it and from it end; what it held and what was its own goes, in bounded steps (<see cref="WalkLost"/>).</summary>
    public void Lose(ref Scheduler scheduler, uint peer)
    {
        LoseCalls(ref scheduler, peer);
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
                LoseExport(ref scheduler, ref channels, number);
            }

            if (number < Exports.Used && Exports[number].Way == CrossingWay.Passed && Lost.IsSought(Exports[number].Giver))
            {
                Orphan(number);
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
        Await(ref scheduler, ref channels, number);
        return Outcome.Ok;
    }
}
