using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Irq;

namespace Atoll.Syscall;

/// <summary>Operations of an IrqControl and of the handlers that it makes.</summary>
internal static class IrqOperations
{
    private const ulong TriggerFlagsMax = 3;
    private const ulong LevelTriggered = 1;

    /// <summary>Makes a handler: a vector of this core, and for a line its entry of the I/O APIC, masked until somebody listens.</summary>
    internal static Outcome Get(
        ref Microkernel kernel, ObjectPointer<Thread> caller, ObjectPointer<CapabilitySlot> control, ref Invocation call)
    {
        bool isLine = call.Operation == (ulong)IrqControlOperation.GetLine;
        if (!isLine && call.Operation != (ulong)IrqControlOperation.GetMessage)
        {
            return new Outcome(SystemResult.OperationUnknown);
        }

        if (isLine && call.Word0 >= kernel.Interrupts.Lines.Count)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        if (isLine && call.Word1 > TriggerFlagsMax)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 1);
        }

        Outcome found = Destination.Find(in caller.Value, call.Word2, call.Word3, out ObjectPointer<CapabilitySlot> into);
        if (!found.IsOk)
        {
            return found;
        }

        uint number = kernel.Interrupts.FindFree();
        if (number == InterruptVector.DeviceCount || (isLine && kernel.Interrupts.IsLineUsed((ushort)call.Word0)))
        {
            return new Outcome(SystemResult.Unavailable);
        }

        ref IrqEntry entry = ref kernel.Interrupts[number];
        entry = default;
        entry.IsUsed = true;
        entry.Line = isLine ? (ushort)call.Word0 : IrqTable.NoLine;
        entry.IsLevel = isLine && (call.Word1 & LevelTriggered) != 0;
        if (isLine)
        {
            kernel.Interrupts.Lines.Route((ushort)call.Word0, VectorOf(number), kernel.ApicId, (uint)call.Word1);
        }
        else
        {
            call.Answer(2, MessageInterrupt.AddressFor(kernel.ApicId), MessageInterrupt.DataFor(VectorOf(number)));
        }

        RootCapabilities.Derive(control, into, CapabilityType.IrqHandler, number, 0);
        return Outcome.Ok;
    }

    /// <summary>Connects a handler with a notification, or tells it that the device is served.</summary>
    internal static Outcome Invoke(ref Microkernel kernel, ObjectPointer<Thread> caller, ulong number, ref readonly Invocation call)
    {
        switch ((IrqHandlerOperation)call.Operation)
        {
            case IrqHandlerOperation.SetNotification:
                return SetNotification(ref kernel, caller, (uint)number, in call);
            case IrqHandlerOperation.Acknowledge:
                kernel.Interrupts.Acknowledge((uint)number);
                return Outcome.Ok;
            case IrqHandlerOperation.Clear:
                kernel.Interrupts.Silence((uint)number);
                return Outcome.Ok;
            default:
                return new Outcome(SystemResult.OperationUnknown);
        }
    }

    private static Outcome SetNotification(
        ref Microkernel kernel, ObjectPointer<Thread> caller, uint number, ref readonly Invocation call)
    {
        Outcome found = Destination.FindSignalled(in caller.Value, call.Word0, out ObjectPointer<CapabilitySlot> slot);
        if (found.IsOk)
        {
            kernel.Interrupts.Listen(number, slot.Value.Notification, slot.Value.Badge);
        }

        return found;
    }

    private static byte VectorOf(uint number) => (byte)(InterruptVector.FirstDevice + number);
}
