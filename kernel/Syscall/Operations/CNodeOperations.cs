using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Operations of a CNode: on one of its slots, mostly with a slot of another.</summary>
internal static class CNodeOperations
{
    private const int SourceShift = 32;

    /// <summary>Whether an operation copies or moves capabilities, and no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsBetweenSlots(ulong operation) => operation - (ulong)CNodeOperation.Copy <= CNodeOperation.Swap - CNodeOperation.Copy;

    internal static Outcome Invoke(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> node, ref Invocation call)
    {
        uint index = (uint)call.Word0;
        if (index >= CNode.Count(in node.Value))
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        ObjectPointer<CapabilitySlot> slot = CNode.Slot(node.Value.Slots, index);
        switch ((CNodeOperation)call.Operation)
        {
            case CNodeOperation.Delete:
                return Deletion.Delete<ObjectLife, Microkernel>(ref kernel, slot);
            case CNodeOperation.Revoke:
                return Revoke(ref kernel, caller, slot);
            case CNodeOperation.CancelBadgedSends:
                return CancelBadgedSends(ref kernel, in slot.Value);
            case CNodeOperation.Describe:
                return Describe(in kernel.Capabilities, in slot.Value, ref call);
            case CNodeOperation.Copy:
            case CNodeOperation.Mint:
            case CNodeOperation.Move:
            case CNodeOperation.Swap:
                return BetweenSlots(caller, node, in call);
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    /// <summary>Copies, mints, moves or exchanges.</summary>
    internal static Outcome BetweenSlots(
        ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> node, ref readonly Invocation call)
    {
        uint index = (uint)call.Word0;
        uint sourceIndex = (uint)(call.Word0 >> SourceShift);
        if (index >= CNode.Count(in node.Value))
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        Outcome found = CSpace.Find(in caller.Value, call.Word1, CapabilityType.CNode, out ObjectPointer<CapabilitySlot> from);
        if (!found.IsOk)
        {
            return found;
        }

        if (sourceIndex >= CNode.Count(in from.Value))
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        ObjectPointer<CapabilitySlot> slot = CNode.Slot(node.Value.Slots, index);
        ObjectPointer<CapabilitySlot> source = CNode.Slot(from.Value.Slots, sourceIndex);
        if ((CNodeOperation)call.Operation == CNodeOperation.Swap)
        {
            return Moving.Swap(slot, source);
        }

        if (!slot.Value.IsEmpty)
        {
            return new Outcome(SystemResult.SlotOccupied, index);
        }

        return (CNodeOperation)call.Operation switch
        {
            CNodeOperation.Copy => Copying.Derive(source, slot, RightsOf(in call)),
            CNodeOperation.Mint => Copying.Mint(source, slot, RightsOf(in call), call.Word3),
            _ => Moving.Move(source, slot),
        };
    }

    // While others hold some of it the caller waits: each time that one lets go it hears Again.
    private static Outcome Revoke(ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot)
    {
        Outcome revoked = Deletion.Revoke<ObjectLife, Microkernel>(ref kernel, slot);
        if (revoked.IsOk)
        {
            Crossing.TakeBack(ref slot.Value);
        }

        if (revoked.Result != SystemResult.WouldBlock)
        {
            return revoked;
        }

        kernel.Remote.AwaitHolders(ref kernel.Scheduler, caller);
        return new Outcome(SystemResult.Again);
    }

    private static CapabilityRights RightsOf(ref readonly Invocation call) => (CapabilityRights)(call.Word2 & (ulong)CapabilityRights.All);

    private static Outcome CancelBadgedSends(ref Microkernel kernel, ref readonly CapabilitySlot slot)
    {
        if (slot.Type != CapabilityType.Endpoint)
        {
            return new Outcome(SystemResult.WrongType, (ulong)slot.Type);
        }

        return slot.Rights == CapabilityRights.All
            ? ObjectLife.CancelBadgedSends(ref kernel, slot.Endpoint, slot.Badge)
            : new Outcome(SystemResult.RightMissing, (ulong)(CapabilityRights.All & ~slot.Rights));
    }

    private static Outcome Describe(ref readonly CapabilityState state, ref readonly CapabilitySlot slot, ref Invocation call)
    {
        SlotDescription description = new(in state, in slot);
        call.Answer(3, description.Kind, description.Size, description.Detail);
        return Outcome.Ok;
    }
}
