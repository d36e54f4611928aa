using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;
using Atoll.Sched;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>Compares every thread, queue, object and budget of the kernel with the model's.</summary>
public sealed class KernelComparison
{
    private readonly KernelWorld _world;
    private readonly ReferenceKernel _model;

    private KernelComparison(KernelWorld world, ReferenceKernel model)
    {
        _world = world;
        _model = model;
    }

    /// <summary>Throws when they differ.</summary>
    public static void Check(KernelWorld world, ReferenceKernel model)
    {
        var comparison = new KernelComparison(world, model);
        comparison.CheckCore();
        comparison.CheckReady();
        foreach (ModelThread thread in model.Threads)
        {
            comparison.CheckThread(thread);
        }

        foreach (ModelCapability capability in model.Slots.Values)
        {
            comparison.CheckObject(capability);
        }
    }

    private static void Same<T>(T expected, T found, string what, ModelObject? of = null)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            throw new MismatchException($"{of}: {what}: expected {expected}, found {found}");
        }
    }

    private void CheckCore()
    {
        Same(_model.Running?.Name ?? "nobody", _world.RunningProgram?.Name ?? "nobody", "who runs");
        ulong timer = _world.Running.IsNull ? Budgets.NextEvent(ref _world.Scheduler) : _world.TimerAt;
        MismatchException.ThrowUnless(timer <= _model.NextDue, "the timer comes too late");
        if (_model.Running is not { } running)
        {
            return;
        }

        ref CpuRegisters cpu = ref _world.Cpu;
        var found = new Heard((SystemResult)cpu.Rax, true, cpu.Rdi, cpu.Rsi, cpu.Rdx, cpu.R10, cpu.R8, cpu.R9);
        CheckHeard(running, found);
        Same(running.Rip, cpu.Rip, "instruction pointer", running);
        Same(running.Rsp, cpu.Rsp, "stack pointer", running);
        Same(running.Rbx, cpu.Rbx, "a register that calls keep", running);
    }

    private static void CheckHeard(ModelThread thread, Heard found)
    {
        Same(thread.Heard.Result, found.Result, "result", thread);
        if (thread.Heard.IsWhole)
        {
            Same(thread.Heard, found, "message", thread);
        }
    }

    private void CheckReady()
    {
        ReadOnlySpan<ulong> heads = _world.ReadyHeads;
        ObjectPointer<Thread> first = _world.Scheduler.Ready.First;
        for (int priority = 0; priority < ReadyQueues.Priorities; priority++)
        {
            ulong head = heads[priority];
            IReadOnlyList<ModelThread> expected = _model.Ready(priority);
            if (!first.IsNull && first.Value.Priority == priority)
            {
                Same(expected.FirstOrDefault()?.Program.Thread.Address ?? 0, first.Address, "first of all that are ready", null);
                expected = [.. expected.Skip(1)];
            }

            CheckRing(expected, head == 0 ? default : Thread.OfContext(head), "ready queue", null);
        }
    }

    private static void CheckRing(IReadOnlyList<ModelThread> expected, ObjectPointer<Thread> head, string what, ModelObject? of)
    {
        ObjectPointer<Thread> at = head;
        Same(expected.Count == 0, head.IsNull, $"emptiness of the {what}", of);
        for (int index = 0; index < expected.Count; index++)
        {
            Same(expected[index].Program.Thread.Address, at.Address, what, of);
            at = at.Value.Next;
        }

        Same(head.Address, at.Address, $"end of the {what}", of);
    }

    private void CheckThread(ModelThread expected)
    {
        ref Thread found = ref expected.Program.Record;
        Same(expected.State, found.State, "state", expected);
        Same(expected.Priority, found.Priority, "priority", expected);
        Same(AddressOf(expected.Time), found.SchedulingContext.Address, "time", expected);
        Same(AddressOf(expected.Endpoint), found.Endpoint.Address, "endpoint", expected);
        Same(AddressOf(expected.Awaited), found.Notification.Address, "notification", expected);
        Same(AddressOf(expected.Bound), found.BoundNotification.Address, "bound notification", expected);
        Same(AddressOf(expected.Reply), found.Reply.Address, "reply object", expected);
        Same(expected.WaitEnds ?? expected.BudgetAt ?? 0, found.HasDeadline ? found.Deadline : 0, "deadline", expected);
        Same(expected.Space is not null, found.TableRoot != 0, "whether it has an address space", expected);
        Same(expected.Handler is not null, !found.FaultEndpoint.IsEmpty, "whether it has a fault handler", expected);
        Same((uint)expected.Fault, found.Fault, "fault", expected);
        if (expected.State == ThreadState.Ready && expected != _model.Running)
        {
            ref ThreadContext context = ref found.Context;
            CheckHeard(expected, new Heard((SystemResult)context.Rax, true, context.Rdi, context.Rsi, context.Rdx, context.R10,
                context.R8, context.R9));
        }

        ReadOnlySpan<ulong> words = _world.Buffer(expected.Program).Words;
        MismatchException.ThrowUnless(words[4..].SequenceEqual(expected.Buffer.AsSpan(4)), "words of a message buffer");
    }

    private void CheckObject(ModelCapability capability)
    {
        ref CapabilitySlot slot = ref _world.Slot(capability.Slot);
        Same(capability.Type, slot.Type, $"type of slot {capability.Slot}");
        switch (capability.Target)
        {
            case ModelEndpoint endpoint:
                Same(slot.Badge, capability.Badge, "badge", endpoint);
                CheckRing(endpoint.Queue, slot.Endpoint.Value.Head, "queue", endpoint);
                break;
            case ModelNotification notification:
                CheckRing(notification.Waiters, slot.Notification.Value.Head, "queue", notification);
                Same((notification.IsPending, notification.Pending), (slot.Notification.Value.IsPending, slot.Notification.Value.Pending),
                    "signals", notification);
                Same(AddressOf(notification.Bound), slot.Notification.Value.BoundThread.Address, "bound thread", notification);
                break;
            case ModelReply reply:
                Same(AddressOf(reply.Caller), slot.Reply.Value.Caller.Address, "caller", reply);
                Same(AddressOf(reply.Waiter), slot.Reply.Value.Waiter.Address, "who offers it", reply);
                Same(AddressOf(reply.Lent), slot.Reply.Value.Lent.Address, "lent time", reply);
                break;
            case ModelTime time:
                CheckTime(time, in slot.SchedulingContext.Value);
                break;
        }
    }

    // What was used is counted tick by tick in the model, and settled now and then in the kernel.
    private void CheckTime(ModelTime expected, ref readonly SchedulingContext found)
    {
        ulong unsettled = expected == _model.Charged ? _world.Machine.Now - _world.Scheduler.ChargedSince : 0;
        Same(expected.Used, found.Used + unsettled, "time used", expected);
        Same((expected.Budget, expected.Period, expected.Remaining, expected.RefillAt),
            (found.Budget, found.Period, found.Remaining, found.RefillAt), "budget, period, left, refill", expected);
        Same(AddressOf(expected.Thread), found.Thread.Address, "thread", expected);
        Same(AddressOf(expected.Runner), found.Runner.Address, "who runs on it", expected);
        ObjectPointer<Reply> at = found.Lent;
        foreach (ModelReply reply in expected.Chain)
        {
            Same(AddressOf(reply), at.Address, "chain of lending", expected);
            at = at.Value.Below;
        }

        Same(0UL, at.Address, "end of the chain of lending", expected);
    }

    private ulong AddressOf(ModelObject? target) => target switch
    {
        null => 0,
        ModelThread thread => thread.Program.Thread.Address,
        _ => target.Capabilities[0].Owner is { } owner ? owner.Program.Record.FaultEndpoint.Object
            : _world.Slot(target.Capabilities[0].Slot).Object,
    };
}
