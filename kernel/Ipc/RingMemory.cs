using System.Threading;
using Atoll.Abi;

namespace Atoll.Ipc;

/// <summary>The memory of a ring before anybody uses it.</summary>
[Trusted(Safety = "Whoever made the ring says how many slots it has.")]
public static unsafe class RingMemory
{
    /// <summary>Frees every slot for its first message: each slot's sequence is its own number.</summary>
    /// <remarks>For whoever made the ring, before either end has it.</remarks>
    /// <param name="slots">Zeroed memory.</param>
    /// <param name="slotCount">Slots.</param>
    public static void Prepare(RingSlot* slots, uint slotCount)
    {
        for (uint number = 0; number < slotCount; number++)
        {
            Volatile.Write(ref slots[number].Sequence, number);
        }
    }
}
