using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Operations of an InstanceControl.</summary>
internal static class InstanceControlOperations
{
    /// <summary>Tells figures to whoever may read, ends the run for whoever may write, connects cores for whoever may grant, and decides about them for whoever may do both.</summary>
    internal static Outcome Invoke(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> slot, ref Invocation call)
    {
        CapabilityRights needed = (InstanceControlOperation)call.Operation switch
        {
            InstanceControlOperation.End => CapabilityRights.Write,
            InstanceControlOperation.Connect or InstanceControlOperation.NameOfEnd => CapabilityRights.Grant,
            InstanceControlOperation.Order or InstanceControlOperation.Watch => CapabilityRights.Read | CapabilityRights.Grant,
            _ => CapabilityRights.Read,
        };
        if ((slot.Value.Rights & needed) != needed)
        {
            return new Outcome(SystemResult.RightMissing, (ulong)needed);
        }

        if (call.Operation is >= (ulong)InstanceControlOperation.Member and <= (ulong)InstanceControlOperation.Watch)
        {
            return MemberOperations.Invoke(ref kernel, in caller.Value, ref call);
        }

        switch ((InstanceControlOperation)call.Operation)
        {
            case InstanceControlOperation.Figure:
                return Tell(in kernel, ref call);
            case InstanceControlOperation.End:
                DebugExit.Write(call.Word0 == 1 ? ImageLayout.ExitPassed : ImageLayout.ExitFailed);
                return new Outcome(SystemResult.Unavailable);
            case InstanceControlOperation.Connect:
                return ChannelOperations.Connect(ref kernel, caller, slot, in call);
            case InstanceControlOperation.NameOfEnd:
                call.Answer(1, kernel.Channels.NameOf((uint)call.Word0));
                return Outcome.Ok;
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    private static Outcome Tell(ref readonly Microkernel kernel, ref Invocation call)
    {
        ref readonly KernelFigures figures = ref kernel.Figures;
        ulong value;
        switch ((InstanceFigure)call.Word0)
        {
            case InstanceFigure.Core:
                value = kernel.Core;
                break;
            case InstanceFigure.TscHz:
                value = kernel.TscHz;
                break;
            case InstanceFigure.SleptTicks:
                value = figures.SleptTicks;
                break;
            case InstanceFigure.SystemCalls:
                value = figures.SystemCalls;
                break;
            case InstanceFigure.Switches:
                value = kernel.Scheduler.Switches;
                break;
            case InstanceFigure.Interrupts:
                value = figures.Interrupts;
                break;
            case InstanceFigure.Turns:
                value = figures.Turns;
                break;
            case InstanceFigure.ChannelMessagesRefused:
                value = kernel.Channels.Refused;
                break;
            case InstanceFigure.CapabilitiesOut:
                value = kernel.Remote.Exports.Count;
                break;
            case InstanceFigure.CapabilitiesIn:
                value = kernel.Remote.Imports.Count;
                break;
            case InstanceFigure.CapabilityMessagesRefused:
                value = kernel.Remote.Refused + kernel.Remote.Unanswered;
                break;
            case InstanceFigure.LongestStretch:
                value = figures.LongestStretch;
                break;
            default:
                return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        call.Answer(1, value);
        return Outcome.Ok;
    }
}
