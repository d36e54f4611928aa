using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>The last capability to a CNode or Thread, once it is deleted: it says what is left to delete of the
/// contents.</summary>
/// <remarks>
/// It belongs into the container itself, where no program can name it: the first slot of a CNode, a slot set aside in
/// a Thread. Until that is free it stays where
/// it was. It keeps its place in the derivation tree all the time, so that nobody takes the memory for unused.
/// </remarks>
internal static class DyingRecord
{
    /// <summary>Whether a slot needs no more work of its own: it is empty, or a record where it belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsSettled(ObjectPointer<CapabilitySlot> slot)
    {
        ref readonly CapabilitySlot record = ref slot.Value;
        return record.IsEmpty || (record.Type == CapabilityType.Dying && Home(in record).Is(slot));
    }

    /// <summary>Where a record belongs.</summary>
    internal static ObjectPointer<CapabilitySlot> Home(ref readonly CapabilitySlot record) =>
        IsThread(in record) ? CNode.Slot(Thread.SlotsOf(record.Thread), Thread.SlotCount) : record.Slots;

    /// <summary>Slots of a container besides that one.</summary>
    internal static uint ContentCount(ref readonly CapabilitySlot container) =>
        IsThread(in container) ? Thread.SlotCount : (uint)CNode.Count(in container) - 1;

    /// <summary>One of them.</summary>
    internal static ObjectPointer<CapabilitySlot> Content(ref readonly CapabilitySlot record, uint index) =>
        IsThread(in record) ? CNode.Slot(Thread.SlotsOf(record.Thread), index) : CNode.Slot(record.Slots, index + 1UL);

    // A CNode has a radix of at least 1.
    private static bool IsThread(ref readonly CapabilitySlot container) => container.SizeBits == 0;
}
