using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Objects made of memory, pages, and what objects take.</summary>
public static class MemoryFigures
{
    private const uint Count = 32;
    private const uint ManyBits = 8;
    private const ulong Pages = 0x0030_0000;

    /// <summary>Measures.</summary>
    public static void Measure(ref Setting setting)
    {
        uint first = setting.Take(2 * Count);
        Make("retype.endpoint"u8, ref setting, CapabilityType.Endpoint, first, sizeBits: 0);
        Make("retype.frame"u8, ref setting, CapabilityType.Frame, first + Count, ObjectSize.FrameBits);
        Map(first + Count);
        MakeMany(ref setting);
        Sizes(ref setting);
    }

    private static void Make(ReadOnlySpan<byte> name, ref Setting setting, CapabilityType type, uint first, byte sizeBits)
    {
        Sample sample = Sample.Start();
        for (uint index = 0; index < Count; index++)
        {
            sample.Begin();
            SystemResult result = setting.Memory.Retype(type, Setting.Root, first + index, sizeBits);
            sample.End();
            Report.Expect(result);
        }

        sample.Tell(name);
    }

    private static void Map(uint first)
    {
        Sample map = Sample.Start();
        Sample unmap = Sample.Start();
        for (uint index = 0; index < Count; index++)
        {
            MemoryFrame frame = new(first + index);
            map.Begin();
            SystemResult mapped = frame.Map(RootSlot.VSpace, Pages + (index * ImageLayout.PageSizeBytes), MapRights.ReadWrite);
            map.End();
            Report.Expect(mapped);
        }

        for (uint index = 0; index < Count; index++)
        {
            MemoryFrame frame = new(first + index);
            unmap.Begin();
            SystemResult unmapped = frame.Unmap();
            unmap.End();
            Report.Expect(unmapped);
        }

        map.Tell("page.map"u8);
        unmap.Tell("page.unmap"u8);
    }

    private static void MakeMany(ref Setting setting)
    {
        CNodeTable into = new(setting.Make(CapabilityType.CNode, (byte)ManyBits));
        Sample sample = Sample.Start();
        sample.Begin();
        SystemResult result;
        do
        {
            result = setting.Memory.Retype(CapabilityType.Endpoint, into, 0, count: 1 << (int)ManyBits);
        }
        while (result == SystemResult.Again);
        sample.End();
        Report.Expect(result);
        sample.Tell("retype.256-endpoints"u8);
    }

    private static void Sizes(ref Setting setting)
    {
        Size("object.endpoint"u8, ref setting, CapabilityType.Endpoint);
        Size("object.notification"u8, ref setting, CapabilityType.Notification);
        Size("object.reply"u8, ref setting, CapabilityType.Reply);
        Size("object.scheduling-context"u8, ref setting, CapabilityType.SchedulingContext);
        Size("object.thread"u8, ref setting, CapabilityType.Thread);
        Size("object.page-table"u8, ref setting, CapabilityType.PageTable);
        Size("object.vspace"u8, ref setting, CapabilityType.VSpace);
    }

    // Of the second, which begins where it must: the first may be aligned.
    private static void Size(ReadOnlySpan<byte> name, ref Setting setting, CapabilityType type)
    {
        _ = setting.Make(type);
        ulong before = Free(ref setting);
        _ = setting.Make(type);
        Report.Bytes(name, before - Free(ref setting));
    }

    private static ulong Free(ref Setting setting)
    {
        Report.Expect(Setting.Root.Describe((uint)setting.Memory.Address, out _, out ulong free));
        return free;
    }
}
