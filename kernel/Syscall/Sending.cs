using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>Call and Send: to endpoints, notifications and reply objects; and operations of kernel objects.</summary>
internal static class Sending
{
    /// <summary>Call: a message that waits for its answer, or an operation.</summary>
    internal static void Call(ref Microkernel kernel, ObjectPointer<Thread> current, ulong address, WaitBound wait)
    {
        ref Thread caller = ref current.Value;
        ObjectPointer<CapabilitySlot> slot = CSpace.Find(in caller, address, out uint depth);
        if (slot.IsNull || slot.Value.IsEmpty)
        {
            Refusal.Missing(ref kernel.Scheduler, current, address, slot, depth);
            return;
        }

        if (slot.Value.Type == CapabilityType.Endpoint)
        {
            ToEndpoint(ref kernel.Scheduler, current, address, in slot.Value, ThreadFlags.IsCall, wait);
            return;
        }

        if (slot.Value.Type == CapabilityType.Remote)
        {
            ToRemote(ref kernel, current, in slot.Value, ThreadFlags.IsCall, wait);
            return;
        }

        Operations.Invoke(ref kernel, current, slot);
    }

    /// <summary>Send: a message without an answer, a signal, or an answer.</summary>
    internal static void Send(ref Microkernel kernel, ObjectPointer<Thread> current, ulong address, WaitBound wait)
    {
        ref Scheduler scheduler = ref kernel.Scheduler;
        ref Thread sender = ref current.Value;
        ObjectPointer<CapabilitySlot> slot = CSpace.Find(in sender, address, out uint depth);
        if (slot.IsNull)
        {
            Refusal.Missing(ref scheduler, current, address, slot, depth);
            return;
        }

        ref readonly CapabilitySlot target = ref slot.Value;
        sender.Context.Rax = (ulong)SystemResult.Ok;
        switch (target.Type)
        {
            case CapabilityType.Endpoint:
                ToEndpoint(ref scheduler, current, address, in target, ThreadFlags.None, wait);
                break;
            case CapabilityType.Notification when (target.Rights & CapabilityRights.Write) != 0:
                Notifications.Signal(ref scheduler, target.Notification, target.Badge);
                break;
            case CapabilityType.Remote when (CapabilityType)target.SizeBits != CapabilityType.Notification:
                ToRemote(ref kernel, current, in target, ThreadFlags.None, wait);
                break;
            case CapabilityType.Remote when (target.Rights & CapabilityRights.Write) != 0:
                kernel.Remote.Signal((uint)target.Object);
                break;
            case CapabilityType.Notification or CapabilityType.Remote:
                Refusal.Right(ref scheduler, current, address, CapabilityRights.Write);
                break;
            case CapabilityType.Reply:
                Answer(ref scheduler, current, target.Reply);
                break;
            case CapabilityType.Null:
                Refusal.Missing(ref scheduler, current, address, slot, depth);
                break;
            default:
                Refusal.Type(ref scheduler, current, address, target.Type);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ToRemote(ref Microkernel kernel, ObjectPointer<Thread> current, ref readonly CapabilitySlot slot, ThreadFlags kind, WaitBound wait) =>
        default(Invocation).Deliver(ref current.Value.Context, RemoteSending.Begin(ref kernel, current, in slot, kind, wait));

    private static void Answer(ref Scheduler scheduler, ObjectPointer<Thread> current, ObjectPointer<Reply> reply)
    {
        ref Thread sender = ref current.Value;
        if (!new MessageHeader(sender.Context.Rsi).IsValid)
        {
            Refusal.Argument(ref sender, SystemResult.ArgumentInvalid);
            return;
        }

        sender.Context.Rax = (ulong)Replies.Answer(ref scheduler, reply, current);
    }

    private static void ToEndpoint(
        ref Scheduler scheduler,
        ObjectPointer<Thread> current,
        ulong address,
        ref readonly CapabilitySlot slot,
        ThreadFlags kind,
        WaitBound wait)
    {
        CapabilityRights missing = CallRights.Missing(slot.Rights, kind == ThreadFlags.IsCall);
        if (missing != CapabilityRights.None)
        {
            Refusal.Right(ref scheduler, current, address, missing);
            return;
        }

        ref Thread sender = ref current.Value;
        if (!new MessageHeader(sender.Context.Rsi).IsValid)
        {
            Refusal.Argument(ref sender, SystemResult.ArgumentInvalid);
            return;
        }

        sender.Flags = kind;
        sender.SendBadge = slot.Badge;
        sender.SendRights = slot.Rights;
        wait.Remember(ref sender);
        sender.Context.Rax = (ulong)SystemResult.Ok;
        Endpoints.Send(ref scheduler, slot.Endpoint, current, wait);
    }
}
