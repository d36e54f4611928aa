using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Operations of an IoPortControl and of the ranges that it makes.</summary>
internal static class IoPortOperations
{
    private const ulong PortMax = 0xFFFF;

    /// <summary>Makes a range. Its first port is the slot's Object, the last its Extra.</summary>
    internal static Outcome Get(ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> control, ref readonly Invocation call)
    {
        if (call.Operation != (ulong)IoPortControlOperation.Get)
        {
            return new Outcome(SystemResult.OperationUnknown);
        }

        if (call.Word0 > call.Word1)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        if (call.Word1 > PortMax)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 1);
        }

        Outcome found = Destination.Find(in caller.Value, call.Word2, call.Word3, out ObjectPointer<CapabilitySlot> into);
        if (!found.IsOk)
        {
            return found;
        }

        RootCapabilities.Derive(control, into, CapabilityType.IoPort, call.Word0, (uint)call.Word1);
        return Outcome.Ok;
    }

    /// <summary>Reads or writes a port of a range. All bytes that are touched must lie in it.</summary>
    internal static Outcome Invoke(ref readonly CapabilitySlot range, ref Invocation call)
    {
        ulong width = Width(call.Operation);
        if (width == 0)
        {
            return new Outcome(SystemResult.OperationUnknown);
        }

        if (call.Word0 < range.Object || call.Word0 + width - 1 > range.Extra || call.Word0 > PortMax)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        ushort port = (ushort)call.Word0;
        switch ((IoPortOperation)call.Operation)
        {
            case IoPortOperation.Read8:
                call.Answer(1, Port.Read8(port));
                break;
            case IoPortOperation.Read16:
                call.Answer(1, Port.Read16(port));
                break;
            case IoPortOperation.Read32:
                call.Answer(1, Port.Read32(port));
                break;
            case IoPortOperation.Write8:
                Port.Write8(port, (byte)call.Word1);
                break;
            case IoPortOperation.Write16:
                Port.Write16(port, (ushort)call.Word1);
                break;
            case IoPortOperation.Write32:
                Port.Write32(port, (uint)call.Word1);
                break;
        }

        return Outcome.Ok;
    }

    private static ulong Width(ulong operation) => (IoPortOperation)operation switch
    {
        IoPortOperation.Read8 or IoPortOperation.Write8 => 1,
        IoPortOperation.Read16 or IoPortOperation.Write16 => 2,
        IoPortOperation.Read32 or IoPortOperation.Write32 => 4,
        _ => 0,
    };
}
