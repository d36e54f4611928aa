using System;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Makes a program out of its memory: address space, CSpace, thread, and what it was given.</summary>
internal static class ProgramBuilder
{
    private const byte AddressBits = 64;

    /// <summary>Makes it and lets it run. Its memory is free.</summary>
    internal static StartFailure Build(ref InitState state, uint program)
    {
        ref readonly ProgramRecord record = ref state.System.Program(program);
        Shelf shelf = new(program, state.Slots);
        StartFailure result = MakeShelf(ref state, program, ref shelf);
        result = result == StartFailure.None ? MakeObjects(ref shelf, in record) : result;
        ulong entry = 0;
        result = result == StartFailure.None ? ImageLoader.Load(ref state, ref shelf, record.Image, out entry) : result;
        result = result == StartFailure.None ? MakeStack(ref shelf, record.StackBytes) : result;
        result = result == StartFailure.None ? GiveAll(ref state, ref shelf, in record) : result;
        result = result == StartFailure.None ? Tell(ref state, program, ref shelf, in record) : result;
        return result == StartFailure.None ? Start(in state, program, in shelf, in record, entry) : result;
    }

    private static StartFailure MakeShelf(ref readonly InitState state, uint program, ref readonly Shelf shelf)
    {
        UntypedMemory memory = new(state.Slots.MemoryOf(program));
        SystemResult made = memory.RetypeAll(CapabilityType.CNode, SlotMap.Root, state.Slots.ShelfOf(program), SlotMap.ShelfRadix);
        if (made != SystemResult.Ok)
        {
            return made == SystemResult.NotEnoughMemory ? StartFailure.ProgramOutOfMemory : StartFailure.SystemInvalid;
        }

        const byte guard = RootSlot.RootRadix - SlotMap.ShelfRadix;
        made = state.Slots.Top.Mint(program + 1, SlotMap.Root, state.Slots.ShelfOf(program), CapabilityRights.All, CNodeGuard.Of(guard).Raw);
        return made == SystemResult.Ok ? StartFailure.None : StartFailure.SystemInvalid;
    }

    private static StartFailure MakeObjects(ref Shelf shelf, ref readonly ProgramRecord record)
    {
        if (record.NodeBits is < ProgramSlot.Radix or > ProgramSlot.RadixMax)
        {
            return StartFailure.SystemInvalid;
        }

        StartFailure result = shelf.Make(CapabilityType.VSpace, ShelfSlot.Space);
        result = result == StartFailure.None ? shelf.Make(CapabilityType.Thread, ShelfSlot.Thread) : result;
        result = result == StartFailure.None ? shelf.Make(CapabilityType.SchedulingContext, ShelfSlot.Time) : result;
        result = result == StartFailure.None ? shelf.Make(CapabilityType.CNode, ShelfSlot.Node, record.NodeBits) : result;
        result = result == StartFailure.None ? shelf.Make(CapabilityType.Frame, ShelfSlot.Buffer, ObjectSize.FrameBits) : result;
        result = result == StartFailure.None ? shelf.Make(CapabilityType.Frame, ShelfSlot.Information, ObjectSize.FrameBits) : result;
        result = result == StartFailure.None ? shelf.Make(CapabilityType.Notification, ShelfSlot.Notification) : result;
        return result == StartFailure.None
            ? shelf.MakeForProgram(CapabilityType.Reply, ProgramSlot.Reply, count: record.Replies)
            : result;
    }

    private static StartFailure MakeStack(ref Shelf shelf, uint bytes)
    {
        if (bytes == 0 || bytes > ProgramManifest.StackBytesMax || bytes % ImageLayout.PageSizeBytes != 0)
        {
            return StartFailure.SystemInvalid;
        }

        for (ulong at = ProgramInformation.StackTop - bytes; at < ProgramInformation.StackTop; at += ImageLayout.PageSizeBytes)
        {
            StartFailure made = shelf.MakePage(out uint frame);
            made = made == StartFailure.None ? shelf.Map(frame, at, MapRights.ReadWrite) : made;
            if (made != StartFailure.None)
            {
                return made;
            }
        }

        return shelf.Map(ShelfSlot.Buffer, ProgramInformation.BufferAddress, MapRights.ReadWrite);
    }

    private static StartFailure GiveAll(ref readonly InitState state, ref Shelf shelf, ref readonly ProgramRecord record)
    {
        uint end = record.FirstGrant + record.GrantCount;
        if (record.GrantCount > ProgramInformation.GrantsMax || end > state.System.Header.GrantCount || end < record.FirstGrant)
        {
            return StartFailure.SystemInvalid;
        }

        for (uint index = record.FirstGrant; index < end; index++)
        {
            StartFailure given = GrantMaker.Give(in state, ref shelf, in state.System.Grant(index));
            if (given != StartFailure.None)
            {
                return given;
            }
        }

        return StartFailure.None;
    }

    private static StartFailure Tell(ref InitState state, uint program, ref Shelf shelf, ref readonly ProgramRecord record)
    {
        ulong frame = shelf.Address(ShelfSlot.Information);
        StartFailure opened = state.Space.Open(frame);
        if (opened != StartFailure.None)
        {
            return opened;
        }

        ref ProgramInformation told = ref OwnSpace.Information();
        told.Magic = ProgramInformation.MagicValue;
        told.Core = state.Core;
        told.Cores = state.Cores;
        told.TscHz = state.TscHz;
        told.Index = program;
        told.Restarts = state.Programs[(int)program].Starts;
        told.Name = record.Name;
        told.FirstReply = ProgramSlot.Reply;
        told.Replies = record.Replies;
        told.ArgumentBytes = record.ArgumentBytes < ProgramArguments.SizeBytes ? record.ArgumentBytes : ProgramArguments.SizeBytes;
        told.Arguments = record.Arguments;
        told.GrantCount = record.GrantCount;
        for (uint index = 0; index < record.GrantCount; index++)
        {
            told.Grants[(int)index] = state.System.Grant(record.FirstGrant + index);
            if (told.Grants[(int)index].Kind == GrantKind.Devices)
            {
                // Where the registers of devices begin differs from machine to machine.
                told.Grants[(int)index].Badge = state.Devices.Address;
                told.Grants[(int)index].Argument = state.Devices.Count;
            }
        }

        StartFailure closed = OwnSpace.Close(frame);
        return closed == StartFailure.None ? shelf.Map(ShelfSlot.Information, ProgramInformation.Address, MapRights.Read) : closed;
    }

    private static StartFailure Start(
        ref readonly InitState state, uint program, ref readonly Shelf shelf, ref readonly ProgramRecord record, ulong entry)
    {
        ThreadControl thread = new(shelf.Address(ShelfSlot.Thread));
        SystemResult result = FaultEndpoint(in state, program, in shelf, in record);
        if (result == SystemResult.Ok)
        {
            result = new SchedulingAuthority(RootSlot.SchedulingControl).Configure(
                shelf.Address(ShelfSlot.Time), record.BudgetMicroseconds, record.PeriodMicroseconds);
        }

        if (result == SystemResult.Ok)
        {
            result = thread.Configure(
                shelf.Address(ShelfSlot.Node), shelf.Address(ShelfSlot.Space), shelf.Address(ShelfSlot.Faults), shelf.Address(ShelfSlot.Buffer));
        }

        result = result == SystemResult.Ok ? thread.SetBuffer(ProgramInformation.BufferAddress) : result;
        result = result == SystemResult.Ok ? thread.SetPriority(record.Priority, record.Priority) : result;
        result = result == SystemResult.Ok ? thread.BindNotification(shelf.Address(ShelfSlot.Notification)) : result;
        result = result == SystemResult.Ok ? thread.BindContext(shelf.Address(ShelfSlot.Time)) : result;
        result = result == SystemResult.Ok ? thread.SetRegisters(entry, ProgramInformation.StackTop) : result;
        result = result == SystemResult.Ok ? thread.Resume() : result;
        return result == SystemResult.Ok ? StartFailure.None : StartFailure.SystemInvalid;
    }

    private static SystemResult FaultEndpoint(
        ref readonly InitState state, uint program, ref readonly Shelf shelf, ref readonly ProgramRecord record)
    {
        const CapabilityRights rights = CapabilityRights.Write | CapabilityRights.Grant | CapabilityRights.GrantReply;
        uint channel = SystemHeader.InitChannel;
        if (record.FaultsTo < state.System.Header.ProgramCount && TryFaultChannel(in state, record.FaultsTo, out uint watched))
        {
            channel = watched;
        }

        return shelf.Table.Mint(ShelfSlot.Faults, SlotMap.Root, state.Slots.Channel(channel), rights, FaultBadge.Of(program));
    }

    private static bool TryFaultChannel(ref readonly InitState state, uint watcher, out uint channel)
    {
        ref readonly ProgramRecord record = ref state.System.Program(watcher);
        for (uint index = 0; index < record.GrantCount && record.FirstGrant + index < state.System.Header.GrantCount; index++)
        {
            ref readonly GrantRecord grant = ref state.System.Grant(record.FirstGrant + index);
            if (grant.Kind == GrantKind.Faults)
            {
                channel = grant.Object;
                return channel < state.System.Header.ChannelCount;
            }
        }

        channel = 0;
        return false;
    }
}
