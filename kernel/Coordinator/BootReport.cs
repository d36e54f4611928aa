using System;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Coordinator;

/// <summary>What the coordinator says about the boot: a record for programs and, where it helps, a line for people.</summary>
public static class BootReport
{
    /// <summary>A phase has ended.</summary>
    public static void Phase(ReadOnlySpan<byte> phase)
    {
        SerialRecord.Begin("boot"u8);
        SerialRecord.Word("phase"u8, phase);
        SerialRecord.Number("tsc"u8, Cpu.ReadTsc());
        SerialRecord.End();
    }

    /// <summary>The image that runs.</summary>
    public static void Image(in ImageInfo image)
    {
        SerialRecord.Begin("image"u8);
        SerialRecord.Bytes("build"u8, image.BuildId);

        SerialRecord.Number("text"u8, image.TextEnd - image.TextStart);
        SerialRecord.Number("readonly"u8, image.ReadOnlyEnd - image.ReadOnlyStart);
        SerialRecord.Number("data"u8, image.DataEnd - image.DataStart);
        SerialRecord.End();
    }

    /// <summary>The speed of the counters.</summary>
    public static void Clock(in Clock clock)
    {
        SerialRecord.Begin("clock"u8);
        SerialRecord.Number("tsc-hz"u8, clock.TscHz);
        SerialRecord.Number("apic-hz"u8, clock.ApicHz);
        SerialRecord.End();
    }

    /// <summary>The memory of the machine.</summary>
    public static void Memory(ulong usableBytes, ulong freeFrames)
    {
        SerialRecord.Begin("memory"u8);
        SerialRecord.Number("usable"u8, usableBytes);
        SerialRecord.Number("free"u8, freeFrames * ImageLayout.PageSizeBytes);
        SerialRecord.End();
    }

    /// <summary>An instance is Healthy.</summary>
    /// <param name="core">Its core.</param>
    /// <param name="apicId">The core's APIC id.</param>
    /// <param name="plan">Its memory.</param>
    /// <param name="instructions">Ticks from the core's first instruction to Healthy.</param>
    public static void Instance(uint core, uint apicId, in InstancePlan plan, ulong instructions)
    {
        SerialRecord.Begin("instance"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("apic"u8, apicId);
        SerialRecord.Word("state"u8, "healthy"u8);
        SerialRecord.Address("tables"u8, plan.AddressOf(PageKind.Pml4));
        SerialRecord.Address("base"u8, plan.Base);
        SerialRecord.Number("pages"u8, plan.PageCount);
        SerialRecord.Address("status"u8, plan.AddressOf(PageKind.Status));
        SerialRecord.Address("wake"u8, plan.AddressOf(PageKind.Wake));
        SerialRecord.Number("instructions"u8, instructions);
        SerialRecord.End();
    }

    /// <summary>Each private page of an instance.</summary>
    public static void Pages(uint core, in InstancePlan plan)
    {
        for (PageKind kind = PageKind.Pml4; kind <= PageKind.StartTables; kind++)
        {
            for (uint i = 0; i < plan.Count(kind); i++)
            {
                SerialRecord.Begin("instance-page"u8);
                SerialRecord.Number("core"u8, core);
                SerialRecord.Word("kind"u8, InstancePlan.Name(kind));
                SerialRecord.Address("physical"u8, plan.AddressOf(kind) + (i * ImageLayout.PageSizeBytes));
                SerialRecord.End();
            }
        }
    }

    /// <summary>A link was made: two ring pages.</summary>
    /// <param name="first">One end.</param>
    /// <param name="second">The other.</param>
    /// <param name="rings">Physical address of the ring from first to second; the next page is the one back.</param>
    public static void Link(uint first, uint second, ulong rings)
    {
        Ring(first, second, rings);
        Ring(second, first, rings + ImageLayout.PageSizeBytes);
    }

    private static void Ring(uint producer, uint consumer, ulong ring)
    {
        SerialRecord.Begin("link"u8);
        SerialRecord.Number("producer"u8, producer);
        SerialRecord.Number("consumer"u8, consumer);
        SerialRecord.Address("ring"u8, ring);
        SerialRecord.End();
    }

    /// <summary>A core did not come up.</summary>
    public static void StartFailed(uint core, uint apicId, ReadOnlySpan<byte> reason)
    {
        SerialRecord.Begin("start-failed"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("apic"u8, apicId);
        SerialRecord.Word("reason"u8, reason);
        SerialRecord.End();
    }

    /// <summary>All cores have their instance or were given up.</summary>
    public static void Done(uint instances, uint failed, ulong instructions)
    {
        SerialRecord.Begin("boot-done"u8);
        SerialRecord.Number("instances"u8, instances);
        SerialRecord.Number("failed"u8, failed);
        SerialRecord.Number("instructions"u8, instructions);
        SerialRecord.End();
    }
}
