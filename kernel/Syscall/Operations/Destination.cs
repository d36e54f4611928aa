using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Where a program wants a new capability.</summary>
internal static class Destination
{
    /// <summary>Finds a notification that the caller may signal.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="address">Argument 0.</param>
    /// <param name="slot">The capability, when the outcome is Ok.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Outcome FindSignalled(ref readonly Thread caller, ulong address, out ObjectPointer<CapabilitySlot> slot)
    {
        Outcome found = CSpace.Find(in caller, address, CapabilityType.Notification, out slot);
        bool lacksRight = found.IsOk && (slot.Value.Rights & CapabilityRights.Write) == 0;
        return lacksRight ? new Outcome(SystemResult.RightMissing, (ulong)CapabilityRights.Write) : found;
    }

    /// <summary>Finds an empty slot of a CNode.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="node">Address of the CNode: argument 2.</param>
    /// <param name="index">Index in it: argument 3.</param>
    /// <param name="slot">The slot, when the outcome is Ok.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Outcome Find(ref readonly Thread caller, ulong node, ulong index, out ObjectPointer<CapabilitySlot> slot)
    {
        slot = default;
        Outcome found = CSpace.Find(in caller, node, CapabilityType.CNode, out ObjectPointer<CapabilitySlot> into);
        if (!found.IsOk)
        {
            return found;
        }

        if (index >= CNode.Count(in into.Value))
        {
            return new Outcome(SystemResult.ArgumentInvalid, 3);
        }

        slot = CNode.Slot(into.Value.Slots, index);
        return slot.Value.IsEmpty ? Outcome.Ok : new Outcome(SystemResult.SlotOccupied, index);
    }
}
