using System;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Sched;
using Atoll.Syscall;

namespace Atoll.Root;

/// <summary>Every outcome of making the first program.</summary>
[MustUse]
public enum RootResult : byte
{
    /// <summary>It is ready to run.</summary>
    Ready,

    /// <summary>Its file cannot be loaded.</summary>
    FileInvalid,

    /// <summary>The grant is too small for it.</summary>
    OutOfMemory,
}

/// <summary>Makes the first program of an instance out of its grant: the only program that the kernel loads.</summary>
/// <remarks>
/// It gets everything that the instance has to give; all other programs get from it what the system description says. It is made by the same operations that
/// programs use, so what it holds is in the derivation tree like all else. Its code is mapped where its file lies: nothing is copied.
/// </remarks>
public static class RootProgram
{
    private const ulong StackTop = 0x0030_0000;
    private const uint StackPages = 8;
    private const byte Priority = 250;
    private const ulong TurnMicroseconds = 10_000;

    /// <summary>Makes it. The window maps the grant, and the kernel's tables are loaded.</summary>
    /// <param name="kernel">Zeroed but for clock and core.</param>
    /// <param name="grant">What was given.</param>
    /// <param name="cores">Cores of the machine, told to the program.</param>
    /// <param name="devices">Registers of devices that its programs may have.</param>
    /// <param name="kernelEntry">The last entry of the kernel's level 4 table.</param>
    public static RootResult Create(
        ref Microkernel kernel, ref readonly GrantLayout grant, uint cores, ref readonly DeviceMemory devices, ulong kernelEntry)
    {
        if (grant.Free + GrantLayout.RootNodeBytes > grant.End)
        {
            return RootResult.OutOfMemory;
        }

        ReadOnlySpan<byte> file = GrantMemory.View(in grant, grant.File, grant.FileBytes);
        if (ProgramFile.ReadHeader(file, out ulong entry, out uint headers) != ProgramFileResult.Valid)
        {
            return RootResult.FileInvalid;
        }

        BeginRecords(ref kernel, in grant, kernelEntry);
        RootBuilder slots = new(grant.RootNode);
        FillControls(in slots, in grant);
        uint untyped = RootMemory.GiveUntyped(ref slots, in grant, out uint untypedCount);
        RootResult result = MakeObjects(ref kernel, ref slots);
        if (result == RootResult.Ready)
        {
            result = Load(ref kernel, ref slots, in grant, file, headers);
        }

        if (result != RootResult.Ready)
        {
            return result;
        }

        ref BootInformation told = ref GrantMemory.Information(in grant, slots.Slot(RootSlot.Information).Value.Object);
        told.Magic = BootInformation.MagicValue;
        told.Core = kernel.Core;
        told.Cores = cores;
        told.TscHz = kernel.TscHz;
        told.FirstUntyped = untyped;
        told.UntypedCount = untypedCount;
        for (uint index = 0; index < untypedCount; index++)
        {
            told.Sizes[(int)index] = slots.Slot(untyped + index).Value.SizeBits;
        }

        RootMemory.GiveDevices(ref slots, in devices, ref told);
        RootMemory.GiveBundle(ref slots, in grant, ref told);
        told.FirstFree = slots.Next;
        return Start(ref kernel, in slots, entry);
    }

    private static void BeginRecords(ref Microkernel kernel, ref readonly GrantLayout grant, ulong kernelEntry)
    {
        GrantMemory.Clear(in grant, grant.Records, ImageLayout.PageSizeBytes);
        GrantMemory.Clear(in grant, grant.RootNode, GrantLayout.RootNodeBytes);
        ulong records = PhysicalWindow.Base + grant.Records;
        kernel.Interrupts.Begin(records);
        kernel.Channels.Begin(PhysicalWindow.Base + grant.Channels, grant.ChannelCapacity, kernel.Core);
        kernel.Remote.Begin(PhysicalWindow.Base + grant.Crossings, grant.ChannelCapacity, kernel.Core);
        kernel.Capabilities.Spaces.Begin(records + GrantLayout.IrqRecordBytes, GrantLayout.VSpaceCapacity);
        kernel.Capabilities.KernelEntry = kernelEntry;
        kernel.Capabilities.HasHugePages = Cpu.MapsHugePages();
        kernel.Scheduler.KernelTables = Cpu.PageTables();
        kernel.Scheduler.LoadedTables = kernel.Scheduler.KernelTables;
    }

    private static void FillControls(ref readonly RootBuilder slots, ref readonly GrantLayout grant)
    {
        RootCapabilities.CNode(slots.Slot(RootSlot.CNode), grant.RootNode, RootSlot.RootRadix);
        RootCapabilities.Control(slots.Slot(RootSlot.IrqControl), CapabilityType.IrqControl);
        RootCapabilities.Control(slots.Slot(RootSlot.IoPortControl), CapabilityType.IoPortControl);
        RootCapabilities.Control(slots.Slot(RootSlot.SchedulingControl), CapabilityType.SchedulingControl);
        RootCapabilities.Control(slots.Slot(RootSlot.InstanceControl), CapabilityType.InstanceControl);
    }

    private static RootResult MakeObjects(ref Microkernel kernel, ref RootBuilder slots)
    {
        RootResult result = slots.Make(ref kernel, RootSlot.VSpace, CapabilityType.VSpace);
        if (result == RootResult.Ready)
        {
            result = slots.Make(ref kernel, RootSlot.Thread, CapabilityType.Thread);
        }

        if (result == RootResult.Ready)
        {
            result = slots.Make(ref kernel, RootSlot.SchedulingContext, CapabilityType.SchedulingContext);
        }

        if (result == RootResult.Ready)
        {
            result = slots.Make(ref kernel, RootSlot.MessageBuffer, CapabilityType.Frame, ObjectSize.FrameBits);
        }

        if (result == RootResult.Ready)
        {
            result = slots.Make(ref kernel, RootSlot.Information, CapabilityType.Frame, ObjectSize.FrameBits);
        }

        return result;
    }

    private static RootResult Load(
        ref Microkernel kernel, ref RootBuilder slots, ref readonly GrantLayout grant, ReadOnlySpan<byte> file, uint headers)
    {
        RootResult result = RootMemory.MapNew(ref kernel, ref slots, StackTop - (StackPages * ImageLayout.PageSizeBytes), StackPages);
        if (result == RootResult.Ready)
        {
            result = slots.Map(ref kernel, RootSlot.Information, BootInformation.Address, MapRights.Read);
        }

        if (result == RootResult.Ready)
        {
            result = slots.Map(ref kernel, RootSlot.MessageBuffer, BootInformation.BufferAddress, MapRights.ReadWrite);
        }

        for (uint index = 0; index < headers && result == RootResult.Ready; index++)
        {
            ProgramFileResult read = ProgramFile.ReadSegment(file, index, out bool isLoaded, out ProgramSegment segment);
            if (read != ProgramFileResult.Valid)
            {
                return RootResult.FileInvalid;
            }

            if (isLoaded)
            {
                result = RootMemory.MapSegment(ref kernel, ref slots, in grant, in segment);
            }
        }

        return result;
    }

    private static RootResult Start(ref Microkernel kernel, ref readonly RootBuilder slots, ulong entry)
    {
        if (entry is < UserSpace.Start or >= UserSpace.End)
        {
            return RootResult.FileInvalid;
        }

        ObjectPointer<Thread> thread = slots.Slot(RootSlot.Thread).Value.Thread;
        Outcome set = ThreadSlots.Set<ObjectLife, Microkernel>(
            ref kernel,
            thread,
            slots.Slot(RootSlot.CNode),
            slots.Slot(RootSlot.VSpace),
            handler: default,
            slots.Slot(RootSlot.MessageBuffer));
        Check.That(set.IsOk);
        ref Thread first = ref thread.Value;
        ThreadSlots.PlaceBuffer(ref first, offset: 0, BootInformation.BufferAddress);
        first.Priority = Priority;
        first.PriorityMax = 255;
        ThreadRegisters.Clear(ref first);
        first.Context.Rip = entry;
        first.Context.Rsp = StackTop;
        ObjectPointer<SchedulingContext> time = slots.Slot(RootSlot.SchedulingContext).Value.SchedulingContext;
        time.Value.Budget = kernel.Ticks(TurnMicroseconds);
        time.Value.Period = time.Value.Budget;
        Budgets.Refill(ref time.Value);
        time.Value.Thread = thread;
        Dispatch.SetTime(ref kernel.Scheduler, thread, time);
        Dispatch.Wake(ref kernel.Scheduler, thread);
        return RootResult.Ready;
    }
}
