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
    private const uint Heads = 1024;

    // Of an epoch: more than 4096 ends on each of 255 cores.
    private const int IndexBits = 24;
    private const uint IndexMask = (1 << IndexBits) - 1;

    // Records that are told in vain, as a ring is full, before others have their turn.
    private const uint VainMax = 16;

    private ObjectArray<ChannelRecord> _records;

    // One more than the index of the first record that waits, by a hash of what it is asked for; 0: none.
    private ObjectArray<uint> _waiting;

    // By core.
    private ObjectArray<uint> _ends;
    private uint _used;
    private uint _free;
    private uint _owing;
    private uint _lastOwing;
    private uint _owingCount;
    private uint _endsPerCore;
    private ulong _lastEpoch;

    /// <summary>Records to look at: those beyond were never used.</summary>
    public readonly uint Used => _used;

    /// <summary>A record.</summary>
    /// <param name="index">Below <see cref="Used"/>.</param>
    public readonly ref readonly ChannelRecord this[uint index] => ref _records[index];

    /// <summary>Bytes of records for a machine, and of what finds them.</summary>
    /// <param name="cores">Its cores.</param>
    /// <param name="endsPerCore">Ends that each may have.</param>
    public static ulong BytesFor(uint cores, uint endsPerCore) =>
        ((ulong)cores * endsPerCore * ChannelRecord.SizeBytes) + ((Heads + cores) * (ulong)sizeof(uint));

    /// <summary>Begins.</summary>
    /// <param name="address">Memory in the window; it need not be zeroed.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="endsPerCore">Ends that each may have.</param>
    public void Begin(ulong address, uint cores, uint endsPerCore)
    {
        _records.Begin(address, cores * endsPerCore);
        _endsPerCore = endsPerCore;
        address += (ulong)cores * endsPerCore * ChannelRecord.SizeBytes;
        _waiting.Begin(address, Heads);
        Clear(ref _waiting);
        _ends.Begin(address + (Heads * sizeof(uint)), cores);
        Clear(ref _ends);
    }

    /// <summary>Whether <see cref="SendAnswers"/> has anything to tell.</summary>
    public readonly bool OwesAnswers => _owingCount != 0;

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
        if (asking.Core >= _ends.Count || _ends[asking.Core] >= _endsPerCore)
        {
            // No honest kernel has so many: nobody waits for the answer.
            return;
        }

        _ends[asking.Core]++;
        uint match = FindWaiting(peer, asking.Core, name, None);
        if (match != None)
        {
            Unhook(match);
            Join(ref state, ref pool, match, asking);
            return;
        }

        uint index = Take();
        ref ChannelRecord record = ref _records[index];
        record.Name = name;
        record.First = asking;
        record.Second.Core = peer;
        if (!canCome)
        {
            Refuse(index);
            return;
        }

        ref uint head = ref Head(asking.Core, peer, name);
        record.Stage = ChannelStage.Waiting;
        record.Next = head;
        head = index + 1;
    }

    /// <summary>An end does not want its channel any more. If that was made meanwhile, its answer is under way, and it will give it back.</summary>
    /// <param name="core">Its core.</param>
    /// <param name="number">Its number there. Untrusted, as all else: it can only take back what this core has asked for.</param>
    /// <param name="peer">Core of the other end.</param>
    /// <param name="name">What it has asked for.</param>
    public void Cancel(uint core, uint number, uint peer, ulong name)
    {
        uint index = FindWaiting(core, peer, name, number);
        if (index != None)
        {
            Unhook(index);
            Refuse(index);
        }
    }

    /// <summary>An end has let go of its pages. What it says is untrusted: it can only let go of its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Released(ref FramePool pool, ulong epoch, uint core, uint number)
    {
        // Which record it is, is in the epoch.
        uint index = (uint)epoch & IndexMask;
        if (index >= _used || _records[index].Stage != ChannelStage.Made || _records[index].Epoch != epoch)
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
                    Bury(ref pool, index, core);
                    break;
                case ChannelStage.Waiting when record.First.Core == core:
                    Unhook(index);
                    Free(index);
                    break;
                case ChannelStage.Refused when record.First.Core == core:
                    Free(index);
                    break;
                case ChannelStage.Waiting when record.Second.Core == core:
                    Unhook(index);
                    Refuse(index);
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
        for (uint left = _owingCount; left != 0 && vain < VainMax; left--)
        {
            uint index = TakeOwing();
            ref ChannelRecord record = ref _records[index];
            bool told = Tell(ref state, ref record);
            sent |= told;
            vain += told ? 0u : 1;
            if (record.OwesAnything)
            {
                Owe(index);
            }
            else if (record.Stage != ChannelStage.Made)
            {
                Free(index);
            }
        }

        return sent;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Tell(ref InstanceState state, ref ChannelRecord record)
    {
        bool sent = false;
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

        return sent;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Join(ref InstanceState state, ref FramePool pool, uint index, ChannelEnd second)
    {
        ref ChannelRecord record = ref _records[index];
        if (pool.Take(Abi.ChannelPage.PagesOfAnEnd, ulong.MaxValue, out ulong pages) != FramePoolResult.Done)
        {
            Refuse(index);
            uint own = Take();
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
        Owe(index);
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
            Owe(index);
        }
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
    private void Refuse(uint index)
    {
        _records[index].Stage = ChannelStage.Refused;
        _records[index].First.OwesAnswer = true;
        Owe(index);
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

    // An end there that waits for one here by that name; of that number, if one is given.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly uint FindWaiting(uint core, uint peer, ulong name, uint number)
    {
        if (_waiting.Count == 0)
        {
            // There are no channels in a machine without programs, whatever a member says.
            return None;
        }

        for (uint place = Head(core, peer, name); place != 0; place = _records[place - 1].Next)
        {
            ref readonly ChannelRecord record = ref _records[place - 1];
            bool isIt = record.First.Core == core && record.Second.Core == peer && record.Name == name;
            if (isIt && (number == None || record.First.Number == number))
            {
                return place - 1;
            }
        }

        return None;
    }

    // Takes a record out of those that wait.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Unhook(uint index)
    {
        ref ChannelRecord record = ref _records[index];
        ref uint place = ref Head(record.First.Core, record.Second.Core, record.Name);
        while (place != index + 1)
        {
            place = ref _records[place - 1].Next;
        }

        place = record.Next;
    }

    // Names of a system are numbers one after the other, and most channels lead from a core to few others.
    private readonly ref uint Head(uint core, uint peer, ulong name) => ref _waiting[((uint)name + (core * 31) + (peer * 61)) % Heads];

    private void Owe(uint index)
    {
        ref ChannelRecord record = ref _records[index];
        if (record.IsListed)
        {
            return;
        }

        record.IsListed = true;
        if (_owingCount++ == 0)
        {
            _owing = index + 1;
        }
        else
        {
            _records[_lastOwing].NextOwing = index + 1;
        }

        _lastOwing = index;
    }

    // What is still in the list of those to be told is free when its turn comes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Free(uint index)
    {
        ref ChannelRecord record = ref _records[index];
        if (record.Stage is ChannelStage.Waiting or ChannelStage.Refused)
        {
            _ends[record.First.Core]--;
        }

        bool isListed = record.IsListed;
        uint nextOwing = record.NextOwing;
        record = default;
        record.IsListed = isListed;
        record.NextOwing = nextOwing;
        if (!isListed)
        {
            record.Next = _free;
            _free = index + 1;
        }
    }

    // There is one: each record has an end, and no core more ends than its share; or its turn in the list has not come.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Take()
    {
        if (_free == 0 && _used == _records.Count)
        {
            Sift();
        }

        if (_free == 0)
        {
            _records[_used] = default;
            return _used++;
        }

        uint index = _free - 1;
        _free = _records[index].Next;
        _records[index].Next = 0;
        return index;
    }

    // Lets go of those that stand in the list and have nobody to be told any more.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Sift()
    {
        for (uint left = _owingCount; left != 0; left--)
        {
            uint index = TakeOwing();
            if (_records[index].Stage == ChannelStage.Free)
            {
                Free(index);
            }
            else
            {
                Owe(index);
            }
        }
    }

    private uint TakeOwing()
    {
        uint index = _owing - 1;
        _owing = _records[index].NextOwing;
        _owingCount--;
        _records[index].IsListed = false;
        return index;
    }

    private static void Clear(ref ObjectArray<uint> numbers)
    {
        for (uint index = 0; index < numbers.Count; index++)
        {
            numbers[index] = 0;
        }
    }
}
