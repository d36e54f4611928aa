using Atoll.Abi;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Defects;

/// <summary>The modelled memory as a base: a seeded defect hides one member and leaves the product's code alone.</summary>
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
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload) => ModelMemory.StorePayload(slot, in payload);

    /// <inheritdoc/>
    public static void LoadPayload(RingPayload* slot, out RingPayload payload) => ModelMemory.LoadPayload(slot, out payload);

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
