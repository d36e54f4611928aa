using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>Receive: from endpoints and notifications; and the answer that may go before.</summary>
internal static class Receiving
{
    /// <summary>Answers, then receives. Nobody to answer is no error here: the caller may have given up.</summary>
    internal static void ReplyReceive(
        ref Scheduler scheduler, ObjectPointer<Thread> current, ulong address, ulong replyAddress, WaitBound wait)
    {
        ref Thread server = ref current.Value;
        if (CSpace.Find(in server, replyAddress, CapabilityType.Reply, out ObjectPointer<CapabilitySlot> slot).IsOk)
        {
            if (!new MessageHeader(server.Context.Rsi).IsValid)
            {
                Refusal.Argument(ref server, SystemResult.ArgumentInvalid);
                return;
            }

            _ = Replies.Answer(ref scheduler, slot.Value.Reply, current);
        }

        Receive(ref scheduler, current, address, replyAddress, wait);
    }

    /// <summary>Receives, or waits.</summary>
    internal static void Receive(
        ref Scheduler scheduler, ObjectPointer<Thread> current, ulong address, ulong replyAddress, WaitBound wait)
    {
        ref Thread receiver = ref current.Value;
        ObjectPointer<CapabilitySlot> slot = CSpace.Find(in receiver, address, out uint depth);
        if (slot.IsNull || slot.Value.IsEmpty)
        {
            Refusal.Missing(ref scheduler, current, address, slot, depth);
            return;
        }

        ref readonly CapabilitySlot source = ref slot.Value;
        if (source.Type is not (CapabilityType.Endpoint or CapabilityType.Notification))
        {
            Refusal.Type(ref scheduler, current, address, source.Type);
            return;
        }

        if ((source.Rights & CapabilityRights.Read) == 0)
        {
            Refusal.Right(ref scheduler, current, address, CapabilityRights.Read);
            return;
        }

        receiver.Flags = ThreadFlags.None;
        wait.Remember(ref receiver);
        if (source.Type == CapabilityType.Notification)
        {
            Notifications.Wait(ref scheduler, source.Notification, current, wait);
            return;
        }

        ObjectPointer<Reply> reply = default;
        if (CSpace.Find(in receiver, replyAddress, CapabilityType.Reply, out ObjectPointer<CapabilitySlot> replySlot).IsOk)
        {
            reply = replySlot.Value.Reply;
        }

        Endpoints.Receive(ref scheduler, source.Endpoint, current, reply, wait);
    }
}
