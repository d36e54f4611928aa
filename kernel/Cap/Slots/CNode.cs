using System.Runtime.CompilerServices;

namespace Atoll.Cap;

/// <summary>A run of slots.</summary>
public static class CNode
{
    /// <summary>A slot of a CNode.</summary>
    /// <param name="slots">Its first slot.</param>
    /// <param name="index">Below 2 to the power of its radix.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ObjectPointer<CapabilitySlot> Slot(ObjectPointer<CapabilitySlot> slots, ulong index) =>
        new(slots.Address + (index * CapabilitySlot.SizeBytes));

    /// <summary>Slots of a CNode.</summary>
    /// <param name="node">A CNode capability.</param>
    public static ulong Count(ref readonly CapabilitySlot node) => 1UL << node.SizeBits;
}
