using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>Call, and reply with the next receive, when everything is as it nearly always is. Anything else is left to the long way, with nothing changed.</summary>
/// <remarks>
/// The usual case: an endpoint in the root CNode, a short message without capabilities, a partner that waits in a system call without
/// a deadline, and that goes first among all who can run. Time is lent with the call and comes back with the answer, so no
/// clock is read and no timer set. The message is in the sender's context already. Nothing here calls anything, so that registers are
/// enough and no frame is made; words are copied one by one, since a copy of 16 bytes would bring a vector register into the path.
/// Cost: bench figure <c>ipc.call-reply</c>.
/// </remarks>
public static class FastPath
{
    /// <summary>Sends to a waiting receiver, which runs on the caller's time.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="caller">Its message is in its context.</param>
    /// <param name="slot">What it named.</param>
    /// <param name="header">From the program.</param>
    /// <returns>The receiver, for <see cref="SwitchTo"/>; null: not done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ObjectPointer<Thread> TryCall(
        ref readonly Scheduler scheduler, ObjectPointer<Thread> caller, ref readonly CapabilitySlot slot, ulong header)
    {
        if (!Holds(in slot, CapabilityType.Endpoint, CapabilityRights.Write | CapabilityRights.GrantReply) || !new MessageHeader(header).IsShort)
        {
            return default;
        }

        ObjectPointer<Endpoint> endpoint = slot.Endpoint;
        if (endpoint.Value.State != QueueState.Receivers)
        {
            return default;
        }

        ObjectPointer<Thread> receiver = endpoint.Value.Head;
        ObjectPointer<Reply> reply = receiver.Value.Reply;
        if (!CanReceive(in scheduler, receiver, reply))
        {
            return default;
        }

        AwaitAnswer(caller, receiver, reply, in slot, endpoint, ThreadFlags.IsCall);
        Deliver(in caller.Value, ref receiver.Value, slot.Badge);
        return receiver;
    }

    /// <summary>Answers a caller that waits, waits for the next message, and lets the caller run on its own time again.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="server">Its answer is in its context.</param>
    /// <param name="slot">What it receives from.</param>
    /// <param name="replySlot">What it answers through.</param>
    /// <param name="header">From the program.</param>
    /// <returns>The caller, for <see cref="SwitchTo"/>; null: not done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ObjectPointer<Thread> TryReplyReceive(
        ref readonly Scheduler scheduler,
        ObjectPointer<Thread> server,
        ref readonly CapabilitySlot slot,
        ref readonly CapabilitySlot replySlot,
        ulong header)
    {
        if (!Holds(in slot, CapabilityType.Endpoint, CapabilityRights.Read) || replySlot.Type != CapabilityType.Reply
            || !new MessageHeader(header).IsShort)
        {
            return default;
        }

        ObjectPointer<Reply> reply = replySlot.Reply;
        ObjectPointer<Thread> caller = reply.Value.Caller;
        ObjectPointer<SchedulingContext> time = server.Value.SchedulingContext;
        if (caller.IsNull || !CanAnswer(in scheduler, server, caller, reply, time, slot.Endpoint) || caller.Value.Flags != ThreadFlags.IsCall)
        {
            return default;
        }

        AwaitNext(server, caller, reply, time, slot.Endpoint);
        Deliver(in server.Value, ref caller.Value, badge: 0);
        return caller;
    }

    /// <summary>Goes over to a partner's address space: the last that is done, so that nothing has to be kept while the tables change.</summary>
    /// <returns>Its context.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SwitchTo(ref Scheduler scheduler, ObjectPointer<Thread> partner)
    {
        ulong tables = partner.Value.TableRoot;
        if (tables == scheduler.LoadedTables)
        {
            return partner.Address;
        }

        scheduler.LoadedTables = tables;
        return Cpu.UsePageTables(tables, partner.Address);
    }

    /// <summary>Whether a Send is a signal that wakes nobody.</summary>
    /// <param name="slot">What it names.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CanSignal(ref readonly CapabilitySlot slot) =>
        Holds(in slot, CapabilityType.Notification, CapabilityRights.Write)
        && slot.Notification.Value.Head.IsNull
        && slot.Notification.Value.BoundThread.IsNull;

    /// <summary>Leaves a signal to whoever will ask for it. <see cref="CanSignal"/> has said so.</summary>
    /// <param name="caller">Who signals.</param>
    /// <param name="slot">What it named.</param>
    /// <returns><see cref="ExitWord.SameThread"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong Signal(ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot)
    {
        ref Notification signalled = ref slot.Value.Notification.Value;
        signalled.Pending |= slot.Value.Badge;
        signalled.IsPending = true;
        caller.Value.Context.Rax = (ulong)SystemResult.Ok;
        return ExitWord.SameThread;
    }

    /// <summary>Whether a thread that waits for messages can take a call and go first: it has a reply object that is free, and is a partner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool CanReceive(ref readonly Scheduler scheduler, ObjectPointer<Thread> receiver, ObjectPointer<Reply> reply) =>
        !reply.IsNull && reply.Value.Caller.IsNull && IsReadyPartner(in scheduler, receiver);

    /// <summary>The running thread waits for the answer, and a receiver goes on with its time. The message is not carried yet.</summary>
    /// <param name="caller">The running thread.</param>
    /// <param name="receiver">The first of the endpoint's receivers, which <see cref="CanReceive"/>.</param>
    /// <param name="reply">Its reply object.</param>
    /// <param name="slot">The endpoint's capability.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="kind">A call, or a fault.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AwaitAnswer(
        ObjectPointer<Thread> caller,
        ObjectPointer<Thread> receiver,
        ObjectPointer<Reply> reply,
        ref readonly CapabilitySlot slot,
        ObjectPointer<Endpoint> endpoint,
        ThreadFlags kind)
    {
        // Pointers first, then what they point to: so each is in one register at a time, and none has to be saved.
        ObjectPointer<SchedulingContext> time = caller.Value.SchedulingContext;
        reply.Value.Caller = caller;
        reply.Value.Below = time.Value.Lent;
        time.Value.Lent = reply;
        time.Value.Runner = receiver;
        ref Thread from = ref caller.Value;
        from.Reply = reply;
        from.SchedulingContext = default;
        from.State = ThreadState.AwaitingReply;
        from.Flags = kind;
        ref Reply through = ref reply.Value;
        through.Lent = time;
        through.Waiter = default;
        through.MayGrant = (slot.Rights & CapabilityRights.Grant) != 0;
        LeaveQueue(endpoint, receiver);
        ref Thread to = ref receiver.Value;
        to.Endpoint = default;
        to.Reply = default;
        to.SchedulingContext = time;
        to.State = ThreadState.Ready;
    }

    /// <summary>Whether a thread that waits for an answer goes first when it has it: on its own time, with nobody and nothing for the server to receive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool CanAnswer(
        ref readonly Scheduler scheduler,
        ObjectPointer<Thread> server,
        ObjectPointer<Thread> caller,
        ObjectPointer<Reply> reply,
        ObjectPointer<SchedulingContext> time,
        ObjectPointer<Endpoint> endpoint) =>
        endpoint.Value.State != QueueState.Senders && reply.Value.Lent.Is(time) && time.Value.Lent.Is(reply)
        && server.Value.BoundNotification.IsNull && IsReadyPartner(in scheduler, caller);

    /// <summary>The running thread waits for the next message, and a caller goes on, on its own time. The answer is not carried yet.</summary>
    /// <param name="server">The running thread.</param>
    /// <param name="caller">Whom it <see cref="CanAnswer"/>.</param>
    /// <param name="reply">The reply object.</param>
    /// <param name="time">The caller's, which the server runs on.</param>
    /// <param name="endpoint">Where it waits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AwaitNext(
        ObjectPointer<Thread> server,
        ObjectPointer<Thread> caller,
        ObjectPointer<Reply> reply,
        ObjectPointer<SchedulingContext> time,
        ObjectPointer<Endpoint> endpoint)
    {
        time.Value.Lent = reply.Value.Below;
        time.Value.Runner = caller;
        reply.Value.Waiter = server;
        EnterQueue(endpoint, server);
        ref Thread from = ref server.Value;
        from.Endpoint = endpoint;
        from.Reply = reply;
        from.SchedulingContext = default;
        from.State = ThreadState.Receiving;
        from.Flags = ThreadFlags.None;
        ref Reply through = ref reply.Value;
        through.Caller = default;
        through.Below = default;
        through.Lent = default;
        ref Thread to = ref caller.Value;
        to.Reply = default;
        to.SchedulingContext = time;
        to.State = ThreadState.Ready;
    }

    /// <summary>Whether a slot has a capability of a type with rights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Holds(ref readonly CapabilitySlot slot, CapabilityType type, CapabilityRights rights) =>
        slot.Type == type && (slot.Rights & rights) == rights;

    // No deadline, an address space, no time of its own, and it goes before all others: nothing but registers changes when it runs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsReadyPartner(ref readonly Scheduler scheduler, ObjectPointer<Thread> partner) =>
        (partner.Value.Flags & (ThreadFlags.HasDeadline | ThreadFlags.NoSpace)) == 0
        && partner.Value.SchedulingContext.IsNull
        && scheduler.Ready.IsBelow(partner.Value.Priority);

    // The first of a queue, and nearly always alone in it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LeaveQueue(ObjectPointer<Endpoint> endpoint, ObjectPointer<Thread> receiver)
    {
        ObjectPointer<Thread> next = receiver.Value.Next;
        if (next.Is(receiver))
        {
            endpoint.Value.Head = default;
            endpoint.Value.State = QueueState.Idle;
        }
        else
        {
            endpoint.Value.Head = next;
            next.Value.Previous = receiver.Value.Previous;
            receiver.Value.Previous.Value.Next = next;
        }

        receiver.Value.Next = default;
        receiver.Value.Previous = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EnterQueue(ObjectPointer<Endpoint> endpoint, ObjectPointer<Thread> server)
    {
        ObjectPointer<Thread> first = endpoint.Value.Head;
        if (first.IsNull)
        {
            endpoint.Value.State = QueueState.Receivers;
            endpoint.Value.Head = server;
            server.Value.Next = server;
            server.Value.Previous = server;
            return;
        }

        server.Value.Next = first;
        server.Value.Previous = first.Value.Previous;
        first.Value.Previous.Value.Next = server;
        first.Value.Previous = server;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Deliver(ref readonly Thread from, ref Thread to, ulong badge)
    {
        to.Context.Rax = (ulong)SystemResult.Ok;
        to.Context.Rdi = badge;
        to.Context.Rsi = from.Context.Rsi;
        to.Context.Rdx = from.Context.Rdx;
        to.Context.R10 = from.Context.R10;
        to.Context.R8 = from.Context.R8;
        to.Context.R9 = from.Context.R9;
    }
}
