using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Ipc;

/// <summary>Every outcome of a receive.</summary>
[MustUse]
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
[NoBlock]
[NonCopyable]
public unsafe struct RingReceiver
{
    /// <summary>Slots that are fetched together, ahead of the messages that are taken one by one.</summary>
    public const uint ReadAheadSlots = 4 * FetchedAtOnce;

    private const uint FetchedAtOnce = 4;

    private RingSlot* _slots;
    private uint _slotMask;
    private uint _position;
    private uint _slotCount;

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
        _slotMask = slotCount - 1;
        _position = 0;
    }

    /// <summary>Whether the next message is there. Changes nothing.</summary>
    [Trusted(Safety = "The mask keeps the index inside the ring that Attach was given.")]
    public readonly bool HasMessage<TMemory>()
        where TMemory : ISharedMemory =>
        TMemory.Load32(&_slots[_position & _slotMask].Sequence) == _position + 1;

    /// <summary>Whether what stands where the next message comes is neither that message nor the mark of a free slot. No honest producer writes it, and nothing comes any more.</summary>
    [Trusted(Safety = "The mask keeps the index inside the ring that Attach was given.")]
    public readonly bool IsCorrupt<TMemory>()
        where TMemory : ISharedMemory =>
        TMemory.Load32(&_slots[_position & _slotMask].Sequence) - _position > 1;

    /// <summary>Takes the next message, or says that there is none.</summary>
    /// <remarks>Blocks: never. Cost: two loads of one cache line, the copy, one store to the same line. No fence.</remarks>
    /// <param name="message">The message when the result is Received, else unspecified. Untrusted.</param>
    [Trusted(Safety = "The mask keeps the index inside the ring that Attach was given.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReceiveResult TryReceive<TMemory>(out RingMessage message)
        where TMemory : ISharedMemory
    {
        // Zeroing 64 bytes for each look at an empty ring would cost more than the look.
        RingMessage.LeaveUnset(out message);
        uint position = _position;

        RingSlot* slot = &_slots[position & _slotMask];
        ulong header = TMemory.Load64(&slot->Header);
        if ((uint)header != position + 1)
        {
            return ReceiveResult.Empty;
        }

        if (position % ReadAheadSlots == 0)
        {
            ReadAhead<TMemory>(_slots, _slotMask, position + (2 * ReadAheadSlots) - 1);
        }

        TMemory.LoadPayload(&slot->Payload, out message.Payload);
        message.Meta = (uint)(header >> 32);

        // Release: the payload has been read before the slot is given back.
        TMemory.Store32(&slot->Sequence, position + _slotCount);
        _position = position + 1;
        return ReceiveResult.Received;
    }

    /// <summary>Fetches the next group of slots at once, if the producer has filled all of them.</summary>
    /// <remarks>
    /// A processor that takes messages one by one has few lines under way, because it waits for its own stores to each. Fetching
    /// groups made streams twice as fast (docs/benchmarks.md). Only full groups, and looked at once for each: a look at a slot that
    /// the producer is about to fill takes the line from it.
    /// </remarks>
    [Trusted(Safety = "The mask keeps the load inside the ring that Attach was given. Prefetches touch nothing and never fault.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadAhead<TMemory>(RingSlot* slots, uint slotMask, uint lastPosition)
        where TMemory : ISharedMemory
    {
        RingSlot* last = &slots[lastPosition & slotMask];
        if (TMemory.Load32(&last->Sequence) == lastPosition + 1)
        {
            Fetch<TMemory>(last);
            Fetch<TMemory>(last - FetchedAtOnce);
            Fetch<TMemory>(last - (2 * FetchedAtOnce));
            Fetch<TMemory>(last - (3 * FetchedAtOnce));
        }
    }

    // Written out, because a loop would take four times the instructions.
    [Trusted(Safety = "Prefetches touch nothing and never fault.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<TMemory>(RingSlot* last)
        where TMemory : ISharedMemory
    {
        TMemory.Prefetch(last - 3);
        TMemory.Prefetch(last - 2);
        TMemory.Prefetch(last - 1);
        TMemory.Prefetch(last);
    }
}
