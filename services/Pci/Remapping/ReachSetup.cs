using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pci;

/// <summary>Puts together what holding devices to their memory takes: the unit's registers, memory for its tables, and an interrupt that ends the program's waits.</summary>
internal static class ReachSetup
{
    /// <summary>Slots that it needs: the unit's page; the notification and its badge; the interrupt.</summary>
    internal const uint SlotsNeeded = 4;

    private const uint Badged = 1;
    private const uint Handler = 2;
    private const uint Page = 3;
    private const ulong FaultBit = 1;

    /// <summary>Has devices held to what they are given, where there is a unit and the system gives what it takes. Else all is as without.</summary>
    /// <param name="server">No device is a bus master.</param>
    /// <param name="start">What the program was given.</param>
    /// <param name="devices">The need of kind <c>devices</c>.</param>
    /// <param name="node">The program's own CNode.</param>
    /// <param name="first">The first of the slots.</param>
    internal static void Begin(
        ref PciServer<PortConfiguration, RemappingPage> server, in ProgramStart start, in GrantRecord devices, CNodeTable node, uint first)
    {
        RemappingTables tables = default;
        UntypedMemory unit = new(devices.Slot + DeviceSlots.Remapping);
        if (!TryPlace(ref tables, start.Find("table-frames"u8))
            || unit.RetypeAll(CapabilityType.Frame, node, first + Page, ObjectSize.FrameBits) != SystemResult.Ok
            || RegisterPage.Map(new MemoryFrame(first + Page), start.Find("space"u8), DriverTable.Most, out RegisterPage page) != SystemResult.Ok
            || !TryListen(in start, devices.Slot, node, first, out InterruptMessage message))
        {
            return;
        }

        RemappingStart result = server.Hold(new RemappingPage(page), start.Region("tables"u8), in tables, message, first + Handler);
        if (result != RemappingStart.On)
        {
            _ = TellOff(start.Find("console"u8), start.TscHz, result);
        }
    }

    private static bool TellOff(uint console, ulong patienceTicks, RemappingStart result)
    {
        ReadOnlySpan<byte> line = result == RemappingStart.Unusable
            ? "pci: devices are not held to their memory: the unit lacks what it takes\n"u8
            : "pci: devices are not held to their memory: the unit does not answer\n"u8;
        return console != ProgramSlot.Null && new ConsoleClient(console, Ipc.Now() + patienceTicks).Write(line, out _) == CallResult.Ok;
    }

    private static bool TryPlace(ref RemappingTables tables, uint frames)
    {
        for (uint page = 0; page < RemappingTables.Pages; page++)
        {
            if (frames == ProgramSlot.Null || new MemoryFrame(frames + page).GetAddress(out ulong physical, out _) != SystemResult.Ok)
            {
                return false;
            }

            tables.SetPlace(page, physical);
        }

        return true;
    }

    private static bool TryListen(in ProgramStart start, uint interrupts, CNodeTable node, uint first, out InterruptMessage message)
    {
        message = default;
        ThreadControl thread = new(start.Find("thread"u8));
        SystemResult result = new UntypedMemory(start.Find("own"u8)).RetypeAll(CapabilityType.Notification, node, first);
        result = result == SystemResult.Ok ? node.Mint(first + Badged, node, first, CapabilityRights.Write, FaultBit) : result;
        result = result == SystemResult.Ok ? thread.UnbindNotification() : result;
        result = result == SystemResult.Ok ? thread.BindNotification(first) : result;
        result = result == SystemResult.Ok ? new InterruptAuthority(interrupts).GetMessage(node, first + Handler, out message) : result;
        return result == SystemResult.Ok && new InterruptLine(first + Handler).SetNotification(first + Badged) == SystemResult.Ok;
    }
}
