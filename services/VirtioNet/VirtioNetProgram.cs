using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.VirtioNet;

/// <summary>The driver of a virtio network card (docs/network.md).</summary>
public static class VirtioNetProgram
{
    private const byte NeedsMissing = 1;
    private const byte DeviceMissing = 2;
    private const byte RegistersMissing = 3;
    private const byte InterruptsMissing = 4;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        Signals signals = default;
        if (!start.TryFind("slots"u8, out GrantRecord slots))
        {
            ProgramExit.End(NeedsMissing);
        }

        SlotRow row = Inbox.Open(in slots);
        uint first = slots.Slot + 1 + (uint)slots.Argument - Signals.SlotsNeeded;
        if (signals.Begin(new CNodeTable(slots.Slot), first, new UntypedMemory(start.Find("own"u8))) != SystemResult.Ok)
        {
            ProgramExit.End(NeedsMissing);
        }

        PciClient bus = new(start.Find("nic"u8));
        PciRegisters registers = default;
        Open(bus, ref registers, start.Find("space"u8), ref row);
        Listen(bus, in signals, VirtioRegisters.ReceiveQueue, ref row);
        Listen(bus, in signals, VirtioRegisters.SendQueue, ref row);

        // Quiet before it may reach memory: an earlier life may have told it of buffers.
        VirtioDevice<PciRegisters> device = VirtioDevice<PciRegisters>.Of(in registers);
        if (!device.TryReset() || bus.SetMastering(true, out PciAnswer answer) != CallResult.Ok || answer != PciAnswer.Done)
        {
            ProgramExit.End(DeviceMissing);
        }

        Drive(bus, in device, in signals, in start);
    }

    private static void Drive(PciClient bus, in VirtioDevice<PciRegisters> device, in Signals signals, in ProgramStart start)
    {
        DriverRun run = default;
        if (!run.TryBegin(bus, in device, in signals, in start))
        {
            ProgramExit.End(NeedsMissing);
        }

        run.Run();
    }

    private static void Open(PciClient bus, ref PciRegisters registers, uint space, ref SlotRow row)
    {
        CallResult told = bus.Begin(out _, out _, out PciAnswer answer);
        if (told != CallResult.Ok || answer != PciAnswer.Done)
        {
            ProgramExit.End(DeviceMissing);
        }

        StructurePlaces places = StructurePlaces.Read(bus);
        if (!places.IsUsable || !registers.TryMap(bus, in places, space, ref row))
        {
            ProgramExit.End(RegistersMissing);
        }
    }

    // The entry of the device's table has the queue's number, and so has the vector that the device is told.
    private static void Listen(PciClient bus, in Signals signals, ushort queue, ref SlotRow row)
    {
        OwnSlot slot = row.Take();
        CallResult told = bus.Interrupt(queue, ref slot, out InterruptLine line, out PciAnswer answer);
        bool isThere = told == CallResult.Ok && answer == PciAnswer.Done && line.Address != 0;
        if (!isThere || signals.Listen(line, queue) != SystemResult.Ok)
        {
            ProgramExit.End(InterruptsMissing);
        }

        slot.Leave();
    }
}
