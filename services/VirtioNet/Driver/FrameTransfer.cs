using System;
using System.Numerics;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>What a turn leaves.</summary>
public struct TurnOutcome
{
    /// <summary>What the device has said last: a lie ends the turn.</summary>
    public QueueTake Device;

    /// <summary>The device wants to be told of buffers for what it receives.</summary>
    public bool NotifiesReceive;

    /// <summary>The device wants to be told of frames to send.</summary>
    public bool NotifiesSend;

    /// <summary>The budget was used up: there may be more to do at once.</summary>
    public bool HasMore;

    /// <summary>Whether the device has kept to the rules.</summary>
    public readonly bool IsHonest => Device is QueueTake.None or QueueTake.Taken;
}

/// <summary>Moves buffers between the rings of stacks and a device's queues. It believes neither side; of a frame it reads which stack it is for.</summary>
/// <remarks>
/// Each buffer has one owner: a stack cannot give what it does not have. No turn moves more than a budget each way, however much comes, and stacks that send take turns, a frame each.
/// </remarks>
public struct FrameTransfer
{
    /// <summary>Buffers each way in a turn: what the device takes at once.</summary>
    public const int Budget = Virtqueue.BuffersMax;

    /// <summary>Most stacks.</summary>
    public const uint StacksMax = LaneTable.Most;

    /// <summary>A bit for each of them.</summary>
    public const uint AllStacks = (1u << (int)StacksMax) - 1;

    // Ethernet's header: less is no frame.
    private const int FrameBytesMin = 14;

    private const int FillParts = 8;

    private Virtqueue _receive;
    private Virtqueue _send;
    private LaneTable _lanes;
    private ReceivePool _pool;
    private NeighborNews _neighbors;
    private AdoptedFlows _adopted;
    private MemoryRegion _flows;
    private MemoryRegion _received;
    private ulong _packets;
    private uint _shares;
    private uint _nextToSend;
    private uint _news;
    private bool _holds;
    private TransferCounters _counters;

    /// <summary>What was counted.</summary>
    public readonly TransferCounters Counters => _counters;

    /// <summary>ARP replies that came.</summary>
    public readonly int NeighborCount => _neighbors.Count;

    /// <summary>One of them.</summary>
    public readonly RingMessage NeighborAt(int index) => _neighbors.At(index);

    /// <summary>Begins: no stack is there, and the device has no buffer.</summary>
    /// <param name="packets">Physical address of the first buffer of what comes; the others follow it.</param>
    /// <param name="received">These buffers.</param>
    /// <param name="shares">Stacks that there may be.</param>
    /// <param name="flows">Memory that outlives the driver, for connections that are not where their share is: <see cref="AdoptedFlows.Words"/> at least, of 0 at first.</param>
    public void Begin(ulong packets, MemoryRegion received, uint shares, MemoryRegion flows)
    {
        this = default;
        _packets = packets;
        _received = received;
        _shares = shares < StacksMax ? shares : StacksMax;
        _pool.Begin(_shares);
        _flows = flows;
        _adopted.Begin(_flows.LongWords);
    }

    /// <summary>From now on the device is told that the buffers of what comes lie elsewhere. No driver does this but one in a test, which must be stopped.</summary>
    /// <param name="packets">Physical address of the first.</param>
    public void Misplace(ulong packets) => _packets = packets;

    /// <summary>A stack begins: its rings are empty from now on, and the driver has none of its buffers.</summary>
    /// <param name="lane">Its share.</param>
    /// <param name="memory">Rings, and what it sends.</param>
    /// <param name="packets">Physical address of the first buffer of what it sends.</param>
    /// <returns>False: the device has still something of its earlier life.</returns>
    public bool TryOpen(uint lane, MemoryRegion memory, ulong packets)
    {
        ref Lane opened = ref _lanes[(int)lane];
        if (opened.Sending != 0)
        {
            return false;
        }

        opened = default;
        opened.Memory = memory;
        opened.Packets = packets;
        opened.IsOpen = true;
        LinkPage.SetHolds(memory, _holds);
        LinkPage.SetServes(memory, serves: false);
        FrameRing.Clear(LinkPage.Empty(memory));
        FrameRing.Clear(LinkPage.Received(memory));
        FrameRing.Clear(LinkPage.ToSend(memory));
        FrameRing.Clear(LinkPage.Sent(memory));
        return true;
    }

    /// <summary>A stack is gone: what it had received and not given back is good for the next. Its flows go to the others, which do not know them.</summary>
    public void Close(uint lane)
    {
        _lanes[(int)lane].IsOpen = false;
        _news &= ~(1u << (int)lane);
        _pool.ReturnAll(lane);
        _adopted.RemoveAll(_flows.LongWords, lane);
    }

    /// <summary>Whether frames are left with the device, because every stack is behind.</summary>
    public readonly bool Holds => _holds;

    /// <summary>Stacks that have something new to see, a bit each; asked once.</summary>
    public uint TakeNews()
    {
        uint news = _news;
        _news = 0;
        return news;
    }

    /// <summary>Whether a stack has put something into its rings, or has taken what frames wait for that were left with the device.</summary>
    public readonly bool HasWork(uint lane)
    {
        ref readonly Lane asked = ref _lanes[(int)lane];
        return asked.IsOpen
            && (asked.ToSend.HasNext(LinkPage.ToSend(asked.Memory)) || asked.Empty.HasNext(LinkPage.Empty(asked.Memory)) || (_holds && !asked.IsBehind));
    }

    /// <summary>The ARP replies were passed on.</summary>
    public void ClearNeighbors() => _neighbors.Clear();

    /// <summary>Begins the queue of what is received. The device was reset: what it had is given to it again.</summary>
    public void BeginReceive(Span<uint> page, ulong address, int size, bool hasEvents)
    {
        while (_receive.TryRecall(out uint buffer))
        {
            _pool.Free(buffer);
        }

        _receive.Begin(page, address, size, isWritten: true, LinkPage.FrameBytesMax, hasEvents);
    }

    /// <summary>Begins the queue of what is sent. The device was reset; frames that it had are lost, as frames may be.</summary>
    public void BeginSend(Span<uint> page, ulong address, int size, bool hasEvents)
    {
        while (_send.TryRecall(out uint buffer))
        {
            GiveBack(buffer);
        }

        _send.Begin(page, address, size, isWritten: false, LinkPage.FrameBytesMax, hasEvents);
    }

    /// <summary>Moves what is to be moved.</summary>
    /// <param name="receivePage">Page of the queue of what is received.</param>
    /// <param name="sendPage">Page of the queue of what is sent.</param>
    /// <param name="stacks">Stacks that are looked at, a bit each: others have said nothing.</param>
    /// <param name="receives">Whether is looked at what came: else the device has not interrupted.</param>
    public TurnOutcome Turn(Span<uint> receivePage, Span<uint> sendPage, uint stacks, bool receives)
    {
        TurnOutcome outcome = default;
        outcome.Device = receives ? TakeReceived(receivePage, ref outcome) : QueueTake.None;
        outcome.Device = outcome.IsHonest ? TakeSent(sendPage, ref outcome) : outcome.Device;
        if (outcome.IsHonest)
        {
            TakeEmpty(stacks);
            if (IsFillDue())
            {
                Fill(receivePage);
                outcome.NotifiesReceive = _receive.Publish(receivePage);
            }

            if (stacks != 0)
            {
                TakeToSend(sendPage, stacks, ref outcome);
                outcome.NotifiesSend = _send.Publish(sendPage);
            }
        }

        return outcome;
    }

    /// <summary>
    /// Wants interrupts: there is nothing to do. Of frames that went only when a stack may be waiting for their buffers: frames find no place in the queue, or
    /// with those that it was not told of, which are less than <see cref="LinkPage.Untold"/>, the device may have all of a stack's. Of frames that came none as
    /// long as all stacks are behind: then they are told that the driver waits for them.
    /// </summary>
    /// <param name="receivePage">Page of the queue of what is received.</param>
    /// <param name="sendPage">Page of the queue of what is sent.</param>
    /// <param name="receives">Whether was looked at what came: else the interrupt is wanted already.</param>
    /// <returns>False: there is something to do after all.</returns>
    public bool TryRest(Span<uint> receivePage, Span<uint> sendPage, bool receives)
    {
        if (receives)
        {
            Hold(!MayReceive());
            if (!_holds && !_receive.TryArm(receivePage))
            {
                return false;
            }
        }

        return (_send.HasRoom && _send.Count <= LinkPage.Untold) || _send.TryArm(sendPage);
    }

    // Whoever looks for it has taken frames before, with a fence between; and the driver looks for that with a fence behind this (HasWork).
    private void Hold(bool holds)
    {
        for (uint share = 0; share < _shares && holds != _holds; share++)
        {
            ref readonly Lane lane = ref _lanes[(int)share];
            if (lane.IsOpen)
            {
                LinkPage.SetHolds(lane.Memory, holds);
            }
        }

        _holds = holds;
    }

    // What nobody has room for the device drops, which costs nothing; what is taken costs its way up, at a higher priority than that of those who are behind. One
    // stack that is behind does not stop the others.
    private readonly bool MayReceive()
    {
        bool mayReceive = false;
        for (uint share = 0; share < _shares && !mayReceive; share++)
        {
            ref readonly Lane lane = ref _lanes[(int)share];
            mayReceive = lane.IsOpen && !lane.IsBehind;
        }

        return mayReceive;
    }

    private QueueTake TakeReceived(Span<uint> page, ref TurnOutcome outcome)
    {
        if (!MayReceive())
        {
            return QueueTake.None;
        }

        QueueTake result = QueueTake.Taken;
        int moved = 0;
        for (; moved < Budget; moved++)
        {
            result = _receive.TryTake(page, out uint buffer, out int bytes);
            if (result != QueueTake.Taken)
            {
                break;
            }

            if (bytes < FrameBytesMin || !TryDeliver(buffer, bytes))
            {
                // No frame, or nobody who takes it: the buffer is good for the next.
                _counters.Refused++;
                _pool.Free(buffer);
            }
        }

        outcome.HasMore |= moved == Budget;
        return result;
    }

    private bool TryDeliver(uint buffer, int bytes)
    {
        uint share = 0;
        if (_shares > 1)
        {
            ReadOnlySpan<byte> frame = LinkPage.ReceiveBuffer(_received, buffer).Slice(0, bytes);
            FrameFlow flow = FlowSteering.Of(frame, _shares);
            share = StackOf(in flow);
            if (FlowSteering.IsArpReply(frame))
            {
                _neighbors.Add(LinkMessage.NeighborOf(frame));
            }
        }

        ref Lane lane = ref _lanes[(int)share];
        if (!lane.IsOpen || !_pool.MayGive(share) || !lane.Received.TryPut(LinkPage.Received(lane.Memory), buffer, bytes))
        {
            return false;
        }

        _pool.Give(buffer, share);
        _counters.Received++;
        _news |= 1u << (int)share;
        return true;
    }

    // Callers go to a stack over which somebody listens, and the connections that they began stay there. All else is the share's.
    private uint StackOf(ref readonly FrameFlow flow)
    {
        if (flow.Caller == 0)
        {
            return Next(flow.Share, serves: false);
        }

        Span<ulong> flows = _flows.LongWords;
        if (_adopted.TryFind(flows, flow.Caller, out uint stack) && stack < _shares && _lanes[(int)stack].IsOpen)
        {
            return stack;
        }

        stack = Next(flow.Share, serves: true);
        if (!IsThere(stack, serves: true))
        {
            return Next(flow.Share, serves: false);
        }

        if (flow.Begins && stack != flow.Share)
        {
            _adopted.Add(flows, flow.Caller, stack);
        }

        return stack;
    }

    // What a stack would have that is dead, the next has: it tells the peers that nobody knows their connections.
    private readonly uint Next(uint share, bool serves)
    {
        for (uint tried = 0; tried < _shares && !IsThere(share, serves); tried++)
        {
            share = share + 1 < _shares ? share + 1 : 0;
        }

        return share;
    }

    private readonly bool IsThere(uint share, bool serves)
    {
        ref readonly Lane lane = ref _lanes[(int)share];
        return lane.IsOpen && (!serves || LinkPage.Serves(lane.Memory));
    }

    private QueueTake TakeSent(Span<uint> page, ref TurnOutcome outcome)
    {
        QueueTake result = QueueTake.Taken;
        int moved = 0;
        for (; moved < Budget; moved++)
        {
            result = _send.TryTake(page, out uint buffer, out _);
            if (result != QueueTake.Taken)
            {
                break;
            }

            _counters.Sent++;
            GiveBack(buffer);
        }

        outcome.HasMore |= moved == Budget;
        return result;
    }

    // A stack tells of the buffers that it gives back only when they are many. When there are none left, those of all are looked for.
    private void TakeEmpty(uint stacks)
    {
        for (uint left = _pool.FreeCount != 0 ? stacks : AllStacks; left != 0; left &= left - 1)
        {
            TakeEmptyOf((uint)BitOperations.TrailingZeroCount(left));
        }
    }

    // There are no more places in the ring than buffers, so a stack that fills it with nonsense ends this, too.
    private void TakeEmptyOf(uint share)
    {
        ref Lane lane = ref _lanes[(int)share];
        for (int moved = 0; lane.IsOpen && moved < FrameRing.Places && lane.Empty.TryTake(LinkPage.Empty(lane.Memory), out uint buffer, out _); moved++)
        {
            _counters.Refused += _pool.TryReturn(buffer, share) ? 0u : 1;
        }
    }

    // An eighth of what the device takes at a time: the fence, and the look whether it wants to be told, are of many.
    private readonly bool IsFillDue() => _receive.Room * FillParts >= _receive.Capacity && _receive.HasRoom;

    private void Fill(Span<uint> page)
    {
        while (_receive.HasRoom && _pool.TryTake(out uint buffer))
        {
            // There is room: it was asked before.
            _ = _receive.TryGive(page, _packets + ((ulong)buffer * LinkPage.BufferBytes), LinkPage.FrameBytesMax, buffer);
        }
    }

    // Stacks take turns, a frame each.
    private void TakeToSend(Span<uint> page, uint stacks, ref TurnOutcome outcome)
    {
        int moved = 0;
        for (uint left = stacks; left != 0 && moved < Budget && _send.HasRoom;)
        {
            uint share = NextOf(left);
            ref Lane lane = ref _lanes[(int)share];
            if (!lane.IsOpen || !lane.ToSend.TryTake(LinkPage.ToSend(lane.Memory), out uint buffer, out int bytes))
            {
                left &= ~(1u << (int)share);
                continue;
            }

            _nextToSend = share + 1 < _shares ? share + 1 : 0;
            moved++;
            Send(page, ref lane, share, buffer, bytes);
        }

        outcome.HasMore |= moved == Budget;
    }

    // The first from the one whose turn it is on, and round.
    private readonly uint NextOf(uint stacks)
    {
        uint behind = stacks >> (int)_nextToSend << (int)_nextToSend;
        return (uint)BitOperations.TrailingZeroCount(behind != 0 ? behind : stacks);
    }

    private void Send(Span<uint> page, ref Lane lane, uint share, uint buffer, int bytes)
    {
        bool isFrame = bytes is >= FrameBytesMin and <= LinkPage.FrameBytesMax;
        ulong bit = buffer < LinkPage.SendBuffers ? 1UL << (int)buffer : 0;
        if (!isFrame || bit == 0 || (lane.Sending & bit) != 0)
        {
            _counters.Refused++;
            return;
        }

        lane.Sending |= bit;
        ulong address = lane.Packets + ((ulong)buffer * LinkPage.BufferBytes);

        // There is room: it was asked before.
        _ = _send.TryGive(page, address, (uint)bytes, (share * LinkPage.SendBuffers) + buffer);
    }

    private void GiveBack(uint sent)
    {
        uint buffer = sent % LinkPage.SendBuffers;
        ref Lane lane = ref _lanes[(int)(sent / LinkPage.SendBuffers)];
        lane.Sending &= ~(1UL << (int)buffer);
        if (!lane.IsOpen)
        {
            return;
        }

        _counters.Refused += lane.Sent.TryPut(LinkPage.Sent(lane.Memory), buffer, 0) ? 0u : 1;

        // The stack finds them when it runs anyway, so it is not woken for a few.
        bool isTold = ++lane.Untold >= LinkPage.Untold;
        _news |= isTold ? 1u << (int)(sent / LinkPage.SendBuffers) : 0;
        lane.Untold = isTold ? 0 : lane.Untold;
    }
}
