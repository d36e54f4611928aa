using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Ipc;

/// <summary>Every outcome of a send.</summary>
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
public unsafe struct RingSender
{
    /// <summary>Slots of a ring that only control messages may fill.</summary>
    public const uint ReservedSlots = 4;

    private RingSlot* _slots;
    private uint _slotMask;
    private uint _position;

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
    }

    /// <summary>Publishes one message, or says why it did not. Leaves <see cref="ReservedSlots"/> slots for control messages.</summary>
    /// <remarks>
    /// Blocks: never. Cost: one load, four or five stores, two cache lines. No fence.
    /// The slot looked at is the one that many ahead: slots come back in order, so when it is free this one is.
    /// </remarks>
    /// <param name="message">Copied; the caller may use it again at once.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SendResult TrySend<TMemory>(ref readonly RingMessage message)
        where TMemory : ISharedMemory => Send<TMemory>(in message, ReservedSlots);

    /// <summary>Publishes one control message: the last slots are for these, so that a full ring can still say goodbye.</summary>
    /// <remarks>Blocks: never. Cost: one load, four or five stores, all in one cache line. No fence.</remarks>
    /// <param name="message">Copied; the caller may use it again at once.</param>
    public SendResult TrySendControl<TMemory>(ref readonly RingMessage message)
        where TMemory : ISharedMemory => Send<TMemory>(in message, ahead: 0);

    /// <summary>Looks at what the next <see cref="TrySend"/> will look at, to bring its line here while there is time.</summary>
    public readonly void Touch<TMemory>()
        where TMemory : ISharedMemory => TMemory.Load32(&_slots[(_position + ReservedSlots) & _slotMask].Sequence);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SendResult Send<TMemory>(ref readonly RingMessage message, uint ahead)
        where TMemory : ISharedMemory
    {
        uint position = _position;
        RingSlot* slots = _slots;

        // SAFETY: the mask keeps both indices inside the ring that Attach was given.
        if (TMemory.Load32(&slots[(position + ahead) & _slotMask].Sequence) != position + ahead)
        {
            return SendResult.Full;
        }

        RingSlot* slot = &slots[position & _slotMask];
        TMemory.StorePayload(&slot->Payload, in message.Payload);

        // Release: the payload is visible before the sequence that announces it.
        TMemory.Store64(&slot->Header, ((ulong)message.Meta << 32) | (position + 1));
        _position = position + 1;
        return SendResult.Sent;
    }
}
