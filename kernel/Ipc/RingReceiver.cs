using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Ipc;

/// <summary>Every outcome of a receive.</summary>
public enum ReceiveResult : byte
{
    /// <summary>A message was taken; its slot is the producer's again.</summary>
    Received,

    /// <summary>The next message is not there yet.</summary>
    Empty,
}

/// <summary>The consumer's private side of a ring. Never in shared memory.</summary>
/// <remarks>
/// Exactly one core owns it. A hostile producer can send garbage or nothing; it cannot cause an access outside the ring.
/// The payload is copied out before it is looked at, since the producer can still write the page.
/// </remarks>
public unsafe struct RingReceiver
{
    private RingSlot* _slots;
    private uint _slotCount;
    private uint _position;

    /// <summary>Messages received so far, modulo 2^32.</summary>
    public readonly uint Position => _position;

    /// <summary>Whether <see cref="Attach"/> was called.</summary>
    public readonly bool IsAttached => _slots != null;

    /// <summary>Takes the consumer's end of a fresh ring.</summary>
    /// <param name="slots">First slot, 64-byte aligned, each slot's sequence its own number.</param>
    /// <param name="slotCount">A power of two.</param>
    public void Attach(RingSlot* slots, uint slotCount)
    {
        Check.That(Bits.IsAligned((ulong)slots, RingSlot.SizeBytes));
        Check.That(slotCount != 0 && (slotCount & (slotCount - 1)) == 0);

        _slots = slots;
        _slotCount = slotCount;
        _position = 0;
    }

    /// <summary>Takes the next message, or says that there is none.</summary>
    /// <remarks>Blocks: never. Cost: two loads of one cache line, the copy, one store to the same line. No fence.</remarks>
    /// <param name="message">The message when the result is Received, else unspecified. Untrusted.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReceiveResult TryReceive<TMemory>(out RingMessage message)
        where TMemory : ISharedMemory
    {
        Unsafe.SkipInit(out message);

        // SAFETY: the mask keeps the index inside the ring that Attach was given.
        RingSlot* slot = &_slots[_position & (_slotCount - 1)];
        ulong header = TMemory.Load64(&slot->Header);
        if ((uint)header != _position + 1)
        {
            return ReceiveResult.Empty;
        }

        TMemory.LoadPayload(&slot->Payload, out message.Payload);
        message.Meta = (uint)(header >> 32);

        // Release: the payload has been read before the slot is given back.
        TMemory.Store32(&slot->Sequence, _position + _slotCount);
        _position++;
        return ReceiveResult.Received;
    }
}
