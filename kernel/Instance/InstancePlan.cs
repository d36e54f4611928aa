using System;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Instance;

/// <summary>What a private page is for. The order is the order in the private block.</summary>
public enum PageKind : byte
{
    /// <summary>Level 4 table.</summary>
    Pml4,

    /// <summary>Level 3 table.</summary>
    Pdpt,

    /// <summary>Level 2 table.</summary>
    Pd,

    /// <summary>Level 1 table of the image and the private pages.</summary>
    Pt,

    /// <summary>Double-fault stack.</summary>
    DoubleFaultStack,

    /// <summary>NMI stack.</summary>
    NmiStack,

    /// <summary>Machine-check stack.</summary>
    MachineCheckStack,

    /// <summary>State block.</summary>
    State,

    /// <summary>Crash page.</summary>
    Crash,

    /// <summary>Status page.</summary>
    Status,

    /// <summary>Wake page.</summary>
    Wake,

    /// <summary>Kernel stack.</summary>
    Stack,

    /// <summary>Level 1 tables of the peer region.</summary>
    PeerTable,

    /// <summary>Link table.</summary>
    Links,

    /// <summary>Data segment.</summary>
    Data,

    /// <summary>The coordinator's own pages.</summary>
    Coordinator,

    /// <summary>Tables that other cores start on: never mapped by an instance, but for the window while they are made.</summary>
    StartTables,
}

/// <summary>The private block of one instance: one run of frames, each kind of page at a fixed place in it.</summary>
public struct InstancePlan
{
    private const uint FirstPeerTable = (uint)PageKind.Stack + ImageLayout.StackPages;

    /// <summary>Physical address of the block.</summary>
    public ulong Base;

    /// <summary>Pages of the data segment.</summary>
    public uint DataPages;

    /// <summary>Peer tables.</summary>
    public uint PeerTables;

    /// <summary>Pages of the link table.</summary>
    public uint LinkPages;

    /// <summary>Coordinator pages, 0 for a member.</summary>
    public uint CoordinatorPages;

    /// <summary>Pages of start tables, 0 for a member.</summary>
    public uint StartTablePages;

    /// <summary>Physical address of the I/O APIC, when the instance has the devices; 0: it has none.</summary>
    public ulong IoApic;

    /// <summary>Pages of one kind.</summary>
    public readonly uint Count(PageKind kind) => kind switch
    {
        PageKind.PeerTable => PeerTables,
        PageKind.Links => LinkPages,
        PageKind.Data => DataPages,
        PageKind.Stack => ImageLayout.StackPages,
        PageKind.Coordinator => CoordinatorPages,
        PageKind.StartTables => StartTablePages,
        _ => 1,
    };

    /// <summary>Pages in all.</summary>
    public readonly uint PageCount => IndexOf(PageKind.StartTables) + StartTablePages;

    /// <summary>Physical address of the first page of a kind.</summary>
    public readonly ulong AddressOf(PageKind kind) => Base + (IndexOf(kind) * ImageLayout.PageSizeBytes);

    /// <summary>A member's block.</summary>
    public static InstancePlan Member(in ImageInfo image) => new()
    {
        DataPages = (uint)((image.DataEnd - image.DataStart) / ImageLayout.PageSizeBytes),
        PeerTables = 1,
        LinkPages = 1,
    };

    /// <summary>The coordinator's block.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cores">Cores that it may have to look after.</param>
    /// <param name="stateBytes">Bytes of its own state.</param>
    /// <param name="startTablePages">Pages of the tables that other cores start on.</param>
    public static InstancePlan Coordinator(in ImageInfo image, uint cores, uint stateBytes, uint startTablePages)
    {
        InstancePlan plan = Member(in image);
        plan.PeerTables = PeerMap.TablesFor(cores);
        plan.LinkPages = LinkEntry.PagesFor(cores);
        plan.CoordinatorPages = (uint)(Bits.AlignUp(stateBytes, ImageLayout.PageSizeBytes) / ImageLayout.PageSizeBytes);
        plan.StartTablePages = startTablePages;
        Check.That(plan.PeerTables <= ImageLayout.PeerTablesMax);
        Check.That(plan.LinkPages <= ImageLayout.LinkTablePagesMax);
        Check.That(plan.CoordinatorPages <= ImageLayout.CoordinatorPagesMax);
        return plan;
    }

    /// <summary>The name in docs/serial.md.</summary>
    public static ReadOnlySpan<byte> Name(PageKind kind) => kind switch
    {
        PageKind.Pml4 => "pml4"u8,
        PageKind.Pdpt => "pdpt"u8,
        PageKind.Pd => "pd"u8,
        PageKind.Pt => "pt"u8,
        PageKind.PeerTable => "peer-table"u8,
        PageKind.Links => "links"u8,
        PageKind.Data => "data"u8,
        PageKind.Stack => "stack"u8,
        PageKind.DoubleFaultStack => "double-fault"u8,
        PageKind.NmiStack => "nmi"u8,
        PageKind.MachineCheckStack => "machine-check"u8,
        PageKind.State => "state"u8,
        PageKind.Crash => "crash"u8,
        PageKind.Status => "status"u8,
        PageKind.Wake => "wake"u8,
        PageKind.Coordinator => "coordinator"u8,
        _ => "start-tables"u8,
    };

    // Kinds up to Wake have one page each, so their number is their place.
    private readonly uint IndexOf(PageKind kind) => kind switch
    {
        PageKind.PeerTable => FirstPeerTable,
        PageKind.Links => FirstPeerTable + PeerTables,
        PageKind.Data => FirstPeerTable + PeerTables + LinkPages,
        PageKind.Coordinator => FirstPeerTable + PeerTables + LinkPages + DataPages,
        PageKind.StartTables => FirstPeerTable + PeerTables + LinkPages + DataPages + CoordinatorPages,
        _ => (uint)kind,
    };
}
