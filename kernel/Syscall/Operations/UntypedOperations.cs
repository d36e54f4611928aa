using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Operations of an Untyped.</summary>
internal static class UntypedOperations
{
    [MethodImpl(MethodImplOptions.NoInlining)]
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Outcome Make(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> untyped, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(in caller.Value, call.Word1, CapabilityType.CNode, out ObjectPointer<CapabilitySlot> node);
        if (!found.IsOk)
        {
            return found;
        }

        // Making objects is the one thing that is done at once and may be long.
        ulong began = Cpu.ReadTsc();
        Outcome made = Retype.Do(ref kernel.Capabilities, untyped, new RetypeRequest(call.Word0), in node.Value, call.Word2);
        kernel.Note(Cpu.ReadTsc() - began);
        return made;
    }
}
