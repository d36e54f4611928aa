using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Finds the slot that a program's address names.</summary>
/// <remarks>
/// An address has 64 bits. From the top each CNode takes those of its guard, which must be the guard's, and those of its
/// radix, which choose a slot; the slot is found when none are left. A root CNode of radix r whose guard is 64-r zeros
/// makes an address an index:
/// that is how retype makes CNodes.
/// </remarks>
public static class CSpace
{
    /// <summary>Bits of an address.</summary>
    public const uint AddressBits = 64;

    /// <summary>Finds a slot in the CSpace of a thread.</summary>
    /// <param name="thread">Whose CSpace.</param>
    /// <param name="address">From the program.</param>
    /// <param name="depth">Bits that were resolved: all, when a slot is found.</param>
    /// <returns>The slot, maybe empty; null: the address leads nowhere.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ObjectPointer<CapabilitySlot> Find(ref readonly Thread thread, ulong address, out uint depth)
    {
        if (address < thread.PlainSlots)
        {
            depth = AddressBits;
            return CNode.Slot(thread.RootSlots, address);
        }

        return Walk(in thread.CSpace, address, out depth);
    }

    /// <summary>Finds a capability of a type.</summary>
    /// <param name="thread">Whose CSpace.</param>
    /// <param name="address">From the program.</param>
    /// <param name="type">What it must be.</param>
    /// <param name="slot">The slot, when the outcome is Ok.</param>
    public static Outcome Find(
        ref readonly Thread thread, ulong address, CapabilityType type, out ObjectPointer<CapabilitySlot> slot)
    {
        slot = Find(in thread, address, out uint depth);
        if (slot.IsNull)
        {
            return new Outcome(SystemResult.AddressInvalid, depth);
        }

        return slot.Value.Type == type ? Outcome.Ok : NotThat(in slot.Value, depth);
    }

    /// <summary>Finds a slot from a root CNode, over as many CNodes as it takes. Each takes at least one bit, so at
    /// most 64.</summary>
    /// <param name="root">A slot; unless it holds a CNode nothing is found.</param>
    /// <param name="address">From the program.</param>
    /// <param name="depth">Bits that were resolved.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ObjectPointer<CapabilitySlot> Walk(ref readonly CapabilitySlot root, ulong address, out uint depth)
    {
        ref readonly CapabilitySlot node = ref root;
        depth = 0;
        while (node.Type == CapabilityType.CNode)
        {
            int guardBits = (int)node.Extra;
            int radix = node.SizeBits;
            int left = (int)(AddressBits - depth);
            if (guardBits + radix > left || (guardBits != 0 && Field(address, left, guardBits) != node.Badge))
            {
                return default;
            }

            ObjectPointer<CapabilitySlot> slot = CNode.Slot(node.Slots, Field(address, left - guardBits, radix));
            depth += (uint)(guardBits + radix);
            if (depth == AddressBits)
            {
                return slot;
            }

            node = ref slot.Value;
        }

        return default;
    }

    private static Outcome NotThat(ref readonly CapabilitySlot slot, uint depth) =>
        slot.IsEmpty ? new Outcome(SystemResult.SlotEmpty, depth) : new Outcome(SystemResult.WrongType, (ulong)slot.Type);

    // The 'count' bits, at least one, below bit 'from'.
    private static ulong Field(ulong address, int from, int count) =>
        (address << ((int)AddressBits - from)) >> ((int)AddressBits - count);
}
