using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Firmware;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Mm;
using Atoll.Provision;

namespace Atoll.Coordinator;

/// <summary>One link between two members, as the coordinator made it.</summary>
[NonCopyable]
public struct LinkRecord
{
    /// <summary>Number of the link; 0: no record.</summary>
    public ulong Epoch;

    /// <summary>Physical address of its two rings: first to second, then second to first.</summary>
    public ulong Rings;

    /// <summary>One end.</summary>
    public uint First;

    /// <summary>The other end.</summary>
    public uint Second;

    /// <summary>Whether the first end has not been offered the link yet.</summary>
    public bool OwesFirst;

    /// <summary>Whether the second end has not been offered the link yet.</summary>
    public bool OwesSecond;

    /// <summary>Whether the first end has released it, or is dead.</summary>
    public bool FirstGone;

    /// <summary>Whether the second end has released it, or is dead.</summary>
    public bool SecondGone;

    /// <summary>Whether a core is one of the two ends.</summary>
    public readonly bool Has(uint core) => First == core || Second == core;

    /// <summary>Whether a core is an end that has not been offered the link yet.</summary>
    public readonly bool Owes(uint core) => (First == core && OwesFirst) || (Second == core && OwesSecond);

    /// <summary>Whether a core is an end that has not let go of the link.</summary>
    public readonly bool IsHeldBy(uint core) => (First == core && !FirstGone) || (Second == core && !SecondGone);
}

/// <summary>Links between members: made when one asks, taken apart when an end has died and the other has let go.</summary>
/// <remarks>Ring pages are used again only after both ends are gone: released by a living instance, or stopped by INIT.</remarks>
[NonCopyable]
public struct LinkRegistry
{
    private Records _records;
    private ObjectArray<CoreSet> _refusals;
    private ulong _lastEpoch;
    private bool _owesOffers;

    /// <summary>Begins.</summary>
    /// <param name="refusals">Zeroed memory for a <see cref="CoreSet"/> of each core.</param>
    /// <param name="cores">The machine's cores.</param>
    internal void Begin(ulong refusals, uint cores) => _refusals.Begin(refusals, cores);

    /// <summary>A number that no link had before.</summary>
    public ulong NextEpoch() => ++_lastEpoch;

    /// <summary>Makes a link between two members, unless there is one. The offers go out with <see cref="SendOffers"/>.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="pool">Where the rings come from.</param>
    /// <param name="first">The end that asks.</param>
    /// <param name="second">The other end.</param>
    /// <returns>False when there cannot be one: no room, no memory, or one that the asking end has let go of.</returns>
    [MustUse]
    public bool TryMake(ref InstanceState state, ref FramePool pool, uint first, uint second)
    {
        int free = -1;
        for (int i = 0; i < Limits.LinkRecordsMax; i++)
        {
            if (_records[i].Epoch == 0)
            {
                free = free < 0 ? i : free;
            }
            else if (_records[i].Has(first) && _records[i].Has(second))
            {
                return _records[i].IsHeldBy(first);
            }
        }

        if (free < 0 || pool.Take(2, ulong.MaxValue, out ulong rings) != FramePoolResult.Done)
        {
            return false;
        }

        FrameWindow window = FrameWindow.Over(in state.Map);
        PrepareRings(ref window, rings);
        window.Close();

        ref LinkRecord record = ref _records[free];
        record = default;
        record.Epoch = NextEpoch();
        record.Rings = rings;
        record.First = first;
        record.Second = second;
        record.OwesFirst = true;
        record.OwesSecond = true;
        _owesOffers = true;
        BootReport.Link(first, second, rings);
        return true;
    }

    /// <summary>Zeroes a pair of rings and frees their slots.</summary>
    [Trusted(Safety = "A ring fills the page that the window shows.")]
    public static unsafe void PrepareRings(ref FrameWindow window, ulong rings)
    {
        for (ulong ring = rings; ring < rings + (2 * ImageLayout.PageSizeBytes); ring += ImageLayout.PageSizeBytes)
        {
            Page* page = window.Open(ring);
            Page.Clear(page);
            RingMemory.Prepare((RingSlot*)page, RingSlot.PerPage);
        }
    }

    /// <summary>A member will not get a link that it has asked for. It is told with <see cref="SendOffers"/>.</summary>
    public void Refuse(uint member, uint peer)
    {
        _refusals[member].Add(peer);
        _owesOffers = true;
    }

    /// <summary>Sends the offers and refusals that are owed. What finds a ring full goes next time.</summary>
    /// <returns>Whether anything was sent.</returns>
    public bool SendOffers(in InstanceState state, in CoreList cores, in InstanceTable instances)
    {
        if (!_owesOffers)
        {
            return false;
        }

        bool sent = false;
        _owesOffers = false;
        for (int i = 0; i < Limits.LinkRecordsMax; i++)
        {
            ref LinkRecord record = ref _records[i];
            if (record.Epoch == 0)
            {
                continue;
            }

            if (record.OwesFirst && TryOffer(in state, in cores, in instances, in record, record.First, record.Second))
            {
                record.OwesFirst = false;
                sent = true;
            }

            if (record.OwesSecond && TryOffer(in state, in cores, in instances, in record, record.Second, record.First))
            {
                record.OwesSecond = false;
                sent = true;
            }

            _owesOffers |= record.OwesFirst || record.OwesSecond;
        }

        for (uint member = 0; member < cores.Count; member++)
        {
            sent |= SendRefusals(in state, member);
            _owesOffers |= !_refusals[member].IsEmpty;
        }

        return sent;
    }

    /// <summary>An end has let go of a link. What it says is untrusted: it can only let go of its own.</summary>
    public void Released(ref FramePool pool, ulong epoch, uint by)
    {
        for (int i = 0; i < Limits.LinkRecordsMax; i++)
        {
            if (_records[i].Epoch == epoch && epoch != 0 && _records[i].Has(by))
            {
                MarkGone(ref pool, ref _records[i], by);
            }
        }
    }

    /// <summary>A core was stopped: its ends are gone. An end that was never offered its link has nothing to let go of.</summary>
    public void Died(ref FramePool pool, uint core)
    {
        _refusals[core] = default;
        for (int i = 0; i < Limits.LinkRecordsMax; i++)
        {
            ref LinkRecord record = ref _records[i];
            if (record.Epoch == 0 || !record.Has(core))
            {
                continue;
            }

            uint other = record.First == core ? record.Second : record.First;
            if (record.Owes(other))
            {
                Refuse(other, core);
            }

            record.FirstGone |= record.OwesFirst;
            record.SecondGone |= record.OwesSecond;
            record.OwesFirst = false;
            record.OwesSecond = false;
            MarkGone(ref pool, ref record, core);
        }
    }

    /// <summary>Links that there are records of.</summary>
    public readonly uint Count()
    {
        uint count = 0;
        for (int i = 0; i < Limits.LinkRecordsMax; i++)
        {
            count += _records[i].Epoch != 0 ? 1u : 0;
        }

        return count;
    }

    /// <summary>Whether any living instance may still map a page of this core's links.</summary>
    public readonly bool Mentions(uint core)
    {
        for (int i = 0; i < Limits.LinkRecordsMax; i++)
        {
            if (_records[i].Epoch != 0 && _records[i].Has(core))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Rings every living instance that is linked with a core: its death is in its life word.</summary>
    public readonly void RingPeers(in InstanceState state, in CoreList cores, uint core)
    {
        for (int i = 0; i < Limits.LinkRecordsMax; i++)
        {
            if (_records[i].Epoch != 0 && _records[i].Has(core))
            {
                uint peer = _records[i].First == core ? _records[i].Second : _records[i].First;
                Ring(in state, in cores, peer);
            }
        }
    }

    /// <summary>Rings a core, whether it sleeps or not.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Ring(in InstanceState state, in CoreList cores, uint core) =>
        state.Apic.SendDoorbell(new ApicId(cores.ApicId((int)core)));

    private static bool TryOffer(
        in InstanceState state, in CoreList cores, in InstanceTable instances, in LinkRecord record, uint to, uint peer)
    {
        bool isFirst = record.First == to;
        ref readonly InstanceEntry other = ref instances[(int)peer];
        LinkOffer offer = default;
        offer.Peer = peer;
        offer.PeerApicId = cores.ApicId((int)peer);
        offer.Send = record.Rings + (isFirst ? 0 : ImageLayout.PageSizeBytes);
        offer.Receive = record.Rings + (isFirst ? ImageLayout.PageSizeBytes : 0);
        offer.Status = other.Plan.AddressOf(PageKind.Status);
        offer.Life = LifeWord.Of(other.Incarnation, InstanceLifecycle.Healthy);
        offer.Epoch = record.Epoch;
        LinkMessage grant = LinkOfferMessage.Encode(Grants.Of(in other, peer));
        LinkMessage message = LinkOfferMessage.Encode(in offer);

        // If the second finds no room both go again: what a peer was granted can be said twice.
        return (other.Grant.Base == 0 || LinkTable.TrySend(in state, to, ref grant)) && LinkTable.TrySend(in state, to, ref message);
    }

    private bool SendRefusals(in InstanceState state, uint member)
    {
        ref CoreSet refusals = ref _refusals[member];
        bool sent = false;
        for (uint peer = 0; !refusals.IsEmpty && peer < Limits.InstanceCountMax; peer++)
        {
            if (!refusals.Has(peer))
            {
                continue;
            }

            LinkMessage message = default;
            message.Kind = (uint)KernelMessage.LinkUnavailable;
            message.Argument0 = peer;
            if (!LinkTable.TrySend(in state, member, ref message))
            {
                break;
            }

            refusals.Remove(peer);
            sent = true;
        }

        return sent;
    }

    private static void MarkGone(ref FramePool pool, ref LinkRecord record, uint core)
    {
        record.FirstGone |= record.First == core;
        record.SecondGone |= record.Second == core;
        if (record.FirstGone && record.SecondGone)
        {
            pool.GiveOrLose(record.Rings, 2);
            record = default;
        }
    }

    [NonCopyable]
    [InlineArray(Limits.LinkRecordsMax)]
    private struct Records
    {
        private LinkRecord _record0;
    }
}
