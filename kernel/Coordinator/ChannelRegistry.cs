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
    // Of an epoch: more than 4096 ends on each of 255 cores.
    private const int IndexBits = 24;
    private const uint IndexMask = (1 << IndexBits) - 1;

    // Records that are told in vain, as a ring is full, before others have their turn.
    private const uint VainMax = 16;

    private ChannelRecords _records;
    private WaitingEnds _waiting;

    // By core.
    private ObjectArray<uint> _ends;
    private uint _endsPerCore;
    private ulong _lastEpoch;

    /// <summary>Records to look at: those beyond were never used.</summary>
    public readonly uint Used => _records.Used;

    /// <summary>A record.</summary>
    /// <param name="index">Below <see cref="Used"/>.</param>
    public readonly ref readonly ChannelRecord this[uint index] => ref _records[index];

    /// <summary>Bytes of records for a machine, and of what finds them.</summary>
    /// <param name="cores">Its cores.</param>
    /// <param name="endsPerCore">Ends that each may have.</param>
    public static ulong BytesFor(uint cores, uint endsPerCore) =>
        ((ulong)cores * endsPerCore * ChannelRecord.SizeBytes) + WaitingEnds.SizeBytes + (cores * (ulong)sizeof(uint));

    /// <summary>Begins.</summary>
    /// <param name="address">Memory in the window; it need not be zeroed.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="endsPerCore">Ends that each may have.</param>
    public void Begin(ulong address, uint cores, uint endsPerCore)
    {
        _records.Begin(address, cores * endsPerCore);
        _endsPerCore = endsPerCore;
        address += (ulong)cores * endsPerCore * ChannelRecord.SizeBytes;
        _waiting.Begin(address);
        _ends.Begin(address + WaitingEnds.SizeBytes, cores);
        for (uint core = 0; core < cores; core++)
        {
            _ends[core] = 0;
        }
    }

    /// <summary>Whether <see cref="SendAnswers"/> has anything to tell.</summary>
    public readonly bool OwesAnswers => _records.OwingCount != 0;

    /// <summary>An end asks. If the other has asked before, the channel is made; the answers go out with <see cref="SendAnswers"/>.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="pool">Where the pages come from.</param>
    /// <param name="asking">The end. Its number is untrusted: it is only told back to that core.</param>
    /// <param name="peer">Core of the other end.</param>
    /// <param name="name">From that end.</param>
    /// <param name="isThere">Whether the machine has that core. Whether it lives is not asked: a core that is dead may be started again, and its program finds who waits for it.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Ask(ref InstanceState state, ref FramePool pool, ChannelEnd asking, uint peer, ulong name, bool isThere)
    {
        if (asking.Core >= _ends.Count || _ends[asking.Core] >= _endsPerCore)
        {
            // No honest kernel has so many: nobody waits for the answer.
            return;
        }

        _ends[asking.Core]++;
        uint match = _waiting.Find(ref _records, peer, asking.Core, name, ChannelRecords.None);
        if (match != ChannelRecords.None)
        {
            _waiting.Remove(ref _records, match);
            Join(ref state, ref pool, match, asking);
            return;
        }

        uint index = _records.Take();
        ref ChannelRecord record = ref _records[index];
        record.Name = name;
        record.First = asking;
        record.Second.Core = peer;
        if (!isThere)
        {
            Refuse(index);
            return;
        }

        record.Stage = ChannelStage.Waiting;
        _waiting.Add(ref _records, index);
    }

    /// <summary>An end does not want its channel any more. If that was made meanwhile, its answer is under way, and it will give it back.</summary>
    /// <param name="core">Its core.</param>
    /// <param name="number">Its number there. Untrusted, as all else: it can only take back what this core has asked for.</param>
    /// <param name="peer">Core of the other end.</param>
    /// <param name="name">What it has asked for.</param>
    public void Cancel(uint core, uint number, uint peer, ulong name)
    {
        uint index = _waiting.Find(ref _records, core, peer, name, number);
        if (index != ChannelRecords.None)
        {
            _waiting.Remove(ref _records, index);
            Refuse(index);
        }
    }

    /// <summary>An end has let go of its pages. What it says is untrusted: it can only let go of its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Released(ref FramePool pool, ulong epoch, uint core, uint number)
    {
        // Which record it is, is in the epoch.
        uint index = (uint)epoch & IndexMask;
        if (index >= _records.Used || _records[index].Stage != ChannelStage.Made || _records[index].Epoch != epoch)
        {
            return;
        }

        ref ChannelRecord record = ref _records[index];
        if (record.First.TryLetGo(core, number) || record.Second.TryLetGo(core, number))
        {
            _ends[core]--;
            EndIfGone(ref pool, index);
        }
    }

    /// <summary>A core was stopped: its ends are gone. Who waits for it waits for its next life, as it would if it had asked later.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Died(ref FramePool pool, uint core)
    {
        for (uint index = 0; index < _records.Used; index++)
        {
            ref ChannelRecord record = ref _records[index];
            switch (record.Stage)
            {
                case ChannelStage.Made when record.Involves(core):
                    Bury(ref pool, index, core);
                    break;
                case ChannelStage.Waiting when record.First.Core == core:
                    _waiting.Remove(ref _records, index);
                    Free(index);
                    break;
                case ChannelStage.Refused when record.First.Core == core:
                    Free(index);
                    break;
            }
        }
    }

    /// <summary>Tells what became of requests. What finds a ring full goes next time.</summary>
    /// <returns>Whether anything was told.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool SendAnswers(ref InstanceState state)
    {
        bool sent = false;
        uint vain = 0;
        for (uint left = _records.OwingCount; left != 0 && vain < VainMax; left--)
        {
            uint index = _records.TakeOwing();
            ref ChannelRecord record = ref _records[index];
            bool told = ChannelAnswers.TryTell(ref state, ref record);
            sent |= told;
            vain += told ? 0u : 1;
            if (record.OwesAnything)
            {
                _records.Owe(index);
            }
            else if (record.Stage != ChannelStage.Made)
            {
                Free(index);
            }
        }

        return sent;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Join(ref InstanceState state, ref FramePool pool, uint index, ChannelEnd second)
    {
        ref ChannelRecord record = ref _records[index];
        if (pool.Take(Abi.ChannelPage.PagesOfAnEnd, ulong.MaxValue, out ulong pages) != FramePoolResult.Done)
        {
            Refuse(index);
            uint own = _records.Take();
            _records[own].First = second;
            Refuse(own);
            return;
        }

        FrameWindow window = FrameWindow.Over(in state.Map);
        Prepare(ref window, pages);
        window.Close();
        record.Pages = pages;
        record.Epoch = (++_lastEpoch << IndexBits) | index;
        record.Second = second;
        record.Stage = ChannelStage.Made;
        record.First.OwesAnswer = true;
        record.Second.OwesAnswer = true;
        _records.Owe(index);
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
    private void Bury(ref FramePool pool, uint index, uint core)
    {
        ref ChannelRecord record = ref _records[index];
        Bury(ref record.First, core);
        Bury(ref record.Second, core);
        EndIfGone(ref pool, index);
    }

    private void Bury(ref ChannelEnd end, uint core)
    {
        if (end.Core == core && !end.IsGone)
        {
            end.IsGone = true;
            _ends[core]--;
        }

        end.OwesAnswer &= !end.IsGone;
    }

    // The end that is left hears of it on the link on which it heard of the channel, so in that order.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndIfGone(ref FramePool pool, uint index)
    {
        ref ChannelRecord record = ref _records[index];
        if (record.First.IsGone && record.Second.IsGone)
        {
            pool.GiveOrLose(record.Pages, Abi.ChannelPage.PagesOfAnEnd);
            Free(index);
            return;
        }

        record.First.OwesFarewell = record.Second.IsGone;
        record.Second.OwesFarewell = record.First.IsGone;
        if (record.OwesAnything)
        {
            _records.Owe(index);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(uint index)
    {
        _records[index].Stage = ChannelStage.Refused;
        _records[index].First.OwesAnswer = true;
        _records.Owe(index);
    }

    // A request counts among the ends of who asks; ends of a channel are counted where they go.
    private void Free(uint index)
    {
        ref ChannelRecord record = ref _records[index];
        if (record.Stage is ChannelStage.Waiting or ChannelStage.Refused)
        {
            _ends[record.First.Core]--;
        }

        _records.Free(index);
    }
}
