using Atoll.Abi;
using Atoll.Cap;
using Atoll.Sched;

namespace Atoll.Rendezvous;

/// <summary>Waiting for an answer, and answering. A caller lends its time to a receiver that has none; it comes back with the answer.</summary>
/// <remarks>
/// Time that was lent on is a chain: <see cref="SchedulingContext.Lent"/> is the last reply object that it was lent through, <see cref="Reply.Below"/> the one before.
/// Who is answered out of order takes it back from everybody above.
/// </remarks>
public static class Replies
{
    /// <summary>A caller waits for the answer.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="caller">Who called; in no queue.</param>
    /// <param name="receiver">Who was called; in no queue.</param>
    /// <param name="reply">What the answer will come through.</param>
    public static void Await(ref Scheduler scheduler, ObjectPointer<Thread> caller, ObjectPointer<Thread> receiver, ObjectPointer<Reply> reply)
    {
        ref Thread waits = ref caller.Value;
        ref Reply through = ref reply.Value;
        waits.State = ThreadState.AwaitingReply;
        waits.Reply = reply;
        through.Caller = caller;
        through.MayGrant = (waits.SendRights & CapabilityRights.Grant) != 0;
        ObjectPointer<SchedulingContext> time = waits.SchedulingContext;
        if (receiver.Value.SchedulingContext.IsNull && !time.IsNull)
        {
            Lend(ref scheduler, caller, receiver, reply);
        }

        WaitBound.Arm(ref scheduler, caller);
    }

    /// <summary>A thread answers. Its message is in its context.</summary>
    /// <returns>NoCaller: nobody waits.</returns>
    public static SystemResult Answer(ref Scheduler scheduler, ObjectPointer<Reply> reply, ObjectPointer<Thread> sender)
    {
        ref Reply through = ref reply.Value;
        ObjectPointer<Thread> caller = through.Caller;
        if (caller.IsNull)
        {
            return SystemResult.NoCaller;
        }

        bool goesOn = true;
        if ((caller.Value.Flags & ThreadFlags.IsFault) != 0)
        {
            goesOn = Faults.Resume(ref caller.Value, in sender.Value.Context);
        }
        else
        {
            MessageTransfer.Carry(sender, caller, badge: 0, through.MayGrant);
        }

        End(ref scheduler, reply);
        if (goesOn)
        {
            Dispatch.Wake(ref scheduler, caller);
        }
        else
        {
            caller.Value.State = ThreadState.Inactive;
        }

        return SystemResult.Ok;
    }

    /// <summary>A caller hears that nobody will answer it.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="caller">It waits for an answer.</param>
    public static void Abandon(ref Scheduler scheduler, ObjectPointer<Thread> caller)
    {
        End(ref scheduler, caller.Value.Reply);
        if (Cancellation.Release(ref scheduler, caller, SystemResult.PeerDied))
        {
            Dispatch.Wake(ref scheduler, caller);
        }
    }

    /// <summary>Takes a caller from a reply object, and gives it back the time that it lent.</summary>
    public static void End(ref Scheduler scheduler, ObjectPointer<Reply> reply)
    {
        ref Reply through = ref reply.Value;
        ObjectPointer<Thread> caller = through.Caller;
        ObjectPointer<SchedulingContext> time = through.Lent;
        through.Caller = default;
        caller.Value.Reply = default;
        if (caller.Value.HasDeadline)
        {
            scheduler.Deadlines.Remove(caller);
        }

        if (!time.IsNull)
        {
            Unwind(ref time.Value, reply);
            TakeBack(ref scheduler, caller, time);
        }
    }

    /// <summary>Whether a thread waits for an answer that brings it back time.</summary>
    public static bool HasLent(ref readonly Thread thread) => thread.State == ThreadState.AwaitingReply && !thread.Reply.Value.Lent.IsNull;

    /// <summary>Time ends that was lent: nobody gets it back.</summary>
    public static void Forget(ref SchedulingContext time)
    {
        ObjectPointer<Reply> at = time.Lent;
        while (!at.IsNull)
        {
            ref Reply through = ref at.Value;
            at = through.Below;
            through.Lent = default;
            through.Below = default;
        }

        time.Lent = default;
    }

    private static void Lend(ref Scheduler scheduler, ObjectPointer<Thread> caller, ObjectPointer<Thread> receiver, ObjectPointer<Reply> reply)
    {
        ObjectPointer<SchedulingContext> time = caller.Value.SchedulingContext;
        reply.Value.Lent = time;
        reply.Value.Below = time.Value.Lent;
        time.Value.Lent = reply;
        caller.Value.SchedulingContext = default;
        Dispatch.SetTime(ref scheduler, receiver, time);
    }

    // Bounded by the number of threads that it was lent through.
    private static void Unwind(ref SchedulingContext time, ObjectPointer<Reply> to)
    {
        ObjectPointer<Reply> at = time.Lent;
        while (!at.Is(to))
        {
            ref Reply above = ref at.Value;
            at = above.Below;
            above.Lent = default;
            above.Below = default;
        }

        time.Lent = to.Value.Below;
        to.Value.Lent = default;
        to.Value.Below = default;
    }

    private static void TakeBack(ref Scheduler scheduler, ObjectPointer<Thread> caller, ObjectPointer<SchedulingContext> time)
    {
        ObjectPointer<Thread> runner = time.Value.Runner;
        if (!runner.IsNull)
        {
            Dispatch.SetTime(ref scheduler, runner, default);
        }

        caller.Value.SchedulingContext = time;
        time.Value.Runner = caller;
    }
}
