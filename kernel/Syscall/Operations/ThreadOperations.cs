using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>Operations of a Thread.</summary>
internal static class ThreadOperations
{
    // Registers in the order of ThreadContext: RAX to RSP.
    private const ulong RegisterCount = 18;

    internal static Outcome Invoke(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<Thread> thread, ref Invocation call)
    {
        ref Scheduler scheduler = ref kernel.Scheduler;
        switch ((ThreadOperation)call.Operation)
        {
            case ThreadOperation.Configure:
                return ThreadConfiguration.Configure(ref kernel, caller, thread, in call);
            case ThreadOperation.SetBuffer:
                return ThreadConfiguration.SetBuffer(caller, thread, in call);
            case ThreadOperation.SetPriority:
                return SetPriority(ref scheduler, caller, thread, in call);
            case ThreadOperation.BindContext:
                return ThreadConfiguration.BindContext(ref scheduler, caller, thread, in call);
            case ThreadOperation.UnbindContext:
                return ThreadConfiguration.UnbindContext(ref scheduler, thread);
            case ThreadOperation.BindNotification:
                return ThreadConfiguration.BindNotification(ref scheduler, caller, thread, in call);
            case ThreadOperation.UnbindNotification:
                return ThreadConfiguration.UnbindNotification(thread);
            case ThreadOperation.SetRegisters:
                return SetRegisters(ref scheduler, thread, in call);
            case ThreadOperation.GetRegisters:
                return GetRegisters(in thread.Value, ref call);
            case ThreadOperation.Resume:
                return Resume(ref scheduler, thread);
            case ThreadOperation.Suspend:
                Cancellation.Suspend(ref scheduler, thread);
                return Outcome.Ok;
            case ThreadOperation.SetLocalBase:
                return SetLocalBase(ref thread.Value, in call);
            case ThreadOperation.SetFaults:
                return SetFaults(ref thread.Value, in call);
            case ThreadOperation.Describe:
                Describe(ref scheduler, ref thread.Value, ref call);
                return Outcome.Ok;
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    private static Outcome SetPriority(
        ref Scheduler scheduler, ObjectPointer<Thread> caller, ObjectPointer<Thread> thread, ref readonly Invocation call)
    {
        byte authority = caller.Value.PriorityMax;
        if (call.Word0 > authority || call.Word1 > authority)
        {
            return new Outcome(SystemResult.AuthorityMissing, authority);
        }

        thread.Value.PriorityMax = (byte)call.Word1;
        Dispatch.SetPriority(ref scheduler, thread, (byte)call.Word0);
        return Outcome.Ok;
    }

    private static Outcome SetRegisters(ref Scheduler scheduler, ObjectPointer<Thread> thread, ref readonly Invocation call)
    {
        if (call.Word0 >= UserSpace.End)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        if (thread.Value.State != ThreadState.Inactive)
        {
            return new Outcome(SystemResult.WrongState);
        }

        ref Thread target = ref thread.Value;
        ThreadRegisters.Clear(ref target);
        target.Context.Rip = call.Word0;
        target.Context.Rsp = call.Word1;
        target.Context.Rdi = call.Word2;
        target.Context.Rsi = call.Word3;
        return Outcome.Ok;
    }

    private static Outcome GetRegisters(ref readonly Thread thread, ref Invocation call)
    {
        if (call.Word0 >= RegisterCount)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        ulong first = call.Word0;
        ulong count = RegisterCount - first < 4 ? RegisterCount - first : 4;
        call.Answer(
            (uint)count,
            ThreadRegisters.Read(in thread.Context, first),
            ThreadRegisters.Read(in thread.Context, first + 1),
            ThreadRegisters.Read(in thread.Context, first + 2),
            ThreadRegisters.Read(in thread.Context, first + 3));
        return Outcome.Ok;
    }

    private static Outcome Resume(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        ref readonly Thread target = ref thread.Value;
        if (target.TableRoot == 0 || target.State != ThreadState.Inactive || target.Context.Rip < UserSpace.Start)
        {
            return new Outcome(SystemResult.WrongState);
        }

        thread.Value.Fault = (uint)FaultKind.None;
        thread.Value.Flags &= ~ThreadFlags.IsFault;
        Dispatch.Wake(ref scheduler, thread);
        return Outcome.Ok;
    }

    private static Outcome SetLocalBase(ref Thread thread, ref readonly Invocation call)
    {
        if (call.Word0 >= UserSpace.End)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        thread.Context.FsBase = call.Word0;
        return Outcome.Ok;
    }

    private static Outcome SetFaults(ref Thread thread, ref readonly Invocation call)
    {
        if (call.Word0 > (ulong)FaultOptions.All)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        thread.FaultOptions = (FaultOptions)call.Word0;
        return Outcome.Ok;
    }

    private static void Describe(ref Scheduler scheduler, ref Thread thread, ref Invocation call)
    {
        Budgets.Settle(ref scheduler, Arch.Cpu.ReadTsc());
        ulong used = thread.SchedulingContext.IsNull ? 0 : thread.SchedulingContext.Value.Used;
        call.Answer(
            4,
            (ulong)thread.State | ((ulong)thread.Priority << 8) | ((ulong)thread.Fault << 16),
            used,
            thread.SystemCalls,
            thread.Context.Rip);
    }
}
