using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;

namespace Atoll.Syscall;

/// <summary>Operations of a Channel, and the one that makes it.</summary>
internal static class ChannelOperations
{
    /// <summary>Asks for a channel. Which programs may meet is decided by who holds the InstanceControl on either core: both ends name each other. Whether there is such a core says whoever makes channels.</summary>
    internal static Outcome Connect(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> control, ref readonly Invocation call)
    {
        if (call.Word0 >= Limits.InstanceCountMax)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        Outcome found = Destination.Find(in caller.Value, call.Word2, call.Word3, out ObjectPointer<CapabilitySlot> into);
        if (!found.IsOk)
        {
            return found;
        }

        if (!kernel.Channels.TryAsk((uint)call.Word0, call.Word1, out uint number))
        {
            return new Outcome(SystemResult.Unavailable);
        }

        RootCapabilities.Derive(control, into, CapabilityType.Channel, number);
        return Outcome.Ok;
    }

    /// <summary>What a program asks of its end.</summary>
    internal static Outcome Invoke(ref Microkernel kernel, ObjectPointer<Thread> caller, uint number, ref Invocation call)
    {
        switch ((ChannelOperation)call.Operation)
        {
            case ChannelOperation.SetNotification:
                return SetNotification(ref kernel, caller, number, in call);
            case ChannelOperation.Attach:
                return Attach(ref kernel, caller, number, in call);
            case ChannelOperation.Ring:
                kernel.Channels.Ring(ref kernel.Scheduler, number);
                return Outcome.Ok;
            case ChannelOperation.Describe:
                ref readonly ChannelEntry entry = ref kernel.Channels[number];
                bool isMapped = entry.Frames.AreMapped(in kernel.Capabilities);
                call.Answer(4, (ulong)entry.State, entry.Epoch, entry.Peer, isMapped ? 1UL : 0);
                return Outcome.Ok;
            case ChannelOperation.Reopen:
                return kernel.Channels.TryReopen(in kernel.Capabilities, number) ? Outcome.Ok : new Outcome(SystemResult.WrongState);
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    private static Outcome SetNotification(
        ref Microkernel kernel, ObjectPointer<Thread> caller, uint number, ref readonly Invocation call)
    {
        Outcome found = Destination.FindSignalled(in caller.Value, call.Word0, out ObjectPointer<CapabilitySlot> slot);
        if (found.IsOk)
        {
            kernel.Channels.Listen(ref kernel.Scheduler, number, slot.Value.Notification, slot.Value.Badge);
        }

        return found;
    }

    private static Outcome Attach(ref Microkernel kernel, ObjectPointer<Thread> caller, uint number, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(in caller.Value, call.Word0, CapabilityType.VSpace, out ObjectPointer<CapabilitySlot> space);
        return found.IsOk ? kernel.Channels.Attach(in kernel.Capabilities, number, in space.Value, call.Word1) : found;
    }
}
