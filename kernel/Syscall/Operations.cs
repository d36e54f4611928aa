using Atoll.Abi;
using Atoll.Cap;
using Atoll.Irq;

namespace Atoll.Syscall;

/// <summary>Operations on the kernel's objects: who is asked, by the type of the capability.</summary>
internal static class Operations
{
    /// <summary>Does what the running thread asks of an object, and puts the answer into its registers.</summary>
    internal static void Invoke(ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot)
    {
        Invocation call = Invocation.Of(in caller.Value.Context);
        Outcome outcome = Dispatch(ref kernel, caller, slot, ref call);

        // It may have ended itself: then there is nobody to hear.
        if (!kernel.Scheduler.Current.IsNull)
        {
            call.Deliver(ref caller.Value.Context, outcome);
        }
    }

    private static Outcome Dispatch(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot, ref Invocation call)
    {
        switch (slot.Value.Type)
        {
            case CapabilityType.Untyped:
                return UntypedOperations.Invoke(ref kernel, caller, slot, in call);
            case CapabilityType.CNode:
                return CNodeOperations.Invoke(ref kernel, caller, slot, ref call);
            case CapabilityType.Frame:
                return MappingOperations.InvokeFrame(ref kernel, caller, slot, ref call);
            case CapabilityType.PageTable:
                return MappingOperations.InvokeTable(ref kernel, caller, slot, in call);
            case CapabilityType.Thread:
                return ThreadOperations.Invoke(ref kernel, caller, slot.Value.Thread, ref call);
            case CapabilityType.SchedulingControl:
                return SchedulingControlOperations.Invoke(ref kernel, caller, in call);
            case CapabilityType.IrqControl:
                return IrqOperations.Get(ref kernel, caller, slot, ref call);
            case CapabilityType.IrqHandler:
                return IrqOperations.Invoke(ref kernel, caller, slot.Value.Object, in call);
            case CapabilityType.IoPortControl:
                return IoPortOperations.Get(caller, slot, in call);
            case CapabilityType.IoPort:
                return IoPortOperations.Invoke(in slot.Value, ref call);
            case CapabilityType.InstanceControl:
                return InstanceControlOperations.Invoke(ref kernel, slot.Value.Rights, ref call);
            default:
                // Memory that is mapped, sent to or waited for, but not asked.
                return new Outcome(SystemResult.OperationUnknown);
        }
    }
}
