using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>Gives a thread what it lives by.</summary>
/// <remarks>Decode, then commit: everything is found and checked before the first slot changes.</remarks>
internal static class ThreadConfiguration
{
    /// <summary>CSpace, address space, fault endpoint, message buffer. The thread holds capabilities of its own, derived from those named.</summary>
    internal static Outcome Configure(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<Thread> thread, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(in caller.Value, call.Word0, CapabilityType.CNode, out ObjectPointer<CapabilitySlot> root);
        if (!found.IsOk)
        {
            return found;
        }

        found = CSpace.Find(in caller.Value, call.Word1, CapabilityType.VSpace, out ObjectPointer<CapabilitySlot> space);
        if (!found.IsOk)
        {
            return found;
        }

        ObjectPointer<CapabilitySlot> handler = default;
        if (call.Word2 != 0)
        {
            found = CSpace.Find(in caller.Value, call.Word2, CapabilityType.Endpoint, out handler);
            if (!found.IsOk)
            {
                return found;
            }

            if ((handler.Value.Rights & CapabilityRights.Write) == 0)
            {
                return new Outcome(SystemResult.RightMissing, (ulong)CapabilityRights.Write);
            }
        }

        ObjectPointer<CapabilitySlot> frame = default;
        if (call.Word3 != 0)
        {
            found = CSpace.Find(in caller.Value, call.Word3, CapabilityType.Frame, out frame);
            if (!found.IsOk)
            {
                return found;
            }
        }

        Outcome set = ThreadSlots.Set<ObjectLife, Microkernel>(ref kernel, thread, root, space, handler, frame);
        if (set.IsOk)
        {
            Dispatch.Reconsider(ref kernel.Scheduler, thread);
        }

        return set;
    }

    /// <summary>Where in its frame the message buffer lies, and where the program sees it.</summary>
    internal static Outcome SetBuffer(ObjectPointer<Thread> caller, ObjectPointer<Thread> thread, ref readonly Invocation call)
    {
        ref Thread target = ref thread.Value;
        if (target.BufferFrame.Type != CapabilityType.Frame)
        {
            return new Outcome(SystemResult.BufferMissing);
        }

        if (call.Word1 % MessageBuffer.SizeBytes != 0)
        {
            return new Outcome(SystemResult.Unaligned, 1);
        }

        if (call.Word0 >= UserSpace.End)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        if (call.Word1 >= 1UL << target.BufferFrame.SizeBits)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 1);
        }

        ThreadSlots.PlaceBuffer(ref target, call.Word1, call.Word0);
        return Outcome.Ok;
    }

    /// <summary>Binds a scheduling context: the thread's own time.</summary>
    internal static Outcome BindContext(
        ref Scheduler scheduler, ObjectPointer<Thread> caller, ObjectPointer<Thread> thread, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(
            in caller.Value, call.Word0, CapabilityType.SchedulingContext, out ObjectPointer<CapabilitySlot> slot);
        if (!found.IsOk)
        {
            return found;
        }

        ObjectPointer<SchedulingContext> time = slot.Value.SchedulingContext;
        if (!time.Value.Thread.IsNull || !thread.Value.SchedulingContext.IsNull || Replies.HasLent(in thread.Value)
            || time.Value.Budget == 0)
        {
            return new Outcome(SystemResult.WrongState);
        }

        time.Value.Thread = thread;
        Dispatch.SetTime(ref scheduler, thread, time);
        return Outcome.Ok;
    }

    /// <summary>Takes the thread's own time away. Not while it is lent.</summary>
    internal static Outcome UnbindContext(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        ObjectPointer<SchedulingContext> time = thread.Value.SchedulingContext;
        if (time.IsNull || !time.Value.Thread.Is(thread))
        {
            return new Outcome(SystemResult.WrongState);
        }

        time.Value.Thread = default;
        Dispatch.SetTime(ref scheduler, thread, default);
        return Outcome.Ok;
    }

    /// <summary>Binds a notification: its signals end the thread's waits at endpoints.</summary>
    internal static Outcome BindNotification(
        ref Scheduler scheduler, ObjectPointer<Thread> caller, ObjectPointer<Thread> thread, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(
            in caller.Value, call.Word0, CapabilityType.Notification, out ObjectPointer<CapabilitySlot> slot);
        if (!found.IsOk)
        {
            return found;
        }

        if ((slot.Value.Rights & CapabilityRights.Read) == 0)
        {
            return new Outcome(SystemResult.RightMissing, (ulong)CapabilityRights.Read);
        }

        ObjectPointer<Notification> notification = slot.Value.Notification;
        if (!notification.Value.BoundThread.IsNull || !thread.Value.BoundNotification.IsNull)
        {
            return new Outcome(SystemResult.WrongState);
        }

        Notifications.Bind(ref scheduler, notification, thread);
        return Outcome.Ok;
    }

    /// <summary>Frees the thread's notification.</summary>
    internal static Outcome UnbindNotification(ObjectPointer<Thread> thread)
    {
        ObjectPointer<Notification> notification = thread.Value.BoundNotification;
        if (notification.IsNull)
        {
            return new Outcome(SystemResult.WrongState);
        }

        notification.Value.BoundThread = default;
        thread.Value.BoundNotification = default;
        return Outcome.Ok;
    }
}
