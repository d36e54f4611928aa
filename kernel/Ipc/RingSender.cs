using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Ipc;

/// <summary>Every outcome of a send.</summary>
[MustUse]
public enum SendResult : byte
{
    /// <summary>Published. The peer may see it from this moment.</summary>
    Sent,

    /// <summary>The peer has not emptied the slot yet. Nothing was written; end the turn, then try again.</summary>
    /// <remarks>
    /// The receiver may sleep and not know what was sent in this turn, so the turn's fence and doorbells come before the next
    /// try. A returned slot rings nobody: whoever has something left to send polls, or sleeps with a timer.
    /// </remarks>
    Full,
}

/// <summary>The producer's private side of a ring. Never in shared memory.</summary>
/// <remarks>
/// Exactly one core owns it. A hostile consumer can make the ring Full for ever, or lose messages by freeing slots early;
/// it cannot cause an access outside the ring, because positions are private and a slot's sequence is only compared.
/// </remarks>
[NoBlock]
[NonCopyable]
public unsafe struct RingSender
{
    /// <summary>Slots of a ring that only control messages may fill.</summary>
    public const uint ReservedSlots = 4;

    private RingSlot* _slots;
    private uint _slotMask;
    private uint _position;

    // So many data messages may be sent before the reserved slots must be looked at again.
    private uint _credit;

    /// <summary>Messages sent so far, modulo 2^32.</summary>
    public readonly uint Position => _position;

    /// <summary>Whether <see cref="Attach"/> was called.</summary>
    public readonly bool IsAttached => _slots != null;

    /// <summary>Takes the producer's end of a fresh ring.</summary>
    /// <param name="slots">First slot, 64-byte aligned, each slot's sequence its own number.</param>
    /// <param name="slotCount">A power of two, more than <see cref="ReservedSlots"/>.</param>
    public void Attach(RingSlot* slots, uint slotCount)
    {
        Check.That(Bits.IsAligned((ulong)slots, RingSlot.SizeBytes));
        Check.That(slotCount > ReservedSlots && (slotCount & (slotCount - 1)) == 0);

        _slots = slots;
        _slotMask = slotCount - 1;
        _position = 0;

        // The ring is fresh: every slot is free.
        _credit = slotCount - ReservedSlots;
    }

    /// <summary>Publishes one message, or says why it did not. Leaves <see cref="ReservedSlots"/> slots for control messages.</summary>
    /// <remarks>
    /// Blocks: never. Cost: four or five stores, all in one cache line; once in a quarter of the ring a look at two lines more. No fence.
    /// </remarks>
    /// <param name="message">Copied; the caller may use it again at once.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SendResult TrySend<TMemory>(ref readonly RingMessage message)
        where TMemory : ISharedMemory
    {
        uint credit = _credit;
        if (credit == 0)
        {
            credit = LookAhead<TMemory>(_slots, _slotMask, _position);
            if (credit == 0)
            {
                return SendResult.Full;
            }
        }

        _credit = credit - 1;
        Publish<TMemory>(in message);
        return SendResult.Sent;
    }

    /// <summary>Publishes one control message: the last slots are for these, so that a full ring can still say goodbye.</summary>
    /// <remarks>Blocks: never. Cost: one load, four or five stores, all in one cache line. No fence.</remarks>
    /// <param name="message">Copied; the caller may use it again at once.</param>
    public SendResult TrySendControl<TMemory>(ref readonly RingMessage message)
        where TMemory : ISharedMemory
    {
        if (_credit != 0)
        {
            // It takes a slot that was counted for data.
            _credit--;
        }
        else if (!IsFree<TMemory>(_slots, _slotMask, _position))
        {
            return SendResult.Full;
        }

        Publish<TMemory>(in message);
        return SendResult.Sent;
    }

    /// <summary>Finds out for how many data messages there is room, the reserved slots left aside.</summary>
    /// <remarks>
    /// Slots come back in order: when a slot is free, so are all before it. Hence one look a quarter of the ring ahead stands for
    /// as many messages, and most sends touch no line but the one that they fill. Where that look fails it is not taken again before
    /// the next quarter: taken for every message, it pulls lines from a consumer that is at work there, and a stream settles at
    /// twice the time. A consumer that frees slots out of order only loses messages of its own. Inlined, because a caller that holds the message in registers would spill it around a call.
    /// </remarks>
    /// <returns>How many; 0 when it is full.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LookAhead<TMemory>(RingSlot* slots, uint slotMask, uint position)
        where TMemory : ISharedMemory
    {
        uint first = position + ReservedSlots;
        if (!IsFree<TMemory>(slots, slotMask, first))
        {
            return 0;
        }

        uint quarter = (slotMask + 1) / 4;
        return (position & (quarter - 1)) == 0 && IsFree<TMemory>(slots, slotMask, first + quarter - 1) ? quarter : 1;
    }

    [Trusted(Safety = "The mask keeps the index inside the ring that Attach was given.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFree<TMemory>(RingSlot* slots, uint slotMask, uint position)
        where TMemory : ISharedMemory => TMemory.Load32(&slots[position & slotMask].Sequence) == position;

    // The slot is known to be free. Not looked at again: a peer that polls it holds its line, so a load would make it shared and
    // the store would have to claim it a second time (docs/benchmarks.md).
    [Trusted(Safety = "The mask keeps the index inside the ring that Attach was given.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Publish<TMemory>(ref readonly RingMessage message)
        where TMemory : ISharedMemory
    {
        uint position = _position;

        RingSlot* slot = &_slots[position & _slotMask];
        TMemory.StorePayload(&slot->Payload, in message.Payload);

        // Release: the payload is visible before the sequence that announces it.
        TMemory.Store64(&slot->Header, ((ulong)message.Meta << 32) | (position + 1));
        _position = position + 1;
    }
}
