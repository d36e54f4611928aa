using System.Runtime.CompilerServices;
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
    internal static Outcome Invoke(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ref readonly CapabilitySlot channel, ref Invocation call)
    {
        uint number = (uint)channel.Object;
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
                call.Answer(4, (ulong)entry.State, entry.Epoch, entry.Peer | ((ulong)number << 32), isMapped ? 1UL : 0);
                return Outcome.Ok;
            case ChannelOperation.Reopen:
                return Reopen(ref kernel, number);
            case ChannelOperation.Grant:
                return Grant(ref kernel, caller, in channel, in call, lends: false);
            case ChannelOperation.Lend:
                return Grant(ref kernel, caller, in channel, in call, lends: true);
            case ChannelOperation.Accept:
                return Accept(ref kernel, caller, number, in call);
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    /// <summary>Rings the channels that a message names: one entry for who then waits.</summary>
    /// <param name="kernel">The core's.</param>
    /// <param name="caller">Its message words 0 and 1 are addresses of channels, or of anything else: that is passed over.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void RingTwo(ref Microkernel kernel, ObjectPointer<Thread> caller)
    {
        ulong address = caller.Value.Context.Rdx;
        for (int word = 0; word < 2; word++)
        {
            if (CSpace.Find(in caller.Value, address, CapabilityType.Channel, out ObjectPointer<CapabilitySlot> slot).IsOk)
            {
                kernel.Channels.Ring(ref kernel.Scheduler, (uint)slot.Value.Object);
            }

            address = caller.Value.Context.R10;
        }
    }

    /// <summary>Which ends have signalled a notification.</summary>
    internal static Outcome TakeReady(ref Microkernel kernel, ref readonly CapabilitySlot notification, ref Invocation call)
    {
        if ((NotificationOperation)call.Operation != NotificationOperation.TakeReady)
        {
            return new Outcome(SystemResult.OperationUnknown);
        }

        if ((notification.Rights & CapabilityRights.Read) == 0)
        {
            return new Outcome(SystemResult.RightMissing, (ulong)CapabilityRights.Read);
        }

        // Each argument is evaluated after the one before, and none is ready after 0.
        ref ChannelTable channels = ref kernel.Channels;
        ref Notification told = ref notification.Notification.Value;
        call.Answer(
            MessageHeader.RegisterWords, channels.TakeReady(in told), channels.TakeReady(in told), channels.TakeReady(in told), channels.TakeReady(in told));
        return Outcome.Ok;
    }

    private static Outcome Reopen(ref Microkernel kernel, uint number)
    {
        if (!kernel.Channels.TryReopen(in kernel.Capabilities, number))
        {
            return new Outcome(SystemResult.WrongState);
        }

        kernel.Remote.DropArrived(ref kernel.Channels, number);
        return Outcome.Ok;
    }

    private static Outcome Grant(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ref readonly CapabilitySlot channel, ref readonly Invocation call, bool lends)
    {
        if ((channel.Rights & CapabilityRights.Grant) == 0)
        {
            return new Outcome(SystemResult.RightMissing, (ulong)CapabilityRights.Grant);
        }

        ObjectPointer<CapabilitySlot> given = CSpace.Find(in caller.Value, call.Word0, out uint depth);
        if (given.IsNull || given.Value.IsEmpty)
        {
            return new Outcome(given.IsNull ? SystemResult.AddressInvalid : SystemResult.SlotEmpty, depth);
        }

        Outcome can = lends ? Crossing.CheckLoan(in given.Value) : Outcome.Ok;
        if (!can.IsOk)
        {
            return can;
        }

        CapabilityRights rights = (CapabilityRights)(call.Word1 & (ulong)CapabilityRights.All);
        Outcome granted = kernel.Remote.Grant(ref kernel.Scheduler, ref kernel.Channels, (uint)channel.Object, given, rights);
        if (lends && granted.IsOk)
        {
            Crossing.Lend(in kernel.Capabilities, ref given.Value);
        }

        return granted;
    }

    private static Outcome Accept(ref Microkernel kernel, ObjectPointer<Thread> caller, uint number, ref readonly Invocation call)
    {
        Outcome found = Destination.Find(in caller.Value, call.Word2, call.Word3, out ObjectPointer<CapabilitySlot> into);
        return found.IsOk ? kernel.Remote.Accept(ref kernel.Scheduler, ref kernel.Channels, number, into) : found;
    }

    private static Outcome SetNotification(
        ref Microkernel kernel, ObjectPointer<Thread> caller, uint number, ref readonly Invocation call)
    {
        Outcome found = Destination.FindSignalled(in caller.Value, call.Word0, out ObjectPointer<CapabilitySlot> slot);
        if (found.IsOk)
        {
            kernel.Channels.Listen(ref kernel.Scheduler, number, slot.Value.Notification, slot.Value.Badge, (ushort)call.Word1);
        }

        return found;
    }

    private static Outcome Attach(ref Microkernel kernel, ObjectPointer<Thread> caller, uint number, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(in caller.Value, call.Word0, CapabilityType.VSpace, out ObjectPointer<CapabilitySlot> space);
        return found.IsOk ? kernel.Channels.Attach(in kernel.Capabilities, number, in space.Value, call.Word1) : found;
    }
}
