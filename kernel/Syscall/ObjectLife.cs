using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Irq;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>What else ends when an object ends: waits, time, interrupts, and the thread that is running.</summary>
public readonly struct ObjectLife : ICapabilityHost<Microkernel>
{
    // Senders that one call looks at, so that its length is bounded, whatever waits.
    private const int SendersAtOnceMax = 32;

    /// <inheritdoc/>
    public static ref CapabilityState Capabilities(ref Microkernel state) => ref state.Capabilities;

    /// <inheritdoc/>
    public static void EndThread(ref Microkernel state, ObjectPointer<Thread> thread)
    {
        ref Scheduler scheduler = ref state.Scheduler;
        Cancellation.Unhook(ref scheduler, thread);
        Dispatch.Stop(ref scheduler, thread);
        ObjectPointer<SchedulingContext> time = thread.Value.SchedulingContext;
        if (!time.IsNull && !time.Value.Lent.IsNull)
        {
            // It served a call: its caller takes its time back, and hears that no answer will come.
            Replies.Abandon(ref scheduler, time.Value.Lent.Value.Caller);
        }
        else if (!time.IsNull)
        {
            time.Value.Thread = default;
            Dispatch.SetTime(ref scheduler, thread, default);
        }

        if (thread.Is(scheduler.Current))
        {
            scheduler.EndCurrent();
        }
    }

    /// <inheritdoc/>
    public static void LoseVSpace(ref Microkernel state, ObjectPointer<Thread> thread) => Dispatch.Reconsider(ref state.Scheduler, thread);

    /// <inheritdoc/>
    public static bool EndWait(ref Microkernel state, ObjectPointer<Endpoint> endpoint)
    {
        ObjectPointer<Thread> waiter = endpoint.Value.Head;
        if (waiter.IsNull)
        {
            return true;
        }

        Cancellation.EndWait(ref state.Scheduler, waiter, SystemResult.PeerDied);
        return endpoint.Value.Head.IsNull;
    }

    /// <inheritdoc/>
    public static bool EndWait(ref Microkernel state, ObjectPointer<Notification> notification)
    {
        ObjectPointer<Thread> waiter = notification.Value.Head;
        if (!waiter.IsNull)
        {
            Cancellation.EndWait(ref state.Scheduler, waiter, SystemResult.PeerDied);
        }

        if (!notification.Value.Head.IsNull)
        {
            return false;
        }

        state.Interrupts.Forget(notification);
        state.Channels.Forget(notification);
        state.Members.Forget(notification);
        return true;
    }

    /// <inheritdoc/>
    public static void EndReply(ref Microkernel state, ObjectPointer<Reply> reply)
    {
        ObjectPointer<Thread> waiter = reply.Value.Waiter;
        if (!waiter.IsNull)
        {
            Endpoints.Withdraw(ref waiter.Value);
        }

        if (!reply.Value.Caller.IsNull)
        {
            Replies.Abandon(ref state.Scheduler, reply.Value.Caller);
        }
    }

    /// <inheritdoc/>
    public static void EndSchedulingContext(ref Microkernel state, ObjectPointer<SchedulingContext> context)
    {
        ref Scheduler scheduler = ref state.Scheduler;
        if (scheduler.Charged.Is(context))
        {
            Budgets.ChargeTo(ref scheduler, default, Cpu.ReadTsc());
        }

        Replies.Forget(ref context.Value);
        if (!context.Value.Runner.IsNull)
        {
            Dispatch.SetTime(ref scheduler, context.Value.Runner, default);
        }
    }

    /// <inheritdoc/>
    public static void EndInterrupt(ref Microkernel state, ulong number) => state.Interrupts.Release((uint)number);

    /// <inheritdoc/>
    public static void EndChannel(ref Microkernel state, ulong number)
    {
        state.Remote.DropArrived(ref state.Channels, (uint)number);
        state.Channels.Leave(in state.Capabilities, ref state.Scheduler, (uint)number);
    }

    /// <inheritdoc/>
    public static bool TryEndExport(ref Microkernel state, ObjectPointer<CapabilitySlot> slot) =>
        state.Remote.TryEndExport(ref state.Scheduler, ref state.Channels, slot);

    /// <inheritdoc/>
    public static void EmptyImport(ref Microkernel state, ObjectPointer<CapabilitySlot> root) => state.Remote.EmptyImport(root);

    /// <inheritdoc/>
    public static void LeaveTables(ref Microkernel state, ulong root)
    {
        if (state.Scheduler.LoadedTables == root)
        {
            state.Scheduler.LoadedTables = state.Scheduler.KernelTables;
            Cpu.UsePageTables(state.Scheduler.KernelTables);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Where it stopped is in the endpoint; a call for another badge begins anew.</remarks>
    public static Outcome CancelBadgedSends(ref Microkernel state, ObjectPointer<Endpoint> endpoint, ulong badge)
    {
        ref Endpoint meeting = ref endpoint.Value;
        if (meeting.State != QueueState.Senders)
        {
            return Outcome.Ok;
        }

        if (meeting.NextToCancel.IsNull || meeting.CancelledBadge != badge)
        {
            meeting.NextToCancel = meeting.Head;
            meeting.LastToCancel = meeting.Head.Value.Previous;
            meeting.CancelledBadge = badge;
        }

        for (int looked = 0; looked < SendersAtOnceMax && !meeting.NextToCancel.IsNull; looked++)
        {
            ObjectPointer<Thread> sender = meeting.NextToCancel;
            if (sender.Value.SendBadge == badge)
            {
                Cancellation.EndWait(ref state.Scheduler, sender, SystemResult.Cancelled);
            }
            else
            {
                Endpoints.PassBy(ref meeting, sender);
            }
        }

        return meeting.NextToCancel.IsNull ? Outcome.Ok : new Outcome(SystemResult.Again);
    }
}
