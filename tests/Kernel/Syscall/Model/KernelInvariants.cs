using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;
using Atoll.Sched;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>What holds whenever the core is in ring 3 or in the event loop, whatever programs did.</summary>
public sealed class KernelInvariants
{
    private readonly KernelWorld _world;
    private readonly LiveObjects _live;
    private readonly HashSet<ulong> _inQueue = [];

    private KernelInvariants(KernelWorld world)
    {
        _world = world;
        _live = LiveObjects.Of(world);
    }

    /// <summary>Throws when one of them does not hold.</summary>
    public static void Check(KernelWorld world)
    {
        var invariants = new KernelInvariants(world);
        invariants.CheckCore();
        invariants.CheckReadyQueues();
        invariants.CheckDeadlines();
        foreach (var endpoint in invariants._live.Endpoints.Values)
        {
            invariants.CheckEndpoint(endpoint);
        }

        foreach (var notification in invariants._live.Notifications.Values)
        {
            invariants.CheckNotification(notification);
        }

        foreach (var reply in invariants._live.Replies.Values)
        {
            invariants.CheckReply(reply);
        }

        foreach (var time in invariants._live.Times.Values)
        {
            invariants.CheckTime(time);
        }

        foreach (var thread in invariants._live.Threads.Values)
        {
            invariants.CheckThread(thread);
        }
    }

    private static void Demand(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Complaint what)
    {
        if (!holds)
        {
            throw new MismatchException(what.Take());
        }
    }

    // The highest priority runs, on its own time, in its own tables; and the timer is not later than what has to happen.
    private void CheckCore()
    {
        ref Scheduler scheduler = ref _world.Scheduler;
        ObjectPointer<Thread> running = _world.Running;
        ulong next = Budgets.NextEvent(ref scheduler);
        if (running.IsNull)
        {
            Demand(scheduler.Ready.Highest == ReadyQueues.None, $"the core idles while a thread is ready");
            Demand(scheduler.Charged.IsNull, $"nobody runs, and somebody pays");
            return;
        }

        Demand(_live.Threads.ContainsKey(running.Address), $"a thread runs that is gone");
        ref Thread runs = ref running.Value;
        Demand(runs.State == ThreadState.Ready && !runs.IsQueued && !runs.HasDeadline,
            $"{Name(running)} runs, and is {runs.State} {runs.Flags}");
        Demand(runs.Priority >= scheduler.Ready.Highest, $"{Name(running)} runs before a thread of priority {scheduler.Ready.Highest}");
        Demand(!runs.SchedulingContext.IsNull && runs.SchedulingContext.Is(scheduler.Charged),
            $"{Name(running)} runs on time that is not charged");
        Demand(runs.TableRoot != 0 && runs.TableRoot == scheduler.LoadedTables, $"{Name(running)} runs in other tables than its own");
        Demand(_world.TimerAt <= next, $"the timer is set for {_world.TimerAt}, but something is due at {next}");
        Demand(_world.Machine.PageTables == scheduler.LoadedTables, $"other tables are loaded than the scheduler thinks");
    }

    private void CheckReadyQueues()
    {
        ref ReadyQueues ready = ref _world.Scheduler.Ready;
        ReadOnlySpan<ulong> heads = _world.ReadyHeads;
        int highest = ReadyQueues.None;
        for (int priority = 0; priority < ReadyQueues.Priorities; priority++)
        {
            ulong head = heads[priority];
            highest = head == 0 ? highest : priority;
            foreach (ObjectPointer<Thread> thread in Ring(head == 0 ? default : Thread.OfContext(head), "a ready queue"))
            {
                CheckQueued(thread);
                Demand(thread.Value.Priority == priority, $"{Name(thread)} of priority {thread.Value.Priority} is in the queue of {priority}");
            }
        }

        if (!ready.First.IsNull)
        {
            Demand(_live.Threads.ContainsKey(ready.First.Address), $"a thread that is gone stands before the ready queues");
            CheckQueued(ready.First);
            Demand(!_inQueue.Contains(ready.First.Address), $"{Name(ready.First)} stands before the ready queues, and is in one");
            Demand(ready.First.Value.Priority >= highest, $"{Name(ready.First)} stands before a thread of priority {highest}");
            highest = ready.First.Value.Priority;
        }

        Demand(ready.Highest == highest, $"the highest priority is {highest}, and said to be {ready.Highest}");
    }

    private void CheckQueued(ObjectPointer<Thread> thread)
    {
        ref Thread queued = ref thread.Value;
        Demand(queued.State == ThreadState.Ready && queued.IsQueued, $"{Name(thread)} is in a ready queue, {queued.State} {queued.Flags}");
        Demand(!thread.Is(_world.Running), $"{Name(thread)} runs, and is in a ready queue");
        Demand(queued.TableRoot != 0 && !queued.SchedulingContext.IsNull, $"{Name(thread)} is in a ready queue and cannot run");
    }

    private void CheckDeadlines()
    {
        ObjectPointer<Thread> first = _world.Scheduler.Deadlines.First;
        HashSet<ulong> seen = [];
        if (!first.IsNull)
        {
            Demand(first.Value.DeadlineParent.IsNull, $"the first of the deadlines has a parent");
            CheckHeap(first, seen);
        }

        foreach (ObjectPointer<Thread> thread in _live.Threads.Values)
        {
            Demand(thread.Value.HasDeadline == seen.Contains(thread.Address), $"{Name(thread)} is lost from the deadlines");
        }
    }

    private uint CheckHeap(ObjectPointer<Thread> node, HashSet<ulong> seen)
    {
        if (node.IsNull)
        {
            return 0;
        }

        Demand(_live.Threads.ContainsKey(node.Address) && seen.Add(node.Address), $"a deadline of a thread that is gone, or twice");
        ref Thread thread = ref node.Value;
        foreach (ObjectPointer<Thread> child in new[] { thread.DeadlineLeft, thread.DeadlineRight })
        {
            Demand(child.IsNull || child.Value.DeadlineParent.Is(node), $"{Name(node)} is not the parent of its child");
            Demand(child.IsNull || child.Value.Deadline >= thread.Deadline, $"a child of {Name(node)} is due before it");
        }

        uint left = CheckHeap(thread.DeadlineLeft, seen);
        uint right = CheckHeap(thread.DeadlineRight, seen);
        Demand(left >= right && thread.DeadlineRank == right + 1, $"the heap leans to the right at {Name(node)}");
        return right + 1;
    }

    private void CheckEndpoint(ObjectPointer<Endpoint> endpoint)
    {
        ref Endpoint meeting = ref endpoint.Value;
        Demand(meeting.Head.IsNull == (meeting.State == QueueState.Idle), $"an endpoint is {meeting.State}");
        ThreadState expected = meeting.State == QueueState.Senders ? ThreadState.Sending : ThreadState.Receiving;
        HashSet<ulong> marks = [meeting.NextToCancel.Address, meeting.LastToCancel.Address];
        foreach (ObjectPointer<Thread> thread in Ring(meeting.Head, "the queue of an endpoint"))
        {
            marks.Remove(thread.Address);
            Demand(thread.Value.State == expected && thread.Value.Endpoint.Is(endpoint),
                $"{Name(thread)} is {thread.Value.State} in a queue of {meeting.State}");
        }

        marks.Remove(0);
        Demand(marks.Count == 0, $"an endpoint cancels senders that do not wait there");
        Demand(meeting.NextToCancel.IsNull == meeting.LastToCancel.IsNull, $"an endpoint cancels senders without end or beginning");
    }

    private void CheckNotification(ObjectPointer<Notification> notification)
    {
        ref Notification awaited = ref notification.Value;
        Demand(awaited.Head.IsNull || !awaited.IsPending, $"threads wait for a signal that is pending");
        Demand(awaited.IsPending || awaited.Pending == 0, $"bits are pending, and are not");
        foreach (ObjectPointer<Thread> thread in Ring(awaited.Head, "the queue of a notification"))
        {
            Demand(thread.Value.State == ThreadState.AwaitingSignal && thread.Value.Notification.Is(notification),
                $"{Name(thread)} is {thread.Value.State}, in the queue of a notification");
        }

        ObjectPointer<Thread> bound = awaited.BoundThread;
        Demand(bound.IsNull || (_live.Threads.ContainsKey(bound.Address) && bound.Value.BoundNotification.Is(notification)),
            $"a notification is bound to a thread that does not know");
        Demand(bound.IsNull || !awaited.IsPending || bound.Value.State != ThreadState.Receiving,
            $"{Name(bound)} sleeps, and its signal is pending");
    }

    private void CheckReply(ObjectPointer<Reply> reply)
    {
        ref Reply through = ref reply.Value;
        ObjectPointer<Thread> caller = through.Caller;
        Demand(caller.IsNull || (_live.Threads.ContainsKey(caller.Address) && caller.Value.State == ThreadState.AwaitingReply
            && caller.Value.Reply.Is(reply)), $"{Name(caller)} is a caller, and does not wait");
        ObjectPointer<Thread> waiter = through.Waiter;
        Demand(waiter.IsNull || (_live.Threads.ContainsKey(waiter.Address) && waiter.Value.State == ThreadState.Receiving
            && waiter.Value.Reply.Is(reply)), $"{Name(waiter)} is said to offer a reply object, and does not");
        Demand(through.Lent.IsNull || (_live.Times.ContainsKey(through.Lent.Address) && !caller.IsNull), $"time is lent by nobody");
        Demand(through.Below.IsNull || (!through.Lent.IsNull && through.Below.Value.Lent.Is(through.Lent)),
            $"a chain of lending is broken");
    }

    private void CheckTime(ObjectPointer<SchedulingContext> time)
    {
        ref SchedulingContext context = ref time.Value;
        Demand(context.Remaining <= context.Budget, $"more is left of a budget than there is");
        ObjectPointer<Thread> runner = context.Runner;
        Demand(runner.IsNull || (_live.Threads.ContainsKey(runner.Address) && runner.Value.SchedulingContext.Is(time)),
            $"{Name(runner)} is said to run on time that it has not");
        Demand(context.Thread.IsNull || _live.Threads.ContainsKey(context.Thread.Address), $"time is bound to a thread that is gone");
        int depth = 0;
        for (ObjectPointer<Reply> at = context.Lent; !at.IsNull; at = at.Value.Below)
        {
            Demand(_live.Replies.ContainsKey(at.Address) && at.Value.Lent.Is(time) && depth++ < 1000,
                $"time is lent through a reply object that does not know");
        }

        Demand(context.Thread.IsNull || !context.Lent.IsNull || context.Runner.Is(context.Thread),
            $"time is bound, not lent, and not at its thread");
    }

    private void CheckThread(ObjectPointer<Thread> pointer)
    {
        ref Thread thread = ref pointer.Value;
        string name = Name(pointer);
        bool isInRing = !thread.Next.IsNull;
        Demand(isInRing == _inQueue.Contains(pointer.Address), $"{name} is lost from its queue");
        Demand(thread.SchedulingContext.IsNull
            || (_live.Times.ContainsKey(thread.SchedulingContext.Address) && thread.SchedulingContext.Value.Runner.Is(pointer)),
            $"{name} has time that does not know");
        Demand(thread.BoundNotification.IsNull
            || (_live.Notifications.ContainsKey(thread.BoundNotification.Address)
            && thread.BoundNotification.Value.BoundThread.Is(pointer)), $"{name} is bound to a notification that does not know");
        Demand(!thread.IsQueued || thread.State == ThreadState.Ready, $"{name} is {thread.State}, in a ready queue");
        Demand(thread.Endpoint.IsNull == (thread.State is not (ThreadState.Sending or ThreadState.Receiving)),
            $"{name} is {thread.State}, and its endpoint is not what it waits for");
        Demand(thread.Endpoint.IsNull || _live.Endpoints.ContainsKey(thread.Endpoint.Address), $"{name} waits at an endpoint that is gone");
        Demand(thread.Notification.IsNull == (thread.State != ThreadState.AwaitingSignal),
            $"{name} is {thread.State}, and its notification is not what it waits for");
        Demand(thread.Reply.IsNull || _live.Replies.ContainsKey(thread.Reply.Address), $"{name} has a reply object that is gone");
        switch (thread.State)
        {
            case ThreadState.Ready:
                CheckReady(pointer);
                break;
            case ThreadState.Receiving:
                Demand(thread.Reply.IsNull || thread.Reply.Value.Waiter.Is(pointer), $"{name} offers a reply object that does not know");
                break;
            case ThreadState.AwaitingReply:
                Demand(!thread.Reply.IsNull && thread.Reply.Value.Caller.Is(pointer), $"{name} waits for an answer that nobody can give");
                break;
            default:
                Demand(thread.Reply.IsNull, $"{name} is {thread.State}, and has a reply object");
                break;
        }

        Demand(!thread.HasDeadline || thread.State != ThreadState.Inactive, $"{name} is stopped, and something is due");
        Demand(thread.State is ThreadState.Ready or ThreadState.Inactive
            || thread.HasDeadline == ((thread.Flags & ThreadFlags.IsTimed) != 0),
            $"{name} is {thread.State} {thread.Flags}: its wait has no end, or one that it did not ask for");
    }

    // Nobody who could run is forgotten.
    private void CheckReady(ObjectPointer<Thread> pointer)
    {
        ref Thread thread = ref pointer.Value;
        Demand(thread.Reply.IsNull, $"{Name(pointer)} is ready, and has a reply object");
        bool canRun = !thread.SchedulingContext.IsNull && thread.TableRoot != 0;
        bool isSomewhere = thread.IsQueued || thread.HasDeadline || pointer.Is(_world.Running);
        Demand(!canRun || isSomewhere, $"{Name(pointer)} could run, and is forgotten");
        Demand(!thread.IsQueued || !thread.HasDeadline, $"{Name(pointer)} is ready, and waits for a budget");
        Demand(!thread.HasDeadline || (!thread.SchedulingContext.IsNull && thread.SchedulingContext.Value.Remaining == 0),
            $"{Name(pointer)} waits for a budget that it has");
        Demand(!thread.HasDeadline || thread.SchedulingContext.Value.IsLimited, $"{Name(pointer)} has no limit, and waits for a budget");
    }

    private IEnumerable<ObjectPointer<Thread>> Ring(ObjectPointer<Thread> head, string what)
    {
        List<ObjectPointer<Thread>> ring = [];
        ObjectPointer<Thread> at = head;
        while (!at.IsNull && (ring.Count == 0 || !at.Is(head)))
        {
            Demand(_live.Threads.ContainsKey(at.Address), $"a thread that is gone is in {what}");
            Demand(_inQueue.Add(at.Address), $"{Name(at)} is in two queues");
            ring.Add(at);
            ObjectPointer<Thread> next = at.Value.Next;
            Demand(!next.IsNull && next.Value.Previous.Is(at), $"{what} is no ring at {Name(at)}");
            at = next;
        }

        return ring;
    }

    private string Name(ObjectPointer<Thread> thread) => _world.ProgramOf(thread)?.Name ?? $"thread {thread.Address & 0xFFFFFF:x}";
}
