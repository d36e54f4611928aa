using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Groups <c>port</c> and <c>interrupt</c>: what leads to devices.</summary>
internal static class DeviceTests
{
    internal const uint PortCount = 6;
    internal const uint InterruptCount = 6;

    private const ushort Serial = 0x3F8;

    // Intel 8254, "Counter Latch Command" and "Read-Back": channel 2 counts, because the kernel has measured its clock with it.
    private const ushort Timer = 0x40;
    private const ushort TimerChannel2 = 0x42;
    private const ushort TimerCommand = 0x43;
    private const byte LatchChannel2 = 0x80;

    // Channel 0: low and high byte, mode 2; and mode 0, which ends the stream of interrupts. A count of 11932 is 100 interrupts a second.
    private const byte RateOfChannel0 = 0x34;
    private const byte OneShotOfChannel0 = 0x30;
    private const byte CountLow = 11932 & 0xFF;
    private const byte CountHigh = 11932 >> 8;

    // On machines with ACPI the interval timer is at this line of the I/O APIC (override of interrupt 0).
    private const ulong TimerLine = 2;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Bounds(ref test); break;
            case 1: WideAccess(ref test); break;
            case 2: BadRanges(ref test); break;
            case 3: Counts(ref test); break;
            case 4: Deleted(ref test); break;
            case 5: Destination(ref test); break;
        }
    }

    internal static void RunInterrupt(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Messages(ref test); break;
            case 1: Exhausted(ref test); break;
            case 2: BadLines(ref test); break;
            case 3: Listening(ref test); break;
            case 4: NotificationGoes(ref test); break;
            case 5: Line(ref test); break;
        }
    }

    private static void Bounds(ref Test test)
    {
        test.Is("bounds"u8, "a range reaches its own ports and neither the one before nor the one behind"u8);
        uint range = GetPorts(ref test, Serial + 2, Serial + 5);
        test.Ok(Ask.Do(range, (ulong)IoPortOperation.Read8, Serial + 5));
        test.Ok(Ask.Do(range, (ulong)IoPortOperation.Read8, Serial + 2));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Read8, Serial + 1));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Read8, Serial + 6));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Write8, Serial + 6, 0));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Read8, 0x1_0000 + Serial + 5));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Read8, ulong.MaxValue));
    }

    private static void WideAccess(ref Test test)
    {
        test.Is("wide-access"u8, "an access of two or four bytes must lie in the range with all of them"u8);
        uint range = GetPorts(ref test, Serial + 4, Serial + 6);
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Read16, Serial + 6));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Write16, Serial + 6, 0));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Read32, Serial + 4));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Write32, Serial + 4, 0));
        test.Ok(Ask.Do(range, (ulong)IoPortOperation.Read16, Serial + 5));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(range, 0, Serial + 5));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(range, 7, Serial + 5));
    }

    private static void BadRanges(ref Test test)
    {
        test.Is("bad-ranges"u8, "a range that ends before it begins, or beyond the last port, is refused"u8);
        PortControl control = new(RootSlot.IoPortControl);
        uint slot = test.Take();
        test.Gives(SystemResult.ArgumentInvalid, control.Get(6, 5, Setting.Root, slot));
        test.Gives(SystemResult.ArgumentInvalid, control.Get(0, 0x1_0000, Setting.Root, slot));
        test.Gives(SystemResult.ArgumentInvalid, control.Get(ulong.MaxValue, ulong.MaxValue, Setting.Root, slot));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(RootSlot.IoPortControl, 99, 0, 1, RootSlot.CNode, slot));
        test.Ok(control.Get(0xFFFF, 0xFFFF, Setting.Root, slot));
    }

    private static void Counts(ref Test test)
    {
        test.Is("counts"u8, "a device answers: the interval timer counts between two looks"u8);
        uint range = GetPorts(ref test, Timer, TimerCommand);
        ulong first = Look(ref test, range);
        test.Sleep(500);
        test.That(first != Look(ref test, range));
    }

    private static ulong Look(ref Test test, uint range)
    {
        test.Ok(Ask.Do(range, (ulong)IoPortOperation.Write8, TimerCommand, LatchChannel2));
        ulong low = Ask.Words(range, (ulong)IoPortOperation.Read8, TimerChannel2).Word0;
        return low | (Ask.Words(range, (ulong)IoPortOperation.Read8, TimerChannel2).Word0 << 8);
    }

    private static void Deleted(ref Test test)
    {
        test.Is("deleted"u8, "ports cannot be reached any more when the range is deleted"u8);
        uint range = GetPorts(ref test, Serial + 5, Serial + 5);
        test.Ok(Ask.Do(range, (ulong)IoPortOperation.Read8, Serial + 5));
        test.Ok(Setting.Root.Delete(range));
        test.Gives(SystemResult.SlotEmpty, Ask.Do(range, (ulong)IoPortOperation.Read8, Serial + 5));
    }

    private static void Destination(ref Test test)
    {
        test.Is("destination"u8, "a new range goes into an empty slot of a CNode"u8);
        PortControl control = new(RootSlot.IoPortControl);
        uint taken = test.Make(CapabilityType.Endpoint);
        test.Gives(SystemResult.SlotOccupied, control.Get(Serial, Serial, Setting.Root, taken));
        test.Gives(SystemResult.WrongType, control.Get(Serial, Serial, new CNodeTable(taken), 0));
        test.Gives(SystemResult.ArgumentInvalid, control.Get(Serial, Serial, Setting.Root, 1024));
    }

    private static uint GetPorts(ref Test test, ulong first, ulong last)
    {
        uint slot = test.Take();
        test.Ok(new PortControl(RootSlot.IoPortControl).Get(first, last, Setting.Root, slot));
        return slot;
    }

    private static void Messages(ref Test test)
    {
        test.Is("messages"u8, "each handler of messages has a vector of its own, and an address at the local APIC"u8);
        // Intel SDM Vol. 3A, "Message Address Register Format".
        const ulong addressMask = 0xFFF0_0000;
        uint slot = test.Take(2);
        CallAnswer first = Ask.Words(RootSlot.IrqControl, (ulong)IrqControlOperation.GetMessage, 0, 0, RootSlot.CNode, slot);
        test.Gives(SystemResult.Ok, (SystemResult)first.Result);
        test.Same(0xFEE0_0000, first.Word0 & addressMask);
        ulong one = GetMessage(ref test, slot + 1);
        test.Ok(Setting.Root.Delete(slot));
        ulong two = GetMessage(ref test, slot);
        test.That(one != two);
        test.AtLeast(InterruptVector.FirstDevice, one);
        test.AtMost(InterruptVector.FirstDevice + InterruptVector.DeviceCount - 1, one);
    }

    private static ulong GetMessage(ref Test test, uint slot)
    {
        Message message = Message.Of((ulong)IrqControlOperation.GetMessage, 4, 0, 0, RootSlot.CNode, slot);
        test.Ok(Ipc.Call(RootSlot.IrqControl, ref message));
        return message.Word1;
    }

    private static void Exhausted(ref Test test)
    {
        test.Is("exhausted"u8, "there are as many handlers as vectors for devices, and one that is deleted can be had again"u8);
        uint first = test.Take(InterruptVector.DeviceCount + 1);
        for (uint index = 0; index < InterruptVector.DeviceCount; index++)
        {
            _ = GetMessage(ref test, first + index);
        }

        uint last = first + InterruptVector.DeviceCount;
        test.Gives(SystemResult.Unavailable, Ask.Do(RootSlot.IrqControl, (ulong)IrqControlOperation.GetMessage, 0, 0, RootSlot.CNode, last));
        test.Ok(Setting.Root.Delete(first + 3));
        _ = GetMessage(ref test, last);
    }

    private static void BadLines(ref Test test)
    {
        test.Is("bad-lines"u8, "a line that the I/O APIC does not have is refused, and so is an operation that does not exist"u8);
        uint slot = test.Take();
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(RootSlot.IrqControl, (ulong)IrqControlOperation.GetLine, 240, 0, RootSlot.CNode, slot));
        test.Gives(
            SystemResult.ArgumentInvalid, Ask.Do(RootSlot.IrqControl, (ulong)IrqControlOperation.GetLine, ulong.MaxValue, 0, RootSlot.CNode, slot));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(RootSlot.IrqControl, 99, 0, 0, RootSlot.CNode, slot));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(slot));
    }

    private static void Listening(ref Test test)
    {
        test.Is("listening"u8, "a handler signals a notification that may be signalled, and nothing else"u8);
        uint handler = test.Take();
        _ = GetMessage(ref test, handler);
        uint notification = test.Make(CapabilityType.Notification);
        uint read = test.Mint(notification, CapabilityRights.Read, 0);
        test.Gives(SystemResult.WrongType, Ask.Do(handler, (ulong)IrqHandlerOperation.SetNotification, test.Make(CapabilityType.Endpoint)));
        test.Gives(SystemResult.RightMissing, Ask.Do(handler, (ulong)IrqHandlerOperation.SetNotification, read));
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.SetNotification, notification));
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.Acknowledge));
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.Clear));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(handler, 99));
    }

    private static void NotificationGoes(ref Test test)
    {
        test.Is("notification-goes"u8, "a notification that a handler signals can be destroyed, and the handler goes on without"u8);
        uint handler = test.Take();
        _ = GetMessage(ref test, handler);
        uint notification = test.Make(CapabilityType.Notification);
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.SetNotification, notification));
        test.Ok(Setting.Root.Delete(notification));
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.Acknowledge));
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.SetNotification, test.Make(CapabilityType.Notification)));
    }

    private static void Line(ref Test test)
    {
        test.Is("line"u8, "on the core with the I/O APIC a device's interrupts are signals, one after the other; others have no lines"u8);
        uint handler = test.Take();
        SystemResult got = Ask.Do(RootSlot.IrqControl, (ulong)IrqControlOperation.GetLine, TimerLine, 0, RootSlot.CNode, handler);
        if (test.Setting.Core != 0)
        {
            test.Gives(SystemResult.ArgumentInvalid, got);
            return;
        }

        test.Ok(got);
        test.Gives(
            SystemResult.Unavailable, Ask.Do(RootSlot.IrqControl, (ulong)IrqControlOperation.GetLine, TimerLine, 0, RootSlot.CNode, test.Take()));
        uint notification = test.Mint(test.Make(CapabilityType.Notification), CapabilityRights.All, 0x10);
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.SetNotification, notification));
        uint range = GetPorts(ref test, Timer, TimerCommand);
        StartTimer(ref test, range, RateOfChannel0);
        for (int interrupt = 0; interrupt < 5; interrupt++)
        {
            test.Ok(test.Receive(notification, 0, out Message message));
            test.Same(0x10, message.Badge);
            test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.Acknowledge));
        }

        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.Clear));
        _ = Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking);
        test.Sleep(30_000);
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking));
        StartTimer(ref test, range, OneShotOfChannel0);
    }

    private static void StartTimer(ref Test test, uint range, byte mode)
    {
        test.Ok(Ask.Do(range, (ulong)IoPortOperation.Write8, TimerCommand, mode));
        test.Ok(Ask.Do(range, (ulong)IoPortOperation.Write8, Timer, CountLow));
        test.Ok(Ask.Do(range, (ulong)IoPortOperation.Write8, Timer, CountHigh));
    }
}
