using Atoll.Abi;
using Atoll.Cap;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>Operations of a SchedulingControl.</summary>
internal static class SchedulingControlOperations
{
    // A budget below this would be used up by the switch to its thread.
    private const ulong BudgetMinMicroseconds = 10;

    // An hour. Longer ones say the same, and their ticks must not overflow.
    private const ulong PeriodMaxMicroseconds = 3_600_000_000;

    internal static Outcome Invoke(ref Microkernel kernel, ObjectPointer<Thread> caller, ref readonly Invocation call)
    {
        if (call.Operation != (ulong)SchedulingControlOperation.Configure)
        {
            return new Outcome(SystemResult.OperationUnknown);
        }

        Outcome found = CSpace.Find(
            in caller.Value, call.Word0, CapabilityType.SchedulingContext, out ObjectPointer<CapabilitySlot> slot);
        if (!found.IsOk)
        {
            return found;
        }

        if (call.Word1 < BudgetMinMicroseconds || call.Word1 > call.Word2)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 1);
        }

        if (call.Word2 > PeriodMaxMicroseconds)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 2);
        }

        Budgets.Configure(
            ref kernel.Scheduler, slot.Value.SchedulingContext, kernel.Ticks(call.Word1), kernel.Ticks(call.Word2), Arch.Cpu.ReadTsc());
        return Outcome.Ok;
    }
}
