using Atoll.Abi;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Mm;

namespace Atoll.Provision;

/// <summary>Makes the private block of an instance: zeroed, its own copy of data, its own page tables.</summary>
/// <remarks>
/// The tables map exactly: text, read-only data, and the private pages at the addresses of <see cref="ImageLayout"/>, and the
/// core's own APIC; the I/O APIC where the devices are. Guard pages and page 0 are absent because nothing maps them. Peer pages are entered afterwards.
/// </remarks>
public static unsafe class InstanceBuilder
{
    /// <summary>Builds the block. The caller owns its frames and no core runs on it.</summary>
    public static void Build<[AllowLinear] TMemory>(ref TMemory memory, in InstancePlan plan, in ImageInfo image)
        where TMemory : struct, IPhysicalMemory
    {
        Check.That(Bits.IsAligned(plan.Base, ImageLayout.PageSizeBytes));
        for (uint page = 0; page < plan.PageCount; page++)
        {
            Page.Clear(memory.Open(plan.Base + (page * ImageLayout.PageSizeBytes)));
        }

        CopyData(ref memory, in plan, in image);
        LinkTables(ref memory, in plan);
        Page* entries = memory.Open(plan.AddressOf(PageKind.Pt));
        MapImage(entries, in plan, in image);
        MapPrivatePages(entries, in plan);
    }

    private static void CopyData<[AllowLinear] TMemory>(ref TMemory memory, in InstancePlan plan, in ImageInfo image)
        where TMemory : struct, IPhysicalMemory
    {
        ulong pristine = Physical(image.DataStart);
        for (ulong offset = 0; offset < image.DataFileBytes; offset += ImageLayout.PageSizeBytes)
        {
            ulong left = image.DataFileBytes - offset;
            ulong bytes = left < ImageLayout.PageSizeBytes ? left : ImageLayout.PageSizeBytes;
            Page* from = memory.OpenRead(pristine + offset);
            Page* to = memory.Open(plan.AddressOf(PageKind.Data) + offset);
            Page.Copy(to, Page.Bytes(from, bytes));
        }
    }

    private static void LinkTables<[AllowLinear] TMemory>(ref TMemory memory, in InstancePlan plan)
        where TMemory : struct, IPhysicalMemory
    {
        Entry(ref memory, plan.AddressOf(PageKind.Pml4), ImageLayout.ImageBase, 4) =
            PageTableEntry.Table(plan.AddressOf(PageKind.Pdpt));
        Entry(ref memory, plan.AddressOf(PageKind.Pdpt), ImageLayout.ImageBase, 3) =
            PageTableEntry.Table(plan.AddressOf(PageKind.Pd));
        Entry(ref memory, plan.AddressOf(PageKind.Pd), ImageLayout.ImageBase, 2) =
            PageTableEntry.Table(plan.AddressOf(PageKind.Pt));
        for (uint i = 0; i < plan.PeerTables; i++)
        {
            Entry(ref memory, plan.AddressOf(PageKind.Pd), ImageLayout.PeerBase + (i * ImageLayout.TableSpanBytes), 2) =
                PageTableEntry.Table(plan.AddressOf(PageKind.PeerTable) + (i * ImageLayout.PageSizeBytes));
        }
    }

    private static void MapImage(Page* entries, in InstancePlan plan, in ImageInfo image)
    {
        Map(entries, image.TextStart, Physical(image.TextStart), Pages(image.TextStart, image.TextEnd), PageRights.ReadExecute);
        Map(entries, image.ReadOnlyStart, Physical(image.ReadOnlyStart), Pages(image.ReadOnlyStart, image.ReadOnlyEnd), PageRights.Read);
        Map(entries, image.DataStart, plan.AddressOf(PageKind.Data), plan.DataPages, PageRights.ReadWrite);
    }

    private static void MapPrivatePages(Page* entries, in InstancePlan plan)
    {
        Map(entries, ImageLayout.StackBase, plan.AddressOf(PageKind.Stack), ImageLayout.StackPages, PageRights.ReadWrite);
        Map(entries, ImageLayout.DoubleFaultStackBase, plan.AddressOf(PageKind.DoubleFaultStack), 1, PageRights.ReadWrite);
        Map(entries, ImageLayout.NmiStackBase, plan.AddressOf(PageKind.NmiStack), 1, PageRights.ReadWrite);
        Map(entries, ImageLayout.MachineCheckStackBase, plan.AddressOf(PageKind.MachineCheckStack), 1, PageRights.ReadWrite);
        Map(entries, ImageLayout.StatePage, plan.AddressOf(PageKind.State), 1, PageRights.ReadWrite);
        Map(entries, ImageLayout.CrashPage, plan.AddressOf(PageKind.Crash), 1, PageRights.ReadWrite);
        Map(entries, ImageLayout.StatusPage, plan.AddressOf(PageKind.Status), 1, PageRights.ReadWrite);
        Map(entries, ImageLayout.WakePage, plan.AddressOf(PageKind.Wake), 1, PageRights.ReadWrite);
        Map(entries, ImageLayout.LocalApicPage, Arch.LocalApic.PhysicalBase, 1, PageRights.Device);
        Map(entries, ImageLayout.IoApicPage, plan.IoApic, plan.IoApic == 0 ? 0u : 1, PageRights.Device);
        Map(entries, ImageLayout.PeerTablesBase, plan.AddressOf(PageKind.PeerTable), plan.PeerTables, PageRights.ReadWrite);
        Map(entries, ImageLayout.LinkTableBase, plan.AddressOf(PageKind.Links), plan.LinkPages, PageRights.ReadWrite);
        Map(entries, ImageLayout.CoordinatorBase, plan.AddressOf(PageKind.Coordinator), plan.CoordinatorPages, PageRights.ReadWrite);
    }

    private static void Map(Page* entries, ulong virtualAddress, ulong physical, uint pages, PageRights rights)
    {
        for (uint i = 0; i < pages; i++)
        {
            ref ulong entry = ref Page.Entry(entries, PageTableEntry.Index(virtualAddress + (i * ImageLayout.PageSizeBytes), 1));
            Check.That(entry == PageTableEntry.NotPresent);
            entry = PageTableEntry.Leaf(physical + (i * ImageLayout.PageSizeBytes), rights);
        }
    }

    private static ulong Physical(ulong imageAddress) => imageAddress - ImageLayout.ImageBase + ImageLayout.ImagePhysicalBase;

    private static uint Pages(ulong start, ulong end) => (uint)((end - start) / ImageLayout.PageSizeBytes);

    private static ref ulong Entry<[AllowLinear] TMemory>(ref TMemory memory, ulong table, ulong virtualAddress, int level)
        where TMemory : struct, IPhysicalMemory =>
        ref Page.Entry(memory.Open(table), PageTableEntry.Index(virtualAddress, level));
}
