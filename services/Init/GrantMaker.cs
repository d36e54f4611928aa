using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Gives a program exactly what the system says.</summary>
internal static class GrantMaker
{
    private const CapabilityRights CallRights = CapabilityRights.Write | CapabilityRights.Grant | CapabilityRights.GrantReply;
    private const int PortShift = 16;
    private const int TriggerShift = 32;

    /// <summary>Gives one thing.</summary>
    internal static StartFailure Give(ref readonly InitState state, ref Shelf shelf, ref readonly GrantRecord grant)
    {
        switch (grant.Kind)
        {
            case GrantKind.Serve:
            case GrantKind.Faults:
            case GrantKind.Call:
            case GrantKind.Device:
                return Channel(in state, in shelf, in grant);
            case GrantKind.Ports:
                return Taken(new PortControl(RootSlot.IoPortControl).Get(
                    grant.Argument & 0xFFFF, (grant.Argument >> PortShift) & 0xFFFF, shelf.Node, grant.Slot));
            case GrantKind.Interrupt:
                return Interrupt(ref shelf, in grant);
            case GrantKind.Channel when grant.Count == 0:
                return RingChannel(in state, ref shelf, in grant);
            case GrantKind.Channel:
                return RingChannels(in state, ref shelf, in grant);
            case GrantKind.Region:
                return Region(in state, ref shelf, in grant);
            case GrantKind.Memory:
                return shelf.MakeForProgram(CapabilityType.Untyped, grant.Slot, (byte)grant.Argument);
            case GrantKind.Slots:
                return Copied(shelf.Node.Copy(grant.Slot, shelf.Table, ShelfSlot.Node));
            case GrantKind.Figures:
                return Copied(shelf.Node.Copy(grant.Slot, SlotMap.Root, RootSlot.InstanceControl, CapabilityRights.Read));
            case GrantKind.Machine:
                return Copied(shelf.Node.Copy(grant.Slot, SlotMap.Root, RootSlot.InstanceControl, CapabilityRights.Read | CapabilityRights.Write));
            case GrantKind.Cores:
                return Copied(shelf.Node.Copy(grant.Slot, SlotMap.Root, RootSlot.InstanceControl, CapabilityRights.Read | CapabilityRights.Grant));
            case GrantKind.Connects:
                return Connects(in shelf, in grant);
            case GrantKind.Scheduling:
                return Copied(shelf.Node.Copy(grant.Slot, SlotMap.Root, RootSlot.SchedulingControl));
            case GrantKind.Space:
                return Copied(shelf.Node.Copy(grant.Slot, shelf.Table, ShelfSlot.Space));
            case GrantKind.Thread:
                return Copied(shelf.Node.Copy(grant.Slot, shelf.Table, ShelfSlot.Thread));
            case GrantKind.Devices:
                return state.Devices.Give(shelf.Node, grant.Slot);
            case GrantKind.Frames:
                return Frames(in state, in shelf, in grant);
            case GrantKind.Deaths:
                // Init signals the program's own notification, which it holds: nothing is in the slot.
                return StartFailure.None;
            default:
                return StartFailure.SystemInvalid;
        }
    }

    /// <summary>Gives one end of a channel. One that is closed gives nothing: its server is stopped for good.</summary>
    internal static StartFailure Channel(ref readonly InitState state, ref readonly Shelf shelf, ref readonly GrantRecord grant)
    {
        if (grant.Object >= state.System.Header.ChannelCount)
        {
            return StartFailure.SystemInvalid;
        }

        bool calls = grant.Kind is GrantKind.Call or GrantKind.Device;
        CapabilityRights rights = calls ? CallRights : CapabilityRights.Read;
        SystemResult given = shelf.Node.Mint(grant.Slot, SlotMap.Root, state.Slots.Channel(grant.Object), rights, calls ? grant.Badge : 0);
        return given == SystemResult.SlotEmpty ? StartFailure.None : Copied(given);
    }

    // The handler is made on the shelf, where Init can say whom it signals; the program gets a copy to acknowledge with.
    private static StartFailure Interrupt(ref Shelf shelf, ref readonly GrantRecord grant)
    {
        uint handler = shelf.Take();
        uint badged = shelf.Take();
        if (badged == 0)
        {
            return StartFailure.OutOfSlots;
        }

        SystemResult result = new InterruptAuthority(RootSlot.IrqControl).GetLine(
            grant.Argument & 0xFFFF_FFFF, grant.Argument >> TriggerShift, shelf.Table, handler);
        if (result == SystemResult.Ok)
        {
            result = shelf.Table.Mint(badged, shelf.Table, ShelfSlot.Notification, CapabilityRights.Write, grant.Badge);
        }

        if (result == SystemResult.Ok)
        {
            result = new InterruptLine(shelf.Address(handler)).SetNotification(shelf.Address(badged));
        }

        return result == SystemResult.Ok ? Copied(shelf.Node.Copy(grant.Slot, shelf.Table, handler)) : StartFailure.Refused;
    }

    // Without the right to read it orders nothing about cores. What it makes signals it, with bits of its own choice.
    private static StartFailure Connects(ref readonly Shelf shelf, ref readonly GrantRecord grant)
    {
        StartFailure made = Copied(shelf.Node.Copy(grant.Slot, SlotMap.Root, RootSlot.InstanceControl, CapabilityRights.Grant));
        return made == StartFailure.None
            ? Copied(shelf.Node.Copy(grant.Slot + 1, shelf.Table, ShelfSlot.Notification, CapabilityRights.Read | CapabilityRights.Write))
            : made;
    }

    // As with interrupts. The pages come when the other end has asked for the same: nobody waits for that here.
    private static StartFailure RingChannel(ref readonly InitState state, ref Shelf shelf, ref readonly GrantRecord grant)
    {
        uint end = shelf.Take();
        uint badged = shelf.Take();
        if (badged == 0)
        {
            return StartFailure.OutOfSlots;
        }

        ChannelControl channel = new(shelf.Address(end));
        uint name = grant.Object + (state.System.Program(shelf.Program).Core == ProgramRecord.EveryCore ? state.Core : 0);
        SystemResult result = new InstanceFigures(RootSlot.InstanceControl).Connect(grant.Peer, name, shelf.Table, end);
        if (result == SystemResult.Ok)
        {
            result = shelf.Table.Mint(badged, shelf.Table, ShelfSlot.Notification, CapabilityRights.Write, grant.Badge);
        }

        result = result == SystemResult.Ok ? channel.SetNotification(shelf.Address(badged)) : result;
        if (result != SystemResult.Ok)
        {
            return StartFailure.Refused;
        }

        StartFailure attached = shelf.Attach(channel, grant.Argument);
        if (attached != StartFailure.None)
        {
            return attached;
        }

        SystemResult given = shelf.Node.Copy(grant.Slot, shelf.Table, end);
        return given == SystemResult.Ok
            ? Copied(shelf.Node.Copy(grant.Slot + 1, shelf.Table, ShelfSlot.Notification, CapabilityRights.Read))
            : StartFailure.SystemInvalid;
    }

    // Each end goes into the program's CNode, and nothing of it stays on the shelf: for thousands that would be too much. So an end is gone when the program gives it up.
    private static StartFailure RingChannels(ref readonly InitState state, ref Shelf shelf, ref readonly GrantRecord grant)
    {
        uint badged = state.Slots.Passing;
        SystemResult minted = SlotMap.Root.Mint(badged, shelf.Table, ShelfSlot.Notification, CapabilityRights.Write, grant.Badge);
        StartFailure result = Copied(minted);
        for (uint end = 0; end < grant.Count && result == StartFailure.None; end++)
        {
            result = ListedChannel(in state, ref shelf, in grant, end);
        }

        if (minted == SystemResult.Ok && SlotMap.Root.Delete(badged) != SystemResult.Ok)
        {
            result = StartFailure.SystemInvalid;
        }

        return result == StartFailure.None && grant.Rights != 0
            ? Copied(shelf.Node.Copy(grant.Slot - 1, shelf.Table, ShelfSlot.Notification, (CapabilityRights)grant.Rights))
            : result;
    }

    // Its number in the list of those that are ready is its slot.
    private static StartFailure ListedChannel(ref readonly InitState state, ref Shelf shelf, ref readonly GrantRecord grant, uint end)
    {
        uint slot = state.Slots.PassingEnd;
        uint peer = grant.Peer == ProgramRecord.EveryCore ? end : grant.Peer;
        SystemResult result = new InstanceFigures(RootSlot.InstanceControl).Connect(peer, grant.Object + end, SlotMap.Root, slot);
        if (result != SystemResult.Ok)
        {
            return StartFailure.Refused;
        }

        ChannelControl channel = new(slot);
        result = channel.SetNotification(state.Slots.Passing, grant.Slot + end);
        StartFailure attached = result == SystemResult.Ok
            ? shelf.Attach(channel, grant.Argument + (end * ProgramInformation.ManyChannelsStride))
            : StartFailure.Refused;
        if (attached == StartFailure.None && shelf.Node.Move(grant.Slot + end, SlotMap.Root, slot) == SystemResult.Ok)
        {
            return StartFailure.None;
        }

        return SlotMap.Root.Delete(slot) == SystemResult.Ok && attached != StartFailure.None ? attached : StartFailure.SystemInvalid;
    }

    private static StartFailure Region(ref readonly InitState state, ref Shelf shelf, ref readonly GrantRecord grant)
    {
        if (grant.Object >= state.System.Header.RegionCount)
        {
            return StartFailure.SystemInvalid;
        }

        ref readonly RegionRecord region = ref state.System.Region(grant.Object);
        int bits = RegionMemory.PageBits(in region);
        ulong pages = region.Bytes >> bits;
        for (uint page = 0; page < pages; page++)
        {
            uint frame = state.Slots.RegionFrame(state.Regions[(int)grant.Object] + page);
            StartFailure mapped = shelf.MapCopy(frame, grant.Argument + ((ulong)page << bits), (MapRights)grant.Rights);
            if (mapped != StartFailure.None)
            {
                return mapped;
            }
        }

        return StartFailure.None;
    }

    // To learn where they lie needs no right, and unless the system says so the program is given none: it cannot map them then, or give them on.
    private static StartFailure Frames(ref readonly InitState state, ref readonly Shelf shelf, ref readonly GrantRecord grant)
    {
        if (grant.Object >= state.System.Header.RegionCount)
        {
            return StartFailure.SystemInvalid;
        }

        ref readonly RegionRecord region = ref state.System.Region(grant.Object);
        ulong frames = region.Bytes >> RegionMemory.PageBits(in region);
        for (uint frame = 0; frame < frames && frame < grant.Argument; frame++)
        {
            uint from = state.Slots.RegionFrame(state.Regions[(int)grant.Object] + frame);
            if (shelf.Node.Copy(grant.Slot + frame, SlotMap.Root, from, (CapabilityRights)grant.Rights) != SystemResult.Ok)
            {
                return StartFailure.SystemInvalid;
            }
        }

        return StartFailure.None;
    }

    private static StartFailure Copied(SystemResult result) => result == SystemResult.Ok ? StartFailure.None : StartFailure.SystemInvalid;

    private static StartFailure Taken(SystemResult result) => result == SystemResult.Ok ? StartFailure.None : StartFailure.Refused;
}
