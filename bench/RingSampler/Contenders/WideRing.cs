using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Atoll.Abi;
using Atoll.Ipc;

namespace Atoll.RingSampler.Contenders;

/// <summary>The producer's end of the return-slot ring in its wide form: 32 bytes, 16 bytes, then 16 bytes with the header.</summary>
/// <remarks>
/// Same slots, same protocol and same looks ahead as <see cref="RingSender"/>. The last store holds word 6 and the header, so it must be seen as
/// one: true of aligned 16-byte accesses on processors with AVX (Intel SDM Vol. 3A, "Guaranteed Atomic Operations"; AMD64
/// APM Vol. 2, "Access Atomicity"). The kernel is built for processors without AVX and cannot use it.
/// </remarks>
internal unsafe struct WideRingSender : IMessageSender
{
    private readonly RingSlot* _slots;
    private readonly uint _slotMask;
    private uint _position;
    private uint _credit;

    internal WideRingSender(RingSlot* slots, uint slotCount)
    {
        _slots = slots;
        _slotMask = slotCount - 1;
        _credit = slotCount - RingSender.ReservedSlots;
    }

    /// <summary>Whether this process may use it: CPUID says AVX, and the runtime was not told otherwise.</summary>
    internal static bool IsSupported => Avx.IsSupported && Vector256.IsHardwareAccelerated;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySend(ref readonly RingMessage message)
    {
        if (_credit == 0)
        {
            _credit = LookAhead(_slots, _slotMask, _position);
            if (_credit == 0)
            {
                return false;
            }
        }

        ulong* slot = (ulong*)&_slots[_position & _slotMask];
        ulong header = ((ulong)message.Meta << 32) | (_position + 1);
        Vector256.LoadUnsafe(in message.Payload.Word0).StoreAligned(slot);
        Vector128.LoadUnsafe(in message.Payload.Word4).StoreAligned(slot + 4);

        // x86 keeps stores in order and the JIT never moves a store over a volatile one; the fence between is for the JIT alone.
        Volatile.WriteBarrier();
        Vector128.Create(message.Payload.Word6, header).StoreAligned(slot + 6);
        _position++;
        _credit--;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LookAhead(RingSlot* slots, uint slotMask, uint position)
    {
        uint first = position + RingSender.ReservedSlots;
        if (!IsFree(slots, slotMask, first))
        {
            return 0;
        }

        uint quarter = (slotMask + 1) / 4;
        return (position & (quarter - 1)) == 0 && IsFree(slots, slotMask, first + quarter - 1) ? quarter : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFree(RingSlot* slots, uint slotMask, uint position) =>
        Volatile.Read(ref slots[position & slotMask].Sequence) == position;
}

/// <summary>The consumer's end of the return-slot ring in its wide form.</summary>
internal unsafe struct WideRingReceiver : IMessageReceiver
{
    private readonly RingSlot* _slots;
    private readonly uint _slotCount;
    private uint _position;

    internal WideRingReceiver(RingSlot* slots, uint slotCount)
    {
        _slots = slots;
        _slotCount = slotCount;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReceive(out RingMessage message)
    {
        Unsafe.SkipInit(out message);
        RingSlot* slot = &_slots[_position & (_slotCount - 1)];
        Vector128<ulong> tail = Vector128.LoadAligned((ulong*)slot + 6);
        ulong header = tail.GetElement(1);
        if ((uint)header != _position + 1)
        {
            return false;
        }

        if (_position % RingReceiver.ReadAheadSlots == 0)
        {
            ReadAhead(_slots, _slotCount - 1, _position + (2 * RingReceiver.ReadAheadSlots) - 1);
        }

        Volatile.ReadBarrier();
        Vector256.LoadAligned((ulong*)slot).StoreUnsafe(ref message.Payload.Word0);
        Vector128.LoadAligned((ulong*)slot + 4).StoreUnsafe(ref message.Payload.Word4);
        message.Payload.Word6 = tail.GetElement(0);
        message.Meta = (uint)(header >> 32);
        Volatile.Write(ref slot->Sequence, _position + _slotCount);
        _position++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadAhead(RingSlot* slots, uint slotMask, uint lastPosition)
    {
        RingSlot* last = &slots[lastPosition & slotMask];
        if (Volatile.Read(ref last->Sequence) == lastPosition + 1)
        {
            for (RingSlot* slot = last; slot != last - RingReceiver.ReadAheadSlots; slot--)
            {
                Sse.Prefetch0(slot);
            }
        }
    }
}
