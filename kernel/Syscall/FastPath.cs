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
/// clock is read and no timer set. Words are stored one by one: a copy of 16 bytes would bring a vector register into the path.
/// Cost: bench figure <c>ipc.call-reply</c>.
/// </remarks>
public static class FastPath
{
    /// <summary>Sends to a waiting receiver and lets it run on the caller's time.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="address">From the program.</param>
    /// <param name="header">From the program.</param>
    /// <param name="word0">Message.</param>
    /// <param name="word1">Message.</param>
    /// <param name="word2">Message.</param>
    /// <param name="word3">Message.</param>
    /// <returns>The receiver's context; 0: not done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TryCall(
        ref Scheduler scheduler, ulong address, ulong header, ulong word0, ulong word1, ulong word2, ulong word3)
    {
        ObjectPointer<Thread> current = Thread.OfContext(scheduler.Entry.Current);
        ref Thread caller = ref current.Value;
        if (address >= caller.PlainSlots || !new MessageHeader(header).IsShort)
        {
            return 0;
        }

        ref CapabilitySlot slot = ref CNode.Slot(caller.RootSlots, address).Value;
        const CapabilityRights needed = CapabilityRights.Write | CapabilityRights.GrantReply;
        if (!Holds(in slot, CapabilityType.Endpoint, needed))
        {
            return 0;
        }

        ref Endpoint endpoint = ref slot.Endpoint.Value;
        if (endpoint.State != QueueState.Receivers)
        {
            return 0;
        }

        ObjectPointer<Thread> waiting = endpoint.Head;
        ref Thread receiver = ref waiting.Value;
        ObjectPointer<Reply> reply = receiver.Reply;
        if (reply.IsNull || !reply.Value.Caller.IsNull || !IsReadyPartner(in scheduler, in receiver))
        {
            return 0;
        }

        LeaveQueue(ref endpoint, ref receiver, waiting);
        ref Reply through = ref reply.Value;
        ObjectPointer<SchedulingContext> time = caller.SchedulingContext;
        receiver.State = ThreadState.Ready;
        receiver.Reply = default;
        receiver.SchedulingContext = time;
        caller.State = ThreadState.AwaitingReply;
        caller.Flags = ThreadFlags.IsCall;
        caller.Reply = reply;
        caller.SchedulingContext = default;
        through.Waiter = default;
        through.Caller = current;
        through.MayGrant = (slot.Rights & CapabilityRights.Grant) != 0;
        through.Lent = time;
        through.Below = time.Value.Lent;
        time.Value.Lent = reply;
        time.Value.Runner = waiting;

        Deliver(ref receiver.Context, header, word0, word1, word2, word3);
        receiver.Context.Rdi = slot.Badge;
        return SwitchTo(ref scheduler, in receiver, waiting);
    }

    /// <summary>Answers a caller that waits, waits for the next message, and lets the caller run on its own time again.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="address">Endpoint, from the program.</param>
    /// <param name="header">From the program.</param>
    /// <param name="word0">Message.</param>
    /// <param name="word1">Message.</param>
    /// <param name="word2">Message.</param>
    /// <param name="word3">Message.</param>
    /// <param name="replyAddress">Reply capability, from the program.</param>
    /// <returns>The caller's context; 0: not done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TryReplyReceive(
        ref Scheduler scheduler, ulong address, ulong header, ulong word0, ulong word1, ulong word2, ulong word3, ulong replyAddress)
    {
        ObjectPointer<Thread> current = Thread.OfContext(scheduler.Entry.Current);
        ref Thread server = ref current.Value;
        if (address >= server.PlainSlots || replyAddress >= server.PlainSlots || !new MessageHeader(header).IsShort)
        {
            return 0;
        }

        ref CapabilitySlot slot = ref CNode.Slot(server.RootSlots, address).Value;
        ref CapabilitySlot replySlot = ref CNode.Slot(server.RootSlots, replyAddress).Value;
        if (!Holds(in slot, CapabilityType.Endpoint, CapabilityRights.Read) || replySlot.Type != CapabilityType.Reply)
        {
            return 0;
        }

        ref Endpoint endpoint = ref slot.Endpoint.Value;
        ObjectPointer<Reply> reply = replySlot.Reply;
        ref Reply through = ref reply.Value;
        ObjectPointer<Thread> waiting = through.Caller;
        ObjectPointer<SchedulingContext> time = server.SchedulingContext;
        if (waiting.IsNull || endpoint.State == QueueState.Senders || !through.Lent.Is(time) || !time.Value.Lent.Is(reply)
            || !server.BoundNotification.IsNull)
        {
            return 0;
        }

        ref Thread caller = ref waiting.Value;
        if (caller.Flags != ThreadFlags.IsCall || !IsReadyPartner(in scheduler, in caller))
        {
            return 0;
        }

        time.Value.Lent = through.Below;
        time.Value.Runner = waiting;
        through.Below = default;
        through.Lent = default;
        through.Caller = default;
        through.Waiter = current;
        caller.State = ThreadState.Ready;
        caller.Reply = default;
        caller.SchedulingContext = time;
        server.SchedulingContext = default;
        server.State = ThreadState.Receiving;
        server.Flags = ThreadFlags.None;
        server.Reply = reply;
        server.Endpoint = slot.Endpoint;
        EnterQueue(ref endpoint, ref server, current);

        Deliver(ref caller.Context, header, word0, word1, word2, word3);
        caller.Context.Rdi = 0;
        return SwitchTo(ref scheduler, in caller, waiting);
    }

    private static bool Holds(ref readonly CapabilitySlot slot, CapabilityType type, CapabilityRights rights) =>
        slot.Type == type && (slot.Rights & rights) == rights;

    // No deadline, an address space, no time of its own, and it goes before all others: nothing but registers changes when it runs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsReadyPartner(ref readonly Scheduler scheduler, ref readonly Thread partner) =>
        (partner.Flags & (ThreadFlags.HasDeadline | ThreadFlags.NoSpace)) == 0
        && partner.SchedulingContext.IsNull
        && partner.Priority > scheduler.Ready.Highest;

    // Nearly always it waits alone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LeaveQueue(ref Endpoint endpoint, ref Thread receiver, ObjectPointer<Thread> waiting)
    {
        receiver.Endpoint = default;
        if (receiver.Next.Is(waiting))
        {
            receiver.Next = default;
            receiver.Previous = default;
            endpoint.Head = default;
            endpoint.State = QueueState.Idle;
            return;
        }

        ThreadQueue.Remove(ref endpoint.Head, waiting);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EnterQueue(ref Endpoint endpoint, ref Thread server, ObjectPointer<Thread> current)
    {
        endpoint.State = QueueState.Receivers;
        if (endpoint.Head.IsNull)
        {
            server.Next = current;
            server.Previous = current;
            endpoint.Head = current;
            return;
        }

        ThreadQueue.AddLast(ref endpoint.Head, current);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Deliver(ref ThreadContext context, ulong header, ulong word0, ulong word1, ulong word2, ulong word3)
    {
        context.Rax = (ulong)SystemResult.Ok;
        context.Rsi = header;
        context.Rdx = word0;
        context.R10 = word1;
        context.R8 = word2;
        context.R9 = word3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SwitchTo(ref Scheduler scheduler, ref readonly Thread next, ObjectPointer<Thread> nextPointer)
    {
        if (next.TableRoot != scheduler.LoadedTables)
        {
            scheduler.LoadedTables = next.TableRoot;
            Cpu.UsePageTables(next.TableRoot);
        }

        return nextPointer.Address;
    }
}
