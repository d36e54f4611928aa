using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Operations of an Untyped.</summary>
internal static class UntypedOperations
{
    internal static Outcome Invoke(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> untyped, ref readonly Invocation call)
    {
        switch ((UntypedOperation)call.Operation)
        {
            case UntypedOperation.Retype:
                return Make(ref kernel, caller, untyped, in call);
            case UntypedOperation.Reset:
                return UntypedReset.Reset(ref untyped.Value);
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    private static Outcome Make(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> untyped, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(in caller.Value, call.Word1, CapabilityType.CNode, out ObjectPointer<CapabilitySlot> node);
        if (!found.IsOk)
        {
            return found;
        }

        Outcome decoded = Retype.Decode(
            in kernel.Capabilities, untyped, new RetypeRequest(call.Word0), in node.Value, call.Word2, out RetypePlan plan);
        return decoded.IsOk ? Retype.Commit(ref kernel.Capabilities, in plan) : decoded;
    }
}
