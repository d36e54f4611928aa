using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>From one thread straight to another, as on the <see cref="FastPath"/>, with what is more than registers can carry: long messages,
/// capabilities, and faults with their answers. Anything else is left to the long way, with nothing changed.</summary>
/// <remarks>
/// The same cases as there, and the same changes; so no ready queue, clock or timer is touched. What differs is how the message is carried: by
/// <see cref="MessageTransfer"/>, as on the long way. Cost: bench figures <c>ipc.call-reply.10-words</c>, <c>ipc.call-reply.grant</c>, <c>fault.page</c>.
/// </remarks>
public static class HandOver
{
    /// <summary>Does a call, or an answer with the next receive, of the running thread between plain slots.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="current">The running thread; its message is in its context.</param>
    /// <param name="number">RAX, from the program.</param>
    /// <param name="address">RDI, from the program.</param>
    /// <param name="replyAddress">R12, from the program.</param>
    /// <returns>The context to go on with; 0: not done.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong Try(ref Scheduler scheduler, ObjectPointer<Thread> current, ulong number, ulong address, ulong replyAddress)
    {
        ref readonly Thread thread = ref current.Value;
        if (address >= thread.PlainSlots)
        {
            return 0;
        }

        ObjectPointer<CapabilitySlot> slot = CNode.Slot(thread.RootSlots, address);
        return number switch
        {
            (ulong)SystemCall.Call => TryCall(ref scheduler, current, slot),
            (ulong)SystemCall.ReplyReceive when replyAddress < thread.PlainSlots =>
                TryReplyReceive(ref scheduler, current, slot, CNode.Slot(thread.RootSlots, replyAddress)),
            _ => 0,
        };
    }

    /// <summary>Sends any message to a waiting receiver, which runs on the caller's time.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="caller">The running thread; its message is in its context.</param>
    /// <param name="slot">What it named.</param>
    /// <returns>The receiver's context; 0: not done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong TryCall(ref Scheduler scheduler, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot)
    {
        ref CapabilitySlot endpoint = ref slot.Value;
        if (!FastPath.Holds(in endpoint, CapabilityType.Endpoint, CapabilityRights.Write | CapabilityRights.GrantReply)
            || !new MessageHeader(caller.Value.Context.Rsi).IsValid)
        {
            return 0;
        }

        return Meet(ref scheduler, caller, in endpoint, ThreadFlags.IsCall);
    }

    /// <summary>Tells a waiting handler of a fault; the thread waits for its answer.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="thread">The running thread.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="address">What <see cref="FaultWords.Address"/> says.</param>
    /// <returns>The handler's context; 0: not done.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong TryFault(ref Scheduler scheduler, ObjectPointer<Thread> thread, FaultKind kind, ulong address)
    {
        ref Thread faulted = ref thread.Value;
        if (!FastPath.Holds(in faulted.FaultEndpoint, CapabilityType.Endpoint, CapabilityRights.Write | CapabilityRights.GrantReply))
        {
            return 0;
        }

        // Where nobody takes it at once, the long way says the same again.
        faulted.Fault = (uint)kind;
        faulted.FaultAddress = address;
        return Meet(ref scheduler, thread, in faulted.FaultEndpoint, ThreadFlags.IsFault);
    }

    /// <summary>Answers any message or fault, and waits for the next.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="server">The running thread; its answer is in its context.</param>
    /// <param name="slot">What it receives from.</param>
    /// <param name="replySlot">What it answers through.</param>
    /// <returns>The context of who was answered; 0: not done.</returns>
    private static ulong TryReplyReceive(
        ref Scheduler scheduler, ObjectPointer<Thread> server, ObjectPointer<CapabilitySlot> slot, ObjectPointer<CapabilitySlot> replySlot)
    {
        if (!FastPath.Holds(in slot.Value, CapabilityType.Endpoint, CapabilityRights.Read) || replySlot.Value.Type != CapabilityType.Reply
            || !new MessageHeader(server.Value.Context.Rsi).IsValid)
        {
            return 0;
        }

        ObjectPointer<Reply> reply = replySlot.Value.Reply;
        ObjectPointer<Endpoint> endpoint = slot.Value.Endpoint;
        ObjectPointer<SchedulingContext> time = server.Value.SchedulingContext;
        ObjectPointer<Thread> caller = reply.Value.Caller;
        if (caller.IsNull || !FastPath.CanAnswer(in scheduler, server, caller, reply, time, endpoint))
        {
            return 0;
        }

        bool hasFaulted = caller.Value.Flags == ThreadFlags.IsFault;
        if (hasFaulted ? !Faults.GoesOn(in server.Value.Context) : caller.Value.Flags != ThreadFlags.IsCall)
        {
            return 0;
        }

        FastPath.AwaitNext(server, caller, reply, time, endpoint);
        if (hasFaulted)
        {
            _ = Faults.Resume(ref caller.Value, in server.Value.Context);
        }
        else
        {
            MessageTransfer.Carry(server, caller, badge: 0, reply.Value.MayGrant);
        }

        return FastPath.SwitchTo(ref scheduler, caller);
    }

    // Once, for both: text is dear.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Meet(ref Scheduler scheduler, ObjectPointer<Thread> sender, ref readonly CapabilitySlot endpoint, ThreadFlags kind)
    {
        ObjectPointer<Endpoint> meeting = endpoint.Endpoint;
        if (meeting.Value.State != QueueState.Receivers)
        {
            return 0;
        }

        ObjectPointer<Thread> receiver = meeting.Value.Head;
        ObjectPointer<Reply> reply = receiver.Value.Reply;
        if (!FastPath.CanReceive(in scheduler, receiver, reply))
        {
            return 0;
        }

        FastPath.AwaitAnswer(sender, receiver, reply, in endpoint, meeting, kind);
        MessageTransfer.Carry(sender, receiver, endpoint.Badge, (endpoint.Rights & CapabilityRights.Grant) != 0);
        return FastPath.SwitchTo(ref scheduler, receiver);
    }
}
