using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Cap;

/// <summary>The capabilities that a thread lives by: slots of the thread, and what it repeats of them for the fast
/// path.</summary>
public static class ThreadSlots
{
    /// <summary>A thread of zeroed memory: its slots know where they lie, and its flags are those of a program.</summary>
    public static void Prepare(ObjectPointer<Thread> thread)
    {
        thread.Value.Context.Rflags = UserFlags.Always;
        ObjectPointer<CapabilitySlot> slots = Thread.SlotsOf(thread);
        for (ulong index = 0; index < Thread.SlotCount; index++)
        {
            CNode.Slot(slots, index).Value.Flags = SlotFlags.InThread;
        }
    }

    /// <summary>Gives a thread capabilities of its own, derived from those named, in place of those that it has.</summary>
    /// <param name="state">The instance's.</param>
    /// <param name="thread">Not dying.</param>
    /// <param name="root">A CNode capability.</param>
    /// <param name="space">A VSpace capability.</param>
    /// <param name="handler">An Endpoint capability, or null.</param>
    /// <param name="frame">A Frame capability whose first bytes become the message buffer, or null.</param>
    /// <returns>
    /// Ok; <see cref="SystemResult.ArgumentInvalid"/>, and nothing has changed; <see cref="SystemResult.Again"/> while
    /// the old ones are
    /// deleted; <see cref="SystemResult.WrongState"/> when one of those named, or the thread, went with them.
    /// </returns>
    public static Outcome Set<THost, [AllowLinear] TState>(
        ref TState state,
        ObjectPointer<Thread> thread,
        ObjectPointer<CapabilitySlot> root,
        ObjectPointer<CapabilitySlot> space,
        ObjectPointer<CapabilitySlot> handler,
        ObjectPointer<CapabilitySlot> frame)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        Outcome given = Check(root, space, handler, frame);
        if (!given.IsOk)
        {
            return given;
        }

        ObjectPointer<CapabilitySlot> slots = Thread.SlotsOf(thread);
        for (ulong index = 0; index < Thread.SlotCount; index++)
        {
            Outcome emptied = Deletion.Delete<THost, TState>(ref state, CNode.Slot(slots, index));
            if (!emptied.IsOk)
            {
                return emptied;
            }
        }

        // The old ones may have taken with them what was given, and the thread itself.
        given = Check(root, space, handler, frame);
        if (!given.IsOk)
        {
            return given;
        }

        if ((thread.Value.Flags & ThreadFlags.Ended) != 0)
        {
            return new Outcome(SystemResult.WrongState);
        }

        Copying.Link(root, CNode.Slot(slots, 0), CapabilityRights.All);
        Copying.Link(space, CNode.Slot(slots, 1), CapabilityRights.All);
        if (!handler.IsNull)
        {
            Copying.Link(handler, CNode.Slot(slots, 2), CapabilityRights.All);
        }

        if (!frame.IsNull)
        {
            Copying.Link(frame, CNode.Slot(slots, 3), CapabilityRights.All);
        }

        Repeat(ref thread.Value);
        return Outcome.Ok;
    }

    /// <summary>Chooses the part of its buffer frame that a thread uses.</summary>
    /// <param name="thread">It has a buffer frame.</param>
    /// <param name="offset">In the frame; a multiple of <see cref="MessageBuffer.SizeBytes"/>.</param>
    /// <param name="address">Where the program sees it.</param>
    public static void PlaceBuffer(ref Thread thread, ulong offset, ulong address)
    {
        thread.Buffer = new(PhysicalWindow.Base + thread.BufferFrame.Object + offset);
        thread.BufferAddress = address;
    }

    /// <summary>A slot of a thread is about to become empty: the thread must not use what it holds any more.</summary>
    internal static void Lose<THost, [AllowLinear] TState>(ref TState state, ObjectPointer<CapabilitySlot> slot)
        where THost : ICapabilityHost<TState>
        where TState : struct
    {
        ObjectPointer<Thread> thread = Thread.OfSlot(slot);
        ref Thread loser = ref thread.Value;
        switch (slot.Value.Type)
        {
            case CapabilityType.CNode:
                loser.RootSlots = default;
                loser.PlainSlots = 0;
                break;
            case CapabilityType.VSpace:
                loser.TableRoot = 0;
                loser.Flags |= ThreadFlags.NoSpace;
                THost.LoseVSpace(ref state, thread);
                break;
            case CapabilityType.Frame:
                loser.Buffer = default;
                loser.BufferAddress = 0;
                break;
        }
    }

    // The kernel reads and writes the buffer through the window, by the capability's leave.
    private static bool CanHoldBuffer(ref readonly CapabilitySlot frame)
    {
        const CapabilityRights needed = CapabilityRights.Read | CapabilityRights.Write;
        return frame.IsInside && (frame.Rights & needed) == needed;
    }

    private static Outcome Check(
        ObjectPointer<CapabilitySlot> root,
        ObjectPointer<CapabilitySlot> space,
        ObjectPointer<CapabilitySlot> handler,
        ObjectPointer<CapabilitySlot> frame)
    {
        if (!Is(root, CapabilityType.CNode) || !Is(space, CapabilityType.VSpace)
            || !Is(handler, CapabilityType.Endpoint) || !Is(frame, CapabilityType.Frame))
        {
            return new Outcome(SystemResult.WrongState);
        }

        return frame.IsNull || CanHoldBuffer(in frame.Value) ? Outcome.Ok : new Outcome(SystemResult.ArgumentInvalid, 3);
    }

    private static bool Is(ObjectPointer<CapabilitySlot> slot, CapabilityType type) => slot.IsNull || slot.Value.Type == type;

    private static void Repeat(ref Thread thread)
    {
        ref readonly CapabilitySlot root = ref thread.CSpace;
        bool isPlain = root.Extra + root.SizeBits == CSpace.AddressBits && root.Badge == 0;
        thread.RootSlots = root.Slots;
        thread.PlainSlots = isPlain ? CNode.Count(in root) : 0;
        thread.TableRoot = thread.VSpace.Table.Physical;
        thread.Flags &= ~ThreadFlags.NoSpace;
        if (thread.BufferFrame.Type == CapabilityType.Frame)
        {
            PlaceBuffer(ref thread, offset: 0, address: 0);
        }
    }
}
