using System.Runtime.CompilerServices;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Mm;
using Atoll.Programs;
using Atoll.Provision;

namespace Atoll.Coordinator;

/// <summary>Makes channels: joins two ends that have named each other, and keeps their pages until both have let go.</summary>
/// <remarks>
/// The pages are nobody's of the two: whichever core dies, the other's program goes on touching memory that is there. They are used again only after both ends are gone: given back
/// by a living kernel, or stopped by INIT. A core has as many records as it may have ends, so none can take another's.
/// </remarks>
[NonCopyable]
public struct ChannelRegistry
{
    private const uint None = uint.MaxValue;

    private ObjectArray<ChannelRecord> _records;
    private uint _used;
    private uint _endsPerCore;
    private ulong _lastEpoch;
    private bool _owesAnswers;

    /// <summary>Records to look at: those beyond were never used.</summary>
    public readonly uint Used => _used;

    /// <summary>A record.</summary>
    /// <param name="index">Below <see cref="Used"/>.</param>
    public readonly ref readonly ChannelRecord this[uint index] => ref _records[index];

    /// <summary>Bytes of records for a machine.</summary>
    /// <param name="cores">Its cores.</param>
    /// <param name="endsPerCore">Ends that each may have.</param>
    public static ulong BytesFor(uint cores, uint endsPerCore) => (ulong)cores * endsPerCore * ChannelRecord.SizeBytes;

    /// <summary>Begins.</summary>
    /// <param name="address">Memory in the window; it need not be zeroed.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="endsPerCore">Ends that each may have.</param>
    public void Begin(ulong address, uint cores, uint endsPerCore)
    {
        _records.Begin(address, cores * endsPerCore);
        _endsPerCore = endsPerCore;
    }

    /// <summary>An end asks. If the other has asked before, the channel is made; the answers go out with <see cref="SendAnswers"/>.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="pool">Where the pages come from.</param>
    /// <param name="asking">The end. Its number is untrusted: it is only told back to that core.</param>
    /// <param name="peer">Core of the other end.</param>
    /// <param name="name">From that end.</param>
    /// <param name="canCome">Whether that core lives, or may still come up.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Ask(ref InstanceState state, ref FramePool pool, ChannelEnd asking, uint peer, ulong name, bool canCome)
    {
        if (EndsOf(asking.Core) >= _endsPerCore)
        {
            // No honest kernel has so many: nobody waits for the answer.
            return;
        }

        uint match = FindWaiting(asking.Core, peer, name);
        if (match != None)
        {
            Join(ref state, ref pool, ref _records[match], asking);
            return;
        }

        ref ChannelRecord record = ref Take();
        record.Name = name;
        record.First = asking;
        record.Second.Core = peer;
        record.Stage = ChannelStage.Waiting;
        if (!canCome)
        {
            Refuse(ref record);
        }
    }

    /// <summary>An end does not want its channel any more. If that was made meanwhile, its answer is under way, and it will give it back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Cancel(uint core, uint number)
    {
        for (uint index = 0; index < _used; index++)
        {
            if (_records[index].Stage == ChannelStage.Waiting && _records[index].First.Is(core, number))
            {
                Refuse(ref _records[index]);
                return;
            }
        }
    }

    /// <summary>An end has let go of its pages. What it says is untrusted: it can only let go of its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Released(ref FramePool pool, ulong epoch, uint core, uint number)
    {
        for (uint index = 0; index < _used; index++)
        {
            ref ChannelRecord record = ref _records[index];
            if (record.Stage == ChannelStage.Made && record.Epoch == epoch)
            {
                if (record.First.TryLetGo(core, number) || record.Second.TryLetGo(core, number))
                {
                    EndIfGone(ref pool, ref record);
                }
            }
        }
    }

    /// <summary>A core was stopped: its ends are gone, and who waits for it waits in vain.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Died(ref FramePool pool, uint core)
    {
        for (uint index = 0; index < _used; index++)
        {
            ref ChannelRecord record = ref _records[index];
            switch (record.Stage)
            {
                case ChannelStage.Made when record.Involves(core):
                    Bury(ref pool, ref record, core);
                    break;
                case ChannelStage.Waiting or ChannelStage.Refused when record.First.Core == core:
                    record = default;
                    break;
                case ChannelStage.Waiting when record.Second.Core == core:
                    Refuse(ref record);
                    break;
            }
        }
    }

    /// <summary>Tells what became of requests. What finds a ring full goes next time.</summary>
    /// <returns>Whether anything was told.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool SendAnswers(ref InstanceState state)
    {
        if (!_owesAnswers)
        {
            return false;
        }

        bool sent = false;
        _owesAnswers = false;
        for (uint index = 0; index < _used; index++)
        {
            ref ChannelRecord record = ref _records[index];
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

            _owesAnswers |= record.First.OwesAnswer || record.Second.OwesAnswer || record.First.OwesFarewell || record.Second.OwesFarewell;
            if (record.Stage == ChannelStage.Refused && !record.First.OwesAnswer)
            {
                record = default;
            }
        }

        return sent;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Join(ref InstanceState state, ref FramePool pool, ref ChannelRecord record, ChannelEnd second)
    {
        if (pool.Take(Abi.ChannelPage.PagesOfAnEnd, ulong.MaxValue, out ulong pages) != FramePoolResult.Done)
        {
            Refuse(ref record);
            ref ChannelRecord own = ref Take();
            own.First = second;
            Refuse(ref own);
            return;
        }

        FrameWindow window = FrameWindow.Over(in state.Map);
        Prepare(ref window, pages);
        window.Close();
        record.Pages = pages;
        record.Epoch = ++_lastEpoch;
        record.Second = second;
        record.Stage = ChannelStage.Made;
        record.First.OwesAnswer = true;
        record.Second.OwesAnswer = true;
        _owesAnswers = true;
    }

    [Trusted(Safety = "A ring of half a page fits into the page that the window shows.")]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void Prepare(ref FrameWindow window, ulong pages)
    {
        for (ulong at = pages; at < pages + (Abi.ChannelPage.PagesOfAnEnd * Abi.ImageLayout.PageSizeBytes); at += Abi.ImageLayout.PageSizeBytes)
        {
            Page* page = window.Open(at);
            Page.Clear(page);
            RingMemory.Prepare((Abi.RingSlot*)page, Abi.ChannelPage.SlotCount);
        }
    }

    // An end that was not told yet hears that there is a channel, and then that the other end is gone.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Bury(ref FramePool pool, ref ChannelRecord record, uint core)
    {
        record.First.IsGone |= record.First.Core == core;
        record.Second.IsGone |= record.Second.Core == core;
        record.First.OwesAnswer &= !record.First.IsGone;
        record.Second.OwesAnswer &= !record.Second.IsGone;
        EndIfGone(ref pool, ref record);
    }

    // The end that is left hears of it on the link on which it heard of the channel, so in that order.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndIfGone(ref FramePool pool, ref ChannelRecord record)
    {
        if (record.First.IsGone && record.Second.IsGone)
        {
            pool.GiveOrLose(record.Pages, Abi.ChannelPage.PagesOfAnEnd);
            record = default;
            return;
        }

        record.First.OwesFarewell = record.Second.IsGone;
        record.Second.OwesFarewell = record.First.IsGone;
        _owesAnswers |= record.First.OwesFarewell || record.Second.OwesFarewell;
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
    private void Refuse(ref ChannelRecord record)
    {
        record.Stage = ChannelStage.Refused;
        record.First.OwesAnswer = true;
        _owesAnswers = true;
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
        return TryTell(ref state, to.Core, in offer, record.Stage == ChannelStage.Made);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryTell(ref InstanceState state, uint core, ref readonly ChannelOffer offer, bool isMade)
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly uint FindWaiting(uint core, uint peer, ulong name)
    {
        for (uint index = 0; index < _used; index++)
        {
            ref readonly ChannelRecord record = ref _records[index];
            if (record.Stage == ChannelStage.Waiting && record.First.Core == peer && record.Second.Core == core && record.Name == name)
            {
                return index;
            }
        }

        return None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly uint EndsOf(uint core)
    {
        uint ends = 0;
        for (uint index = 0; index < _used; index++)
        {
            ends += _records[index].EndsOn(core);
        }

        return ends;
    }

    // There is one: each record has an end, and no core more ends than its share.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref ChannelRecord Take()
    {
        for (uint index = 0; index < _used; index++)
        {
            if (_records[index].Stage == ChannelStage.Free)
            {
                return ref _records[index];
            }
        }

        ref ChannelRecord record = ref _records[_used++];
        record = default;
        return ref record;
    }
}
