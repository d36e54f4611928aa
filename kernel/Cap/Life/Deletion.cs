using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Cap;

/// <summary>Empties slots, and ends an object when the last capability to it goes.</summary>
/// <remarks>
/// One call does a bounded part of the work and says <see cref="SystemResult.Again"/>; all progress is in the slots,
/// so the same call, or another deletion, goes
/// on. No call nests: what a CNode or a Thread contains is not deleted on the way but recorded (<see cref="DyingList"/>) and
/// deleted slot by slot, at a depth of stack that does not depend on what hangs on what. Whoever deletes anything works until
/// nothing is dying: once it has heard Ok, everything is gone.
/// </remarks>
public static class Deletion
{
    /// <summary>Deletes the capability in a slot. An empty slot is no error: the call may be a second one.</summary>
    /// <returns>Ok or Again.</returns>
    public static Outcome Delete<THost, [AllowLinear] TState>(ref TState state, ObjectPointer<CapabilitySlot> slot)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        var budget = new WorkBudget(Limits.DeletionSlotsMax);
        while (!DyingRecord.IsSettled(slot))
        {
            if (!budget.TrySpendOnSlot())
            {
                return new Outcome(SystemResult.Again);
            }

            Step<THost, TState>(ref state, slot);
        }

        return THost.Capabilities(ref state).Dying.IsEmpty ? Outcome.Ok : FinishDying<THost, TState>(ref state, ref budget);
    }

    /// <summary>Deletes everything that was derived from a capability, which stays, unless it lies in what is deleted.</summary>
    /// <returns>Ok; Again; <see cref="SystemResult.WouldBlock"/>: all that is left is held by other instances, which have been asked.</returns>
    public static Outcome Revoke<THost, [AllowLinear] TState>(ref TState state, ObjectPointer<CapabilitySlot> slot)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        var budget = new WorkBudget(Limits.DeletionSlotsMax);
        while (slot.Value.HasChildren)
        {
            if (!budget.TrySpendOnSlot())
            {
                return new Outcome(SystemResult.Again);
            }

            // The children of a deleted one take its place, so everything below comes to be first some time.
            ObjectPointer<CapabilitySlot> child = slot.Value.FirstChild;
            if (child.Value.Type == CapabilityType.Dying)
            {
                if (!TryPark(slot, child))
                {
                    TakeApart<THost, TState>(ref state, ref budget);
                }
            }
            else if ((child.Value.Flags & SlotFlags.Exported) == 0 || THost.TryEndExport(ref state, child))
            {
                Step<THost, TState>(ref state, child);
            }
            else if (!TryPark(slot, child))
            {
                return AwaitHolders<THost, TState>(ref state, ref budget);
            }
        }

        return FinishDying<THost, TState>(ref state, ref budget);
    }

    // What others hold stands behind all else by now, so whatever could go without them is gone.
    private static Outcome AwaitHolders<THost, [AllowLinear] TState>(ref TState state, ref WorkBudget budget)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        Outcome finished = FinishDying<THost, TState>(ref state, ref budget);
        return finished.IsOk ? new Outcome(SystemResult.WouldBlock) : finished;
    }

    /// <summary>Puts a record of a death behind the other children: a container is taken apart last, since the slot
    /// that is revoked may be in it. The same for what another instance holds: the others need not wait for that.</summary>
    /// <returns>Whether it was not there already.</returns>
    private static bool TryPark(ObjectPointer<CapabilitySlot> parent, ObjectPointer<CapabilitySlot> record)
    {
        if ((record.Value.Flags & SlotFlags.Parked) != 0)
        {
            return false;
        }

        record.Value.Flags |= SlotFlags.Parked;
        Derivation.Remove(record);

        // Its children have its place, and are not below it any more.
        record.Value.FirstChild = default;
        record.Value.LastChild = default;
        Derivation.InsertChild(parent, record);
        return true;
    }

    private static Outcome FinishDying<THost, [AllowLinear] TState>(ref TState state, ref WorkBudget budget)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        while (!THost.Capabilities(ref state).Dying.IsEmpty)
        {
            if (!budget.TrySpendOnLook())
            {
                return new Outcome(SystemResult.Again);
            }

            TakeApart<THost, TState>(ref state, ref budget);
        }

        return Outcome.Ok;
    }

    /// <summary>One step on the container that is first among the dying.</summary>
    private static void TakeApart<THost, [AllowLinear] TState>(ref TState state, ref WorkBudget budget)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        ref CapabilityState capabilities = ref THost.Capabilities(ref state);
        ObjectPointer<CapabilitySlot> slot = capabilities.Dying.First;
        ref CapabilitySlot record = ref slot.Value;
        ObjectPointer<CapabilitySlot> next = slot;
        if (DyingRecord.IsSettled(slot))
        {
            if (record.Extra == 0)
            {
                capabilities.Dying.Remove(slot);
                Unlink(slot);
                return;
            }

            next = DyingRecord.Content(in record, record.Extra - 1);
            if (next.Value.IsEmpty)
            {
                record.Extra--;
                return;
            }
        }

        budget.SpendOnSlot();
        Step<THost, TState>(ref state, next);
    }

    /// <summary>One step towards an empty slot.</summary>
    /// <param name="state">The instance's.</param>
    /// <param name="slot">Not empty, and no record that is where it belongs.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<THost, [AllowLinear] TState>(ref TState state, ObjectPointer<CapabilitySlot> slot)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        if (slot.Value.Type == CapabilityType.Dying)
        {
            StepHome<THost, TState>(ref state, slot);
        }
        else
        {
            Shrink<THost, TState>(ref state, slot);
        }
    }

    /// <summary>One step of a record to where it belongs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StepHome<THost, [AllowLinear] TState>(ref TState state, ObjectPointer<CapabilitySlot> record)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        ref DyingList dying = ref THost.Capabilities(ref state).Dying;
        ObjectPointer<CapabilitySlot> home = DyingRecord.Home(in record.Value);
        if (home.Value.IsEmpty)
        {
            Moving.Relocate(record, home);
            dying.Moved(home);
        }
        else if (home.Value.Type == CapabilityType.Dying)
        {
            // Another record waits where this one belongs. One of the two is settled by that.
            Moving.Exchange(record, home);
            dying.Swapped(record, home);
        }
        else
        {
            Shrink<THost, TState>(ref state, home);
        }
    }

    /// <summary>Deletes a capability, or does one step of it; of the last one to a container, makes it a record.</summary>
    private static void Shrink<THost, [AllowLinear] TState>(ref TState state, ObjectPointer<CapabilitySlot> slot)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        ref CapabilitySlot shrinks = ref slot.Value;
        ObjectPointer<CapabilitySlot> import = default;
        if ((shrinks.Flags & (SlotFlags.InThread | SlotFlags.Imported)) != 0)
        {
            import = PrepareSpecial<THost, TState>(ref state, slot);
        }

        switch (shrinks.Type)
        {
            case CapabilityType.Frame:
                FrameMapping.TakeOut(in THost.Capabilities(ref state), ref shrinks);
                break;
            case CapabilityType.Untyped:
                break;
            default:
                if (IsLast(in shrinks) && !Destruction.End<THost, TState>(ref state, slot))
                {
                    return;
                }

                break;
        }

        Unlink(slot);
        if (!import.IsNull)
        {
            THost.EmptyImport(ref state, import);
        }
    }

    // Tells the thread that it lies in; finds the import that nobody has any more without it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ObjectPointer<CapabilitySlot> PrepareSpecial<THost, [AllowLinear] TState>(
        ref TState state, ObjectPointer<CapabilitySlot> slot)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        if ((slot.Value.Flags & SlotFlags.InThread) != 0)
        {
            ThreadSlots.Lose<THost, TState>(ref state, slot);
        }

        return (slot.Value.Flags & SlotFlags.Imported) != 0 ? Crossing.LastBelow(in slot.Value) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unlink(ObjectPointer<CapabilitySlot> slot)
    {
        Derivation.Remove(slot);
        slot.Value.Empty();
    }

    // Capabilities to one object stand together: the others are its children, or beside it, or its parent, which an only
    // child finds on both sides.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLast(ref readonly CapabilitySlot slot) =>
        !IsSame(in slot, slot.FirstChild) && !IsSame(in slot, slot.Next.Slot) && !IsSame(in slot, slot.Previous.Slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSame(ref readonly CapabilitySlot slot, ObjectPointer<CapabilitySlot> other) =>
        !other.IsNull && slot.IsSameObjectAs(in other.Value);
}
