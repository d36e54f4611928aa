using Atoll.Abi;
using Atoll.Cap;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>Every object that a capability somewhere names. A pointer to anything else leads to memory that is, or will be, something
/// else.</summary>
public sealed class LiveObjects
{
    private readonly HashSet<ulong> _slots = [];
    private readonly Stack<ObjectPointer<CapabilitySlot>> _found = new();

    private LiveObjects()
    {
    }

    public Dictionary<ulong, ObjectPointer<Endpoint>> Endpoints { get; } = [];

    public Dictionary<ulong, ObjectPointer<Notification>> Notifications { get; } = [];

    public Dictionary<ulong, ObjectPointer<Reply>> Replies { get; } = [];

    public Dictionary<ulong, ObjectPointer<SchedulingContext>> Times { get; } = [];

    /// <summary>Threads; those that are being taken apart as well.</summary>
    public Dictionary<ulong, ObjectPointer<Thread>> Threads { get; } = [];

    /// <summary>Looks at all slots that can be reached: along the derivation tree, and into CNodes and threads.</summary>
    public static LiveObjects Of(KernelWorld world)
    {
        var live = new LiveObjects();
        for (uint index = 0; index < 1u << KernelWorld.RootRadix; index++)
        {
            live.Visit(world.Root(index));
        }

        while (live._found.TryPop(out ObjectPointer<CapabilitySlot> slot))
        {
            live.Look(in slot.Value);
        }

        return live;
    }

    private void Visit(ObjectPointer<CapabilitySlot> slot)
    {
        if (!slot.IsNull && !slot.Value.IsEmpty && _slots.Add(slot.Address))
        {
            _found.Push(slot);
        }
    }

    private void Look(ref readonly CapabilitySlot slot)
    {
        Visit(slot.FirstChild);
        Visit(slot.LastChild);
        Visit(slot.Next.Slot);
        Visit(slot.Previous.Slot);
        switch (slot.Type)
        {
            case CapabilityType.Endpoint:
                Endpoints[slot.Object] = slot.Endpoint;
                break;
            case CapabilityType.Notification:
                Notifications[slot.Object] = slot.Notification;
                break;
            case CapabilityType.Reply:
                Replies[slot.Object] = slot.Reply;
                break;
            case CapabilityType.SchedulingContext:
                Times[slot.Object] = slot.SchedulingContext;
                break;
            case CapabilityType.CNode:
            case CapabilityType.Dying when slot.SizeBits != 0:
                VisitAll(slot.Slots, 1UL << slot.SizeBits);
                break;
            case CapabilityType.Thread:
            case CapabilityType.Dying:
                Threads[slot.Object] = Thread.OfContext(slot.Object);
                VisitAll(Thread.SlotsOf(Thread.OfContext(slot.Object)), Thread.SlotCount + 1);
                break;
        }
    }

    private void VisitAll(ObjectPointer<CapabilitySlot> first, ulong count)
    {
        for (ulong index = 0; index < count; index++)
        {
            Visit(CNode.Slot(first, index));
        }
    }
}
