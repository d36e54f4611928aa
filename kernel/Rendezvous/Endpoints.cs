using Atoll.Abi;
using Atoll.Cap;
using Atoll.Sched;

namespace Atoll.Rendezvous;

/// <summary>Sending to endpoints and receiving from them: the long way, which can do all.</summary>
/// <remarks>
/// What a thread sends is in its context. Results go into contexts: a thread that waits finds them when it goes on. Blocks: the thread, never the kernel.
/// </remarks>
public static class Endpoints
{
    /// <summary>A thread sends: to the first receiver at once, or it waits its turn.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="sender">Who; its <see cref="Thread.SendBadge"/>, <see cref="Thread.SendRights"/> and flags say how.</param>
    /// <param name="wait">How long it may wait.</param>
    public static void Send(ref Scheduler scheduler, ObjectPointer<Endpoint> endpoint, ObjectPointer<Thread> sender, WaitBound wait)
    {
        ref Endpoint meeting = ref endpoint.Value;
        if (meeting.State == QueueState.Receivers)
        {
            ObjectPointer<Thread> receiver = meeting.Head;
            Leave(ref scheduler, receiver);
            Meet(ref scheduler, sender, receiver);
            Dispatch.Wake(ref scheduler, receiver);
            return;
        }

        if (!wait.MayWait)
        {
            sender.Value.Context.Rax = (ulong)SystemResult.WouldBlock;
            return;
        }

        Enter(ref scheduler, endpoint, sender, ThreadState.Sending);
    }

    /// <summary>A thread receives: from the first sender at once, or it waits.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="receiver">Who; it is running.</param>
    /// <param name="reply">Takes a caller; null: callers cannot be answered.</param>
    /// <param name="wait">How long it may wait.</param>
    public static void Receive(
        ref Scheduler scheduler, ObjectPointer<Endpoint> endpoint, ObjectPointer<Thread> receiver, ObjectPointer<Reply> reply, WaitBound wait)
    {
        if (Notifications.TakeBound(ref receiver.Value))
        {
            return;
        }

        ref Endpoint meeting = ref endpoint.Value;
        if (meeting.State == QueueState.Senders)
        {
            ObjectPointer<Thread> sender = meeting.Head;
            Leave(ref scheduler, sender);
            Offer(ref scheduler, receiver, reply);
            if ((sender.Value.Flags & ThreadFlags.IsFault) == 0)
            {
                // The registers of one that faulted are its own.
                sender.Value.Context.Rax = (ulong)SystemResult.Ok;
            }

            if (Meet(ref scheduler, sender, receiver))
            {
                Dispatch.Wake(ref scheduler, sender);
            }

            return;
        }

        if (!wait.MayWait)
        {
            receiver.Value.Context.Rax = (ulong)SystemResult.WouldBlock;
            return;
        }

        Offer(ref scheduler, receiver, reply);
        Enter(ref scheduler, endpoint, receiver, ThreadState.Receiving);
    }

    /// <summary>Takes a waiting thread out of its endpoint's queue.</summary>
    public static void Leave(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        ref Endpoint meeting = ref thread.Value.Endpoint.Value;
        if (!meeting.NextToCancel.IsNull)
        {
            PassBy(ref meeting, thread);
        }

        ThreadQueue.Remove(ref meeting.Head, thread);
        if (meeting.Head.IsNull)
        {
            meeting.State = QueueState.Idle;
        }

        thread.Value.Endpoint = default;
        if (thread.Value.HasDeadline)
        {
            scheduler.Deadlines.Remove(thread);
        }
    }

    /// <summary>Whoever cancels senders a part at a time is done with one of them: it stays, or is about to leave.</summary>
    /// <param name="meeting">Its endpoint.</param>
    /// <param name="sender">In the queue.</param>
    public static void PassBy(ref Endpoint meeting, ObjectPointer<Thread> sender)
    {
        bool isNext = sender.Is(meeting.NextToCancel);
        bool isLast = sender.Is(meeting.LastToCancel);
        if (isNext && isLast)
        {
            meeting.NextToCancel = default;
            meeting.LastToCancel = default;
        }
        else if (isNext)
        {
            meeting.NextToCancel = sender.Value.Next;
        }
        else if (isLast)
        {
            meeting.LastToCancel = sender.Value.Previous;
        }
    }

    /// <summary>Forgets which reply object a receiver offered.</summary>
    public static void Withdraw(ref Thread receiver)
    {
        if (!receiver.Reply.IsNull)
        {
            receiver.Reply.Value.Waiter = default;
            receiver.Reply = default;
        }
    }

    private static void Enter(
        ref Scheduler scheduler, ObjectPointer<Endpoint> endpoint, ObjectPointer<Thread> thread, ThreadState state)
    {
        ref Thread waits = ref thread.Value;
        waits.State = state;
        waits.Endpoint = endpoint;
        ref Endpoint meeting = ref endpoint.Value;
        ThreadQueue.AddLast(ref meeting.Head, thread);
        meeting.State = state == ThreadState.Sending ? QueueState.Senders : QueueState.Receivers;
        WaitBound.Arm(ref scheduler, thread);
    }

    // A reply object serves one thread and one caller: who offers one that is in use takes it over. Its caller hears that nobody will
    // answer; who waits with it goes on waiting, but callers cannot be answered there.
    private static void Offer(ref Scheduler scheduler, ObjectPointer<Thread> receiver, ObjectPointer<Reply> reply)
    {
        receiver.Value.Reply = reply;
        if (reply.IsNull)
        {
            return;
        }

        ref Reply offered = ref reply.Value;
        if (!offered.Caller.IsNull)
        {
            Replies.Abandon(ref scheduler, offered.Caller);
        }

        if (!offered.Waiter.IsNull)
        {
            Withdraw(ref offered.Waiter.Value);
        }

        offered.Waiter = receiver;
    }

    // Sender and receiver are in no queue. Tells whether the sender can go on: it neither waits for an answer nor for ever.
    private static bool Meet(ref Scheduler scheduler, ObjectPointer<Thread> sender, ObjectPointer<Thread> receiver)
    {
        ref Thread from = ref sender.Value;
        bool mayGrant = (from.SendRights & CapabilityRights.Grant) != 0;
        MessageTransfer.Carry(sender, receiver, from.SendBadge, mayGrant);
        ObjectPointer<Reply> reply = receiver.Value.Reply;
        Withdraw(ref receiver.Value);
        if ((from.Flags & (ThreadFlags.IsCall | ThreadFlags.IsFault)) == 0)
        {
            return true;
        }

        bool mayReply = (from.SendRights & (CapabilityRights.Grant | CapabilityRights.GrantReply)) != 0;
        if (!reply.IsNull && mayReply)
        {
            Replies.Await(ref scheduler, sender, receiver, reply);
            return false;
        }

        return Cancellation.Release(ref scheduler, sender, SystemResult.PeerDied);
    }
}
