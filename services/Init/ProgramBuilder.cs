using System;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>Makes a program out of its memory: address space, CSpace, thread, and what it was given.</summary>
internal static class ProgramBuilder
{
    private const byte AddressBits = 64;

    /// <summary>Badge bit of what Init's own endpoint hears as a fault; below it is the program.</summary>
    internal const ulong FaultBadge = 1UL << 32;

    /// <summary>Makes it and lets it run. Its memory is free.</summary>
    internal static LoadResult Build(ref InitState state, uint program)
    {
        ref readonly ProgramRecord record = ref state.System.Program(program);
        Shelf shelf = new(program, state.Slots);
        LoadResult result = MakeShelf(ref state, program, ref shelf);
        result = result == LoadResult.Started ? MakeObjects(ref shelf, in record) : result;
        ulong entry = 0;
        result = result == LoadResult.Started ? ImageLoader.Load(ref state, ref shelf, record.Image, out entry) : result;
        result = result == LoadResult.Started ? MakeStack(ref shelf, record.StackBytes) : result;
        result = result == LoadResult.Started ? GiveAll(ref state, ref shelf, in record) : result;
        result = result == LoadResult.Started ? Tell(ref state, program, ref shelf, in record) : result;
        return result == LoadResult.Started ? Start(in state, program, in shelf, in record, entry) : result;
    }

    private static LoadResult MakeShelf(ref readonly InitState state, uint program, ref readonly Shelf shelf)
    {
        UntypedMemory memory = new(state.Slots.MemoryOf(program));
        SystemResult made = memory.RetypeAll(CapabilityType.CNode, SlotMap.Root, state.Slots.ShelfOf(program), SlotMap.ShelfRadix);
        if (made != SystemResult.Ok)
        {
            return made == SystemResult.NotEnoughMemory ? LoadResult.ProgramOutOfMemory : LoadResult.SystemInvalid;
        }

        const byte guard = RootSlot.RootRadix - SlotMap.ShelfRadix;
        made = state.Slots.Top.Mint(program + 1, SlotMap.Root, state.Slots.ShelfOf(program), CapabilityRights.All, CNodeGuard.Of(guard).Raw);
        return made == SystemResult.Ok ? LoadResult.Started : LoadResult.SystemInvalid;
    }

    private static LoadResult MakeObjects(ref Shelf shelf, ref readonly ProgramRecord record)
    {
        LoadResult result = shelf.Make(CapabilityType.VSpace, ShelfSlot.Space);
        result = result == LoadResult.Started ? shelf.Make(CapabilityType.Thread, ShelfSlot.Thread) : result;
        result = result == LoadResult.Started ? shelf.Make(CapabilityType.SchedulingContext, ShelfSlot.Time) : result;
        result = result == LoadResult.Started ? shelf.Make(CapabilityType.CNode, ShelfSlot.Node, ProgramSlot.Radix) : result;
        result = result == LoadResult.Started ? shelf.Make(CapabilityType.Frame, ShelfSlot.Buffer, ObjectSize.FrameBits) : result;
        result = result == LoadResult.Started ? shelf.Make(CapabilityType.Frame, ShelfSlot.Information, ObjectSize.FrameBits) : result;
        result = result == LoadResult.Started ? shelf.Make(CapabilityType.Notification, ShelfSlot.Notification) : result;
        return result == LoadResult.Started
            ? shelf.MakeForProgram(CapabilityType.Reply, ProgramSlot.Reply, count: record.Replies)
            : result;
    }

    private static LoadResult MakeStack(ref Shelf shelf, uint bytes)
    {
        if (bytes == 0 || bytes > ProgramManifest.StackBytesMax || bytes % ImageLayout.PageSizeBytes != 0)
        {
            return LoadResult.SystemInvalid;
        }

        for (ulong at = ProgramInformation.StackTop - bytes; at < ProgramInformation.StackTop; at += ImageLayout.PageSizeBytes)
        {
            LoadResult made = shelf.MakePage(out uint frame);
            made = made == LoadResult.Started ? shelf.Map(frame, at, MapRights.ReadWrite) : made;
            if (made != LoadResult.Started)
            {
                return made;
            }
        }

        return shelf.Map(ShelfSlot.Buffer, ProgramInformation.BufferAddress, MapRights.ReadWrite);
    }

    private static LoadResult GiveAll(ref readonly InitState state, ref Shelf shelf, ref readonly ProgramRecord record)
    {
        uint end = record.FirstGrant + record.GrantCount;
        if (record.GrantCount > ProgramInformation.GrantsMax || end > state.System.Header.GrantCount || end < record.FirstGrant)
        {
            return LoadResult.SystemInvalid;
        }

        for (uint index = record.FirstGrant; index < end; index++)
        {
            LoadResult given = GrantMaker.Give(in state, ref shelf, in state.System.Grant(index));
            if (given != LoadResult.Started)
            {
                return given;
            }
        }

        return LoadResult.Started;
    }

    private static LoadResult Tell(ref InitState state, uint program, ref Shelf shelf, ref readonly ProgramRecord record)
    {
        ulong frame = shelf.Address(ShelfSlot.Information);
        LoadResult opened = state.Space.Open(frame);
        if (opened != LoadResult.Started)
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
        }

        LoadResult closed = OwnSpace.Close(frame);
        return closed == LoadResult.Started ? shelf.Map(ShelfSlot.Information, ProgramInformation.Address, MapRights.Read) : closed;
    }

    private static LoadResult Start(
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
        return result == SystemResult.Ok ? LoadResult.Started : LoadResult.SystemInvalid;
    }

    private static SystemResult FaultEndpoint(
        ref readonly InitState state, uint program, ref readonly Shelf shelf, ref readonly ProgramRecord record)
    {
        const CapabilityRights rights = CapabilityRights.Write | CapabilityRights.Grant | CapabilityRights.GrantReply;
        uint channel = SystemHeader.InitChannel;
        ulong badge = FaultBadge | program;
        if (record.FaultsTo < state.System.Header.ProgramCount && TryFaultChannel(in state, record.FaultsTo, out uint watched))
        {
            channel = watched;
            badge = program + 1;
        }

        return shelf.Table.Mint(ShelfSlot.Faults, SlotMap.Root, state.Slots.Channel(channel), rights, badge);
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
