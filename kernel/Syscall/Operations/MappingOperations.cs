using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Operations of Frames and PageTables.</summary>
internal static class MappingOperations
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Outcome InvokeFrame(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> frame, ref Invocation call)
    {
        switch ((FrameOperation)call.Operation)
        {
            case FrameOperation.Map:
                return MapFrame(ref kernel, caller, frame, in call);
            case FrameOperation.Unmap:
                return FrameMapping.Unmap(in kernel.Capabilities, frame);
            case FrameOperation.GetAddress:
                call.Answer(2, frame.Value.Object, 1UL << frame.Value.SizeBits);
                return Outcome.Ok;
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Outcome InvokeTable(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> table, ref readonly Invocation call)
    {
        switch ((PageTableOperation)call.Operation)
        {
            case PageTableOperation.Map:
                return MapTable(ref kernel, caller, table, in call);
            case PageTableOperation.Unmap:
                return PageTableMapping.Unmap(in kernel.Capabilities, table);
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Outcome MapFrame(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> frame, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(in caller.Value, call.Word0, CapabilityType.VSpace, out ObjectPointer<CapabilitySlot> space);
        return found.IsOk ? FrameMapping.Map(in kernel.Capabilities, frame, in space.Value, call.Word1, call.Word2) : found;
    }

    private static Outcome MapTable(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> table, ref readonly Invocation call)
    {
        Outcome found = CSpace.Find(in caller.Value, call.Word0, CapabilityType.VSpace, out ObjectPointer<CapabilitySlot> space);
        if (!found.IsOk)
        {
            return found;
        }

        Outcome decoded = PageTableMapping.Decode(
            in kernel.Capabilities, table, in space.Value, call.Word1, call.Word2, out PageTableMapPlan plan);
        if (decoded.IsOk)
        {
            PageTableMapping.Commit(in plan);
        }

        return decoded;
    }
}
