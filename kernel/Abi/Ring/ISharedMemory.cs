namespace Atoll.Abi;

/// <summary>How code touches memory that another core writes.</summary>
/// <remarks>
/// A type parameter with static members: after specialisation each call is the instruction itself. On the machine it is
/// <c>Atoll.Arch.CoherentMemory</c>; a simulation or a store-buffer model puts its own in place and drives the same code.
/// Source: Intel SDM Vol. 3A, "Memory Ordering in P6 and More Recent Processor Families".
/// </remarks>
[InterruptSafe, NoPanic, NoBlock]
public unsafe interface ISharedMemory
{
    /// <summary>Loads 4 bytes. No later access moves before it.</summary>
    static abstract uint Load32(uint* address);

    /// <summary>Loads 8 bytes. No later access moves before it.</summary>
    static abstract ulong Load64(ulong* address);

    /// <summary>Stores 4 bytes. No earlier access moves after it.</summary>
    static abstract void Store32(uint* address, uint value);

    /// <summary>Stores 8 bytes. No earlier access moves after it.</summary>
    static abstract void Store64(ulong* address, ulong value);

    /// <summary>Copies a payload into a slot, its bytes in any order.</summary>
    static abstract void StorePayload(RingPayload* slot, ref readonly RingPayload payload);

    /// <summary>Copies a payload out of a slot, once, its bytes in any order.</summary>
    static abstract void LoadPayload(RingPayload* slot, out RingPayload payload);

    /// <summary>Asks for a line soon. Changes nothing that can be observed.</summary>
    static abstract void Prefetch(void* line);

    /// <summary>Orders every earlier access before every later one, stores before loads too (MFENCE).</summary>
    static abstract void Fence();
}
