using Atoll.Abi;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Defects;

/// <summary>
/// The modelled memory as a base: a seeded defect hides one member and leaves the product's code alone.
/// </summary>
public abstract unsafe class DefectiveMemory : ISharedMemory
{
    /// <inheritdoc/>
    public static uint Load32(uint* address) => ModelMemory.Load32(address);

    /// <inheritdoc/>
    public static ulong Load64(ulong* address) => ModelMemory.Load64(address);

    /// <inheritdoc/>
    public static void Store32(uint* address, uint value) => ModelMemory.Store32(address, value);

    /// <inheritdoc/>
    public static void Store64(ulong* address, ulong value) => ModelMemory.Store64(address, value);

    /// <inheritdoc/>
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload) =>
        ModelMemory.StorePayload(slot, in payload);

    /// <inheritdoc/>
    public static void LoadPayload(RingPayload* slot, out RingPayload payload) =>
        ModelMemory.LoadPayload(slot, out payload);

    /// <inheritdoc/>
    public static void Prefetch(void* line)
    {
    }

    /// <inheritdoc/>
    public static void Fence() => ModelMemory.Fence();
}

/// <summary>MFENCE left out.</summary>
public sealed class WithoutFence : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Fence"/>
    public static new void Fence()
    {
    }
}

/// <summary>The sender's header store before its payload stores.</summary>
public sealed unsafe class HeaderBeforePayload : DefectiveMemory, ISharedMemory
{
    [ThreadStatic]
    private static RingPayload t_held;

    /// <inheritdoc cref="ISharedMemory.StorePayload"/>
    public static new void StorePayload(RingPayload* slot, ref readonly RingPayload payload) => t_held = payload;

    /// <inheritdoc cref="ISharedMemory.Store64"/>
    public static new void Store64(ulong* address, ulong value)
    {
        ModelMemory.Store64(address, value);

        // A sender stores 8 bytes only as a slot's header.
        RingSlot* slot = (RingSlot*)((byte*)address - RingPayload.SizeBytes);
        ModelMemory.StorePayload(&slot->Payload, in t_held);
    }
}

/// <summary>The receiver's return of a slot before it copies the payload out.</summary>
public sealed unsafe class ReturnBeforeCopy : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.LoadPayload"/>
    public static new void LoadPayload(RingPayload* slot, out RingPayload payload)
    {
        uint* sequence = &((RingSlot*)slot)->Sequence;
        ModelMemory.Store32(sequence, ModelMemory.Load32(sequence) - 1 + SlotCount);
        ModelMemory.LoadPayload(slot, out payload);
    }

    /// <inheritdoc cref="ISharedMemory.Store32"/>
    public static new void Store32(uint* address, uint value)
    {
    }

    private const uint SlotCount = 8;
}

/// <summary>A sender to which every sleep has the same name, so that it remembers its doorbell into the next.</summary>
public sealed unsafe class OneNameForEverySleep : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Load64"/>
    public static new ulong Load64(ulong* address) => ModelMemory.Load64(address) & 1;
}

/// <summary>A sender to which the same sleep has another name after each message, so that it forgets its doorbell.</summary>
public sealed unsafe class AnotherNameAfterEachMessage : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Load64"/>
    public static new ulong Load64(ulong* address) =>
        ModelMemory.Load64(address) + ((ulong)TsoMachine.Running.Ledger.Sent(ring: 0) << 32);
}

/// <summary>A sender that reads 0 for every sequence.</summary>
public sealed unsafe class SequenceReadsZero : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Load32"/>
    public static new uint Load32(uint* address) => ModelMemory.Load32(address) & 0;
}

/// <summary>
/// A sender that takes the presence of the message after the Hello (sequence 2) for the return of its slot (8 slots:
/// sequence 9).
/// </summary>
public sealed unsafe class PresentTakenForReturned : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Load32"/>
    public static new uint Load32(uint* address)
    {
        uint sequence = ModelMemory.Load32(address);

        // Slot 2, still empty, has the same sequence at the start.
        RingSlot* slot = (RingSlot*)((byte*)address - RingPayload.SizeBytes);
        return sequence == 2 && ModelMemory.Load64(&slot->Payload.Word0) != 0 ? 9 : sequence;
    }
}

/// <summary>A receiver that returns the slot after the one it has emptied as well.</summary>
public sealed unsafe class ReturnsOneAhead : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Store32"/>
    public static new void Store32(uint* address, uint value)
    {
        ModelMemory.Store32(address, value);
        ModelMemory.Store32(address + (RingSlot.SizeBytes / sizeof(uint)), value + 1);
    }
}

/// <summary>A sender that sends its first message under each number.</summary>
public sealed unsafe class RepeatsTheFirstMessage : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.StorePayload"/>
    public static new void StorePayload(RingPayload* slot, ref readonly RingPayload payload)
    {
        RingPayload first = payload;
        ulong* words = (ulong*)&first;
        for (int word = 0; word < RingPayload.SizeBytes / sizeof(ulong); word++)
        {
            words[word] = Ledger.PayloadWord(ring: 0, number: 1, word);
        }

        ModelMemory.StorePayload(slot, in first);
    }
}

/// <summary>A receiver whose even wake words are not stored.</summary>
public sealed unsafe class WithdrawalNotStored : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Store64"/>
    public static new void Store64(ulong* address, ulong value)
    {
        if ((value & 1) != 0)
        {
            ModelMemory.Store64(address, value);
        }
    }
}

/// <summary>A sender that rings for the message that finds the ring empty, by a count of its own that no return of a slot takes back.</summary>
public sealed unsafe class RingsOnlyWhenItWasEmpty : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Load64"/>
    public static new ulong Load64(ulong* address) =>
        TsoMachine.Running.Ledger.Sent(ring: 0) == 1 ? ModelMemory.Load64(address) : 0;
}
