using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Sched;

namespace Atoll.Rendezvous;

/// <summary>Ends waits from outside: a deadline, another thread, the death of what was waited for.</summary>
public static class Cancellation
{
    /// <summary>Ends the wait of a thread, which goes on with a result.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="thread">A thread that waits at an endpoint, for an answer, or for a signal; any other is left as it is.</param>
    /// <param name="result">What it hears.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void EndWait(ref Scheduler scheduler, ObjectPointer<Thread> thread, SystemResult result)
    {
        if (Unhook(ref scheduler, thread) && Release(ref scheduler, thread, result))
        {
            Dispatch.Wake(ref scheduler, thread);
        }
    }

    /// <summary>Stops a thread whatever it does. Time that it lent comes back; time that it was lent stays until its caller is
    /// answered.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="thread">A thread that waited hears <see cref="SystemResult.Cancelled"/> when it is resumed.</param>
    public static void Suspend(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        if (Unhook(ref scheduler, thread))
        {
            _ = Release(ref scheduler, thread, SystemResult.Cancelled);
        }

        Dispatch.Stop(ref scheduler, thread);
    }

    /// <summary>Tells a thread in no queue how its wait ended: no message, only a result.</summary>
    /// <returns>Whether it goes on. Nobody deals with a fault that is not answered: such a thread stays stopped.</returns>
    internal static bool Release(ref Scheduler scheduler, ObjectPointer<Thread> thread, SystemResult result)
    {
        if ((thread.Value.Flags & ThreadFlags.IsFault) != 0)
        {
            Dispatch.Stop(ref scheduler, thread);
            return false;
        }

        MessageTransfer.CarryResult(ref thread.Value, result);
        return true;
    }

    /// <summary>Takes a thread out of whatever it waits in. Its state is to be set by the caller.</summary>
    /// <returns>Whether it waited.</returns>
    public static bool Unhook(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        switch (thread.Value.State)
        {
            case ThreadState.Sending:
                Endpoints.Leave(ref scheduler, thread);
                return true;
            case ThreadState.Receiving:
                Endpoints.Leave(ref scheduler, thread);
                Endpoints.Withdraw(ref thread.Value);
                return true;
            case ThreadState.AwaitingReply:
                scheduler.HasForeignNews |= thread.Value.Reply.Value.IsForeign;
                Replies.End(ref scheduler, thread.Value.Reply);
                return true;
            case ThreadState.AwaitingSignal:
                Notifications.Leave(ref scheduler, thread);
                return true;
            case ThreadState.Inactive:
            case ThreadState.Ready:
                return false;
        }

        return false;
    }
}
