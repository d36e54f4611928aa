using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Irq;
using Atoll.Rendezvous;

namespace Atoll.Syscall;

/// <summary>Operations on the kernel's objects: who is asked, by the type of the capability.</summary>
public static class Operations
{
    // By type. What these do to memory, tables and ports lets the thread go on that asked, whatever it is.
    private const uint OfMemory =
        (1U << (int)CapabilityType.Untyped) | (1U << (int)CapabilityType.Frame) | (1U << (int)CapabilityType.PageTable)
        | (1U << (int)CapabilityType.IoPort);

    /// <summary>Whether an operation is done at once: it can change nobody's state, so who runs next needs no thought.</summary>
    /// <param name="slot">What it names.</param>
    /// <param name="header">From the program.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreAtOnce(ref readonly CapabilitySlot slot, ulong header) =>
        ((OfMemory >> (int)slot.Type) & 1) != 0
        || (slot.Type == CapabilityType.CNode && CNodeOperations.IsBetweenSlots(new MessageHeader(header).Label));

    /// <summary>Does such an operation. <see cref="AreAtOnce"/> has said so.</summary>
    /// <param name="kernel">The core's.</param>
    /// <param name="caller">Who asks; its message is in its context, and then the answer.</param>
    /// <param name="slot">What it names.</param>
    /// <returns><see cref="ExitWord.SameThread"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong InvokeAtOnce(ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot)
    {
        ref ThreadContext context = ref caller.Value.Context;
        Invocation call = Invocation.Of(in context);
        Outcome outcome = slot.Value.Type switch
        {
            CapabilityType.CNode => CNodeOperations.BetweenSlots(caller, slot, in call),
            CapabilityType.IoPort => IoPortOperations.Invoke(in slot.Value, ref call),
            CapabilityType.Untyped => UntypedOperations.Invoke(ref kernel, caller, slot, in call),
            CapabilityType.Frame => MappingOperations.InvokeFrame(ref kernel, caller, slot, ref call),
            _ => MappingOperations.InvokeTable(ref kernel, caller, slot, in call),
        };
        call.Deliver(ref context, outcome);
        return ExitWord.SameThread;
    }

    /// <summary>Whether a Call is an operation: of everything but endpoints, which take messages, and empty slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Are(ref readonly CapabilitySlot slot) => slot.Type is not (CapabilityType.Null or CapabilityType.Endpoint);

    /// <summary>Does what the running thread asks of an object, or a thread that stands for one of another core, and puts the answer into its registers.</summary>
    public static void Invoke(ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot)
    {
        Invocation call = Invocation.Of(in caller.Value.Context);
        Outcome outcome = Dispatch(ref kernel, caller, slot, ref call);

        // It may have ended itself: then there is nobody to hear.
        if (!kernel.Scheduler.CurrentHasEnded)
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
                return InstanceControlOperations.Invoke(ref kernel, caller, slot, ref call);
            case CapabilityType.Channel:
                return ChannelOperations.Invoke(ref kernel, caller, in slot.Value, ref call);
            case CapabilityType.Notification:
                return ChannelOperations.TakeReady(ref kernel, in slot.Value, ref call);
            case CapabilityType.Remote:
                return RemoteSending.Begin(ref kernel, caller, in slot.Value, ThreadFlags.IsCall, WaitBound.None);
            default:
                // Memory that is mapped or sent to, but not asked.
                return new Outcome(SystemResult.OperationUnknown);
        }
    }
}
