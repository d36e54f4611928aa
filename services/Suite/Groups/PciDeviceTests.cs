using System.Numerics;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>device</c>: what a driver in ring 3 needs: a device's registers, its messages, and memory that it reaches by itself.</summary>
/// <remarks>The device is QEMU's educational one (QEMU, "EDU device", whose registers these are).</remarks>
internal static class PciDeviceTests
{
    internal const uint Count = 6;

    private const uint Identifier = 0x11E8_1234;

    // Machine q35: its host bridge, and where firmware puts the memory in which the bridge's identifiers are the first word
    // (Intel 3 Series Express Chipset, "PCIEXBAR").
    private const uint HostBridge = 0x29C0_8086;
    private const ulong ConfigurationSpace = 0xB000_0000;

    // Registers.
    private const ulong Identification = Layout.Registers;
    private const ulong Liveness = Layout.Registers + 0x04;
    private const ulong RaiseInterrupt = Layout.Registers + 0x60;
    private const ulong InterruptStatus = Layout.Registers + 0x24;
    private const ulong EndInterrupt = Layout.Registers + 0x64;
    private const ulong TransferFrom = Layout.Registers + 0x80;
    private const ulong TransferTo = Layout.Registers + 0x88;
    private const ulong TransferBytes = Layout.Registers + 0x90;
    private const ulong TransferCommand = Layout.Registers + 0x98;

    // What they hold.
    private const uint IdentificationMask = 0xFFFF;
    private const uint IsEducational = 0x00ED;
    private const ulong Buffer = 0x4_0000;
    private const ulong StartToDevice = 1 | 4;
    private const ulong StartToMemory = 1 | 2 | 4;
    private const uint TransferDone = 0x100;
    private const ulong Bytes = 512;
    private const ulong Pattern = 0x0123_4567_89AB_CDEF;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Registers(ref test); break;
            case 1: Refusals(ref test); break;
            case 2: MessageOf(ref test); break;
            case 3: Transfer(ref test); break;
            case 4: Ends(ref test); break;
            case 5: Huge(ref test); break;
        }
    }

    private static void Registers(ref Test test)
    {
        test.Is("registers"u8, "registers of a device can be mapped on the core with the I/O APIC, and on no other"u8);
        if (!Begin(ref test, out _))
        {
            return;
        }

        test.Same(IsEducational, UserMemory.ReadRegister(Identification) & IdentificationMask);
        UserMemory.WriteRegister(Liveness, 0x1234_5678);
        test.Same(0xEDCB_A987, UserMemory.ReadRegister(Liveness));
    }

    private static void Refusals(ref Test test)
    {
        test.Is("device-refusals"u8, "registers become frames and nothing else, and are never executed"u8);
        if (!Begin(ref test, out uint frame))
        {
            return;
        }

        uint slot = test.Take();
        test.Gives(SystemResult.AlreadyMapped, new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Registers + Layout.Page, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Registers, MapRights.ReadExecute));
        for (CapabilityType type = CapabilityType.CNode; type <= CapabilityType.SchedulingContext; type++)
        {
            if (type is not (CapabilityType.Frame or CapabilityType.Untyped))
            {
                byte bits = type == CapabilityType.CNode ? (byte)1 : (byte)0;
                test.Gives(SystemResult.ArgumentInvalid, new UntypedMemory(Setting.Told.FirstDevice).Retype(type, Setting.Root, slot, bits));
            }
        }
    }

    private static void MessageOf(ref Test test)
    {
        test.Is("device-message"u8, "a message of a device is a signal, each time it is sent"u8);
        if (!Begin(ref test, out _) || !Listen(ref test, out uint handler, out uint notification))
        {
            return;
        }

        for (uint time = 1; time <= 3; time++)
        {
            UserMemory.WriteRegister(RaiseInterrupt, time);
            AwaitMessage(ref test, handler, notification, status: time);
        }
    }

    private static void Transfer(ref Test test)
    {
        test.Is("device-transfer"u8, "a device that is told a frame's address reads and writes that frame"u8);
        if (!Begin(ref test, out _) || !Listen(ref test, out uint handler, out uint notification))
        {
            return;
        }

        uint from = test.MakePage(Layout.Free);
        uint to = test.MakePage(Layout.Free + Layout.Page);
        for (ulong offset = 0; offset < Bytes; offset += 8)
        {
            UserMemory.Write(Layout.Free + offset, Pattern + offset);
        }

        Move(Ask.Physical(from), Buffer, StartToDevice);
        AwaitMessage(ref test, handler, notification, TransferDone);
        Move(Buffer, Ask.Physical(to), StartToMemory);
        AwaitMessage(ref test, handler, notification, TransferDone);
        for (ulong offset = 0; offset < Bytes; offset += 8)
        {
            test.Same(Pattern + offset, UserMemory.Read(Layout.Free + Layout.Page + offset));
        }

        test.Same(0, UserMemory.Read(Layout.Free + Layout.Page + Bytes));
    }

    private static void Ends(ref Test test)
    {
        test.Is("device-ends"u8, "where the registers of devices end, the kernel's own begin, and nobody gets those"u8);
        if (test.Setting.Core != 0)
        {
            test.Same(0, Setting.Told.DeviceCount);
            return;
        }

        // Intel 82093AA, "Registers": the I/O APIC. The machine has 128 MiB, so nothing below 2 GiB is a device's.
        test.Same(0xFEC0_0000, Setting.Told.DeviceEnd);
        if (test.HasFailed)
        {
            return;
        }

        test.AtLeast(0x8000_0000, Setting.Told.DeviceBase);
        uint last = Setting.Told.FirstDevice + Setting.Told.DeviceCount - 1;
        test.Ok(new UntypedMemory(last).Reset());
        uint slot = test.Take();
        SystemResult result = new UntypedMemory(last).Retype(CapabilityType.Frame, Setting.Root, slot, ObjectSize.LargeFrameBits);
        test.Ok(result);
        ulong end = Setting.Told.DeviceEnd;
        for (uint frame = 0; frame < 64 && result == SystemResult.Ok && Ask.Physical(slot) + (1UL << ObjectSize.LargeFrameBits) < end; frame++)
        {
            test.Ok(Setting.Root.Delete(slot));
            result = new UntypedMemory(last).Retype(CapabilityType.Frame, Setting.Root, slot, ObjectSize.LargeFrameBits);
        }

        test.Same(end - (1UL << ObjectSize.LargeFrameBits), Ask.Physical(slot));
        test.Gives(SystemResult.NotEnoughMemory, new UntypedMemory(last).Retype(CapabilityType.Frame, Setting.Root, test.Take(), ObjectSize.LargeFrameBits));
        test.Ok(Setting.Root.Delete(slot));
        test.Ok(new UntypedMemory(last).Reset());
    }

    private static void Huge(ref Test test)
    {
        test.Is("device-huge"u8, "a frame of 1 GiB is mapped by one entry, aligned to its size, and shows what lies in the middle of it"u8);
        if (test.Setting.Core != 0)
        {
            test.Same(0, Setting.Told.DeviceCount);
            return;
        }

        uint piece = Setting.Told.FirstDevice;
        test.Ok(new UntypedMemory(piece).Reset());
        uint slot = test.Take();
        test.Ok(new UntypedMemory(piece).Retype(CapabilityType.Frame, Setting.Root, slot, ObjectSize.HugeFrameBits));
        test.Same(Setting.Told.DeviceBase, Ask.Physical(slot));
        MemoryFrame frame = new(slot);
        test.Gives(SystemResult.Unaligned, frame.Map(RootSlot.VSpace, Layout.NoLevelTwo + Layout.LargePage, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, 0, MapRights.Read));
        SystemResult result = frame.Map(RootSlot.VSpace, Layout.NoLevelTwo, MapRights.Read);
        test.Ok(result);
        uint ports = test.Take();
        test.Ok(new PortControl(RootSlot.IoPortControl).Get(PciFunction.AddressPort, PciFunction.LastPort, Setting.Root, ports));
        if (result == SystemResult.Ok && PciFunction.Find(ports, HostBridge).IsThere)
        {
            test.Same(HostBridge, UserMemory.ReadRegister(Layout.NoLevelTwo + ConfigurationSpace - Setting.Told.DeviceBase));
        }

        MemoryFrame large = new(test.MakeLargeFrame());
        test.Gives(SystemResult.AddressTaken, large.Map(RootSlot.VSpace, Layout.NoLevelTwo + Layout.LargePage, MapRights.Read));
        test.Ok(frame.Unmap());
        test.Gives(SystemResult.TableMissing, large.Map(RootSlot.VSpace, Layout.NoLevelTwo + Layout.LargePage, MapRights.Read));
        test.Ok(Setting.Root.Delete(slot));
        test.Ok(new UntypedMemory(piece).Reset());
    }

    // Maps the device's registers. On cores without devices there are none, and that is all that is to be seen there.
    private static bool Begin(ref Test test, out uint frame)
    {
        frame = 0;
        if (test.Setting.Core != 0)
        {
            test.Same(0, Setting.Told.DeviceCount);
            return false;
        }

        PciFunction device = Device(ref test);
        test.That(device.IsThere);
        if (!device.IsThere)
        {
            return false;
        }

        device.Allow(PciFunction.MemoryAndMaster);
        frame = FrameAt(ref test, device.Registers);
        test.Ok(new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Registers, MapRights.ReadWrite));
        return !test.HasFailed;
    }

    private static PciFunction Device(ref Test test)
    {
        uint ports = test.Take();
        test.Ok(new PortControl(RootSlot.IoPortControl).Get(PciFunction.AddressPort, PciFunction.LastPort, Setting.Root, ports));
        return PciFunction.Find(ports, Identifier);
    }

    // Memory is given from its beginning on: what lies before the page is taken out in pieces that are as large as they can be.
    private static uint FrameAt(ref Test test, ulong physical)
    {
        uint piece = Setting.Told.FirstDevice;
        ulong at = Setting.Told.DeviceBase;
        int size = SizeOf(ref test, piece);
        for (uint index = 1; index < Setting.Told.DeviceCount && physical - at >= 1UL << size; index++)
        {
            at += 1UL << size;
            piece++;
            size = SizeOf(ref test, piece);
        }

        for (int bits = size - 1; bits >= ObjectSize.FrameBits; bits--)
        {
            if (((physical - at) & (1UL << bits)) != 0)
            {
                test.Ok(new UntypedMemory(piece).Retype(CapabilityType.Untyped, Setting.Root, test.Take(), (byte)bits));
            }
        }

        uint frame = test.Take();
        test.Ok(new UntypedMemory(piece).Retype(CapabilityType.Frame, Setting.Root, frame, ObjectSize.FrameBits));
        test.Same(physical, Ask.Physical(frame));
        return frame;
    }

    // log2 of the bytes: what is free in it when nothing is made of it. What the test before has made is gone, and its place is free again.
    private static int SizeOf(ref Test test, uint piece)
    {
        test.Ok(new UntypedMemory(piece).Reset());
        return BitOperations.TrailingZeroCount(Ask.Detail(piece));
    }

    private static bool Listen(ref Test test, out uint handler, out uint notification)
    {
        handler = test.Take();
        Message message = Message.Of((ulong)IrqControlOperation.GetMessage, MessageHeader.RegisterWords, 0, 0, RootSlot.CNode, handler);
        test.Ok(Ipc.Call(RootSlot.IrqControl, ref message));
        notification = test.Mint(test.Make(CapabilityType.Notification), CapabilityRights.All, 0x20);
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.SetNotification, notification));
        test.That(Device(ref test).SendMessages(message.Word0, message.Word1));
        return !test.HasFailed;
    }

    private static void Move(ulong from, ulong to, ulong command)
    {
        UserMemory.WriteRegister(TransferFrom, (uint)from);
        UserMemory.WriteRegister(TransferTo, (uint)to);
        UserMemory.WriteRegister(TransferBytes, (uint)Bytes);
        UserMemory.WriteRegister(TransferCommand, (uint)command);
    }

    private static void AwaitMessage(ref Test test, uint handler, uint notification, uint status)
    {
        test.Ok(test.Receive(notification, 0, out Message message));
        test.Same(0x20, message.Badge);
        test.Same(status, UserMemory.ReadRegister(InterruptStatus));
        UserMemory.WriteRegister(EndInterrupt, status);
        test.Ok(Ask.Do(handler, (ulong)IrqHandlerOperation.Acknowledge));
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking));
    }
}
