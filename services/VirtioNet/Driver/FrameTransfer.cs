using System;
using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>What a turn leaves.</summary>
public struct TurnOutcome
{
    /// <summary>What the device has said last: a lie ends the turn.</summary>
    public QueueTake Device;

    /// <summary>The stack has something new to see.</summary>
    public bool WakesStack;

    /// <summary>The device wants to be told of buffers for what it receives.</summary>
    public bool NotifiesReceive;

    /// <summary>The device wants to be told of frames to send.</summary>
    public bool NotifiesSend;

    /// <summary>The budget was used up: there may be more to do at once.</summary>
    public bool HasMore;

    /// <summary>Whether the device has kept to the rules.</summary>
    public readonly bool IsHonest => Device is QueueTake.None or QueueTake.Taken;
}

/// <summary>Moves buffers between a stack's rings and a device's queues. It believes neither side, and never looks into a buffer.</summary>
/// <remarks>A buffer is the stack's or the driver's: what the driver has, a stack cannot give it again. No turn moves more than a budget each way, however much comes.</remarks>
public struct FrameTransfer
{
    /// <summary>Buffers each way in a turn: what the device takes at once.</summary>
    public const int Budget = Virtqueue.BuffersMax;

    // Ethernet's header: less is no frame.
    private const int FrameBytesMin = 14;

    private Virtqueue _receive;
    private Virtqueue _send;
    private FrameRing _empty;
    private FrameRing _received;
    private FrameRing _toSend;
    private FrameRing _sent;
    private BufferSet _held;
    private ulong _packets;
    private int _untold;
    private TransferCounters _counters;

    /// <summary>What was counted.</summary>
    public readonly TransferCounters Counters => _counters;

    /// <summary>Begins with empty rings and queues: the device does not work.</summary>
    /// <param name="packets">Physical address of buffer 0; the others follow it.</param>
    /// <param name="rings">Rings of the stack.</param>
    public void Begin(ulong packets, MemoryRegion rings)
    {
        TransferCounters counters = _counters;
        this = default;
        _counters = counters;
        _packets = packets;
        FrameRing.Clear(LinkPage.Empty(rings));
        FrameRing.Clear(LinkPage.Received(rings));
        FrameRing.Clear(LinkPage.ToSend(rings));
        FrameRing.Clear(LinkPage.Sent(rings));
    }

    /// <summary>Begins the queue of what is received. The device was reset; buffers that it had are given to it again.</summary>
    public void BeginReceive(Span<uint> page, ulong address, int size, bool hasEvents)
    {
        BufferSet again = default;
        while (_receive.TryRecall(out uint buffer))
        {
            _ = again.TryAdd(buffer);
        }

        _receive.Begin(page, address, size, isWritten: true, LinkPage.FrameBytesMax, hasEvents);
        for (uint buffer = 0; buffer < LinkPage.Buffers; buffer++)
        {
            if (again.Has(buffer))
            {
                GiveEmpty(page, buffer);
            }
        }
    }

    /// <summary>Begins the queue of what is sent. The device was reset; frames that it had are lost, as frames may be.</summary>
    public void BeginSend(Span<uint> page, ulong address, int size, bool hasEvents, MemoryRegion rings)
    {
        while (_send.TryRecall(out uint buffer))
        {
            GiveBack(buffer, rings);
        }

        _send.Begin(page, address, size, isWritten: false, LinkPage.FrameBytesMax, hasEvents);
    }

    /// <summary>Moves what is to be moved.</summary>
    /// <param name="receivePage">Page of the queue of what is received.</param>
    /// <param name="sendPage">Page of the queue of what is sent.</param>
    /// <param name="rings">Rings of the stack.</param>
    public TurnOutcome Turn(Span<uint> receivePage, Span<uint> sendPage, MemoryRegion rings)
    {
        TurnOutcome outcome = default;
        outcome.Device = TakeReceived(receivePage, rings, ref outcome);
        outcome.Device = outcome.IsHonest ? TakeSent(sendPage, rings, ref outcome) : outcome.Device;
        if (outcome.IsHonest)
        {
            TakeEmpty(receivePage, rings, ref outcome);
            TakeToSend(sendPage, rings, ref outcome);
            outcome.NotifiesReceive = _receive.Publish(receivePage);
            outcome.NotifiesSend = _send.Publish(sendPage);
        }

        return outcome;
    }

    /// <summary>
    /// Wants interrupts: there is nothing to do. Of frames that went only when the stack may be waiting for their buffers: frames find no place in the queue, or
    /// with those that it was not told of, which are less than <see cref="LinkPage.Untold"/>, the device may have all of them.
    /// </summary>
    /// <returns>False: there is something to do after all.</returns>
    public readonly bool TryRest(Span<uint> receivePage, Span<uint> sendPage) =>
        _receive.TryArm(receivePage) && ((_send.HasRoom && _send.Count <= LinkPage.Untold) || _send.TryArm(sendPage));

    private QueueTake TakeReceived(Span<uint> page, MemoryRegion rings, ref TurnOutcome outcome)
    {
        QueueTake result = QueueTake.Taken;
        int moved = 0;
        for (; moved < Budget; moved++)
        {
            result = _receive.TryTake(page, out uint buffer, out int bytes);
            if (result != QueueTake.Taken)
            {
                break;
            }

            if (bytes >= FrameBytesMin && _received.TryPut(LinkPage.Received(rings), buffer, bytes))
            {
                _held.Remove(buffer);
                _counters.Received++;
                outcome.WakesStack = true;
            }
            else
            {
                // No frame, or a stack that takes nothing out: the buffer is good for the next.
                _counters.Refused++;
                GiveEmpty(page, buffer);
            }
        }

        outcome.HasMore |= moved == Budget;
        return result;
    }

    private QueueTake TakeSent(Span<uint> page, MemoryRegion rings, ref TurnOutcome outcome)
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
            GiveBack(buffer, rings);
            _untold++;
        }

        // The stack finds them when it runs anyway, so it is not woken for a few.
        outcome.WakesStack |= _untold >= LinkPage.Untold;
        _untold = outcome.WakesStack ? 0 : _untold;

        outcome.HasMore |= moved == Budget;
        return result;
    }

    private void TakeEmpty(Span<uint> page, MemoryRegion rings, ref TurnOutcome outcome)
    {
        int moved = 0;
        while (moved < Budget && _receive.HasRoom && _empty.TryTake(LinkPage.Empty(rings), out uint buffer, out _))
        {
            moved++;
            if (_held.TryAdd(buffer))
            {
                GiveEmpty(page, buffer);
            }
            else
            {
                _counters.Refused++;
            }
        }

        outcome.HasMore |= moved == Budget;
    }

    private void TakeToSend(Span<uint> page, MemoryRegion rings, ref TurnOutcome outcome)
    {
        int moved = 0;
        while (moved < Budget && _send.HasRoom && _toSend.TryTake(LinkPage.ToSend(rings), out uint buffer, out int bytes))
        {
            moved++;
            bool isFrame = bytes is >= FrameBytesMin and <= LinkPage.FrameBytesMax;
            if (isFrame && _held.TryAdd(buffer))
            {
                // There is room: it was asked before.
                _ = _send.TryGive(page, Address(buffer), (uint)bytes, buffer);
            }
            else
            {
                _counters.Refused++;
            }
        }

        outcome.HasMore |= moved == Budget;
    }

    private void GiveEmpty(Span<uint> page, uint buffer)
    {
        if (!_receive.TryGive(page, Address(buffer), LinkPage.FrameBytesMax, buffer))
        {
            // The device came back with a smaller queue. The stack begins anew some time, and has all its buffers then.
            _held.Remove(buffer);
            _counters.Refused++;
        }
    }

    private void GiveBack(uint buffer, MemoryRegion rings)
    {
        _held.Remove(buffer);
        if (!_sent.TryPut(LinkPage.Sent(rings), buffer, 0))
        {
            _counters.Refused++;
        }
    }

    private readonly ulong Address(uint buffer) => _packets + ((ulong)buffer * LinkPage.BufferBytes);
}
