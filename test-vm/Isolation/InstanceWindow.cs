using Atoll.TestVm.Image;

namespace Atoll.TestVm.Isolation;

/// <summary>What a virtual address of an instance is for (docs/image.md, docs/memory-map.md).</summary>
public enum WindowRegion
{
    /// <summary>Nothing: guard pages, page 0, everything that is not named below.</summary>
    Nothing,

    /// <summary>Code.</summary>
    Text,

    /// <summary>Constants.</summary>
    ReadOnly,

    /// <summary>The instance's own copy of data.</summary>
    Data,

    /// <summary>Kernel stack.</summary>
    Stack,

    /// <summary>Stack of #DF.</summary>
    DoubleFaultStack,

    /// <summary>Stack of the NMI.</summary>
    NmiStack,

    /// <summary>Stack of #MC.</summary>
    MachineCheckStack,

    /// <summary>State block.</summary>
    State,

    /// <summary>Crash page.</summary>
    Crash,

    /// <summary>Own status page.</summary>
    Status,

    /// <summary>Own wake page.</summary>
    Wake,

    /// <summary>Local APIC.</summary>
    LocalApic,

    /// <summary>Registers of the I/O APIC.</summary>
    IoApic,

    /// <summary>Page tables of the peer region.</summary>
    PeerTables,

    /// <summary>The instance's table of links.</summary>
    LinkTable,

    /// <summary>Pages that only the coordinator has.</summary>
    Coordinator,

    /// <summary>Rings, and peers' status and wake pages.</summary>
    Peer,

    /// <summary>The instance's grant: programs' memory and kernel objects.</summary>
    Objects,
}

/// <summary>The virtual addresses of an instance, typed in from docs/image.md rather than taken from the kernel.</summary>
public sealed class InstanceWindow
{
    /// <summary>Where an instance sees its grant: a physical address lies at this plus the address.</summary>
    public const ulong ObjectsBase = 0xFFFF_FF80_0000_0000;

    /// <summary>One past the last address of that window.</summary>
    public const ulong ObjectsEnd = 0xFFFF_FFFF_8000_0000;

    /// <summary>First address of the kernel's half of every address space.</summary>
    public const ulong KernelHalf = 0xFFFF_8000_0000_0000;

    /// <summary>One past the highest address of a program: the last page of its half stays empty, so that no return lands on a non-canonical address.</summary>
    public const ulong ProgramEnd = 0x0000_7FFF_FFFF_F000;

    /// <summary>First address of kernel code and data.</summary>
    public const ulong ImageBase = 0xFFFF_FFFF_8020_0000;

    /// <summary>Lowest byte of the kernel stack.</summary>
    public const ulong StackBase = 0xFFFF_FFFF_8030_1000;

    /// <summary>Pages of kernel stack.</summary>
    public const ulong StackPages = 2;

    /// <summary>The instance's state.</summary>
    public const ulong StatePage = 0xFFFF_FFFF_8030_A000;

    /// <summary>Own status page.</summary>
    public const ulong StatusPage = 0xFFFF_FFFF_8030_E000;

    /// <summary>Own wake page.</summary>
    public const ulong WakePage = 0xFFFF_FFFF_8030_F000;

    /// <summary>Local APIC registers.</summary>
    public const ulong LocalApicPage = 0xFFFF_FFFF_8031_0000;

    /// <summary>I/O APIC registers, where the devices are.</summary>
    public const ulong IoApicPage = 0xFFFF_FFFF_8031_B000;

    /// <summary>Page tables of the peer region, nine at most.</summary>
    public const ulong PeerTablesBase = 0xFFFF_FFFF_8031_1000;

    /// <summary>Link table, fifty pages at most.</summary>
    public const ulong LinkTableBase = 0xFFFF_FFFF_8031_D000;

    /// <summary>Coordinator's pages, 128 at most.</summary>
    public const ulong CoordinatorBase = 0xFFFF_FFFF_8035_0000;

    /// <summary>Peer region: what the peer tables translate.</summary>
    public const ulong PeerBase = 0xFFFF_FFFF_8040_0000;

    /// <summary>Physical address of every core's local APIC (Intel SDM Vol. 3A, "Local APIC Status and Location").</summary>
    public const ulong LocalApicPhysical = 0xFEE0_0000;

    /// <summary>Physical address of the I/O APIC of QEMU's machines (Intel 82093AA, "Registers"; what their MADT says).</summary>
    public const ulong IoApicPhysical = 0xFEC0_0000;

    private const ulong Page = 4096;

    private static readonly (WindowRegion Region, ulong First, ulong Pages)[] s_fixed =
    [
        (WindowRegion.Stack, StackBase, StackPages),
        (WindowRegion.DoubleFaultStack, 0xFFFF_FFFF_8030_4000, 1),
        (WindowRegion.NmiStack, 0xFFFF_FFFF_8030_6000, 1),
        (WindowRegion.MachineCheckStack, 0xFFFF_FFFF_8030_8000, 1),
        (WindowRegion.State, StatePage, 1),
        (WindowRegion.Crash, 0xFFFF_FFFF_8030_C000, 1),
        (WindowRegion.Status, StatusPage, 1),
        (WindowRegion.Wake, WakePage, 1),
        (WindowRegion.LocalApic, LocalApicPage, 1),
        (WindowRegion.LinkTable, LinkTableBase, 1),
    ];

    private readonly List<(WindowRegion Region, ElfSegment Segment)> _image = [];

    /// <summary>Lays the window out for an image.</summary>
    public InstanceWindow(IEnumerable<ElfSegment> segments)
    {
        foreach (ElfSegment segment in segments.Where(segment => segment.Virtual >= ImageBase))
        {
            WindowRegion region = segment.IsExecutable ? WindowRegion.Text
                : segment.IsWritable ? WindowRegion.Data
                : WindowRegion.ReadOnly;
            _image.Add((region, segment));
        }
    }

    /// <summary>Every page that each instance must have, with what it is for.</summary>
    public IEnumerable<(WindowRegion Region, ulong Virtual)> Required
    {
        get
        {
            foreach ((WindowRegion region, ElfSegment segment) in _image)
            {
                for (ulong address = segment.Virtual; address < segment.PageEnd; address += Page)
                {
                    yield return (region, address);
                }
            }

            foreach ((WindowRegion region, ulong first, ulong pages) in s_fixed)
            {
                for (ulong i = 0; i < pages; i++)
                {
                    yield return (region, first + (i * Page));
                }
            }
        }
    }

    /// <summary>Physical pages of shared text and read-only data: frame to virtual address.</summary>
    public ulong? SharedPhysical(ulong address)
    {
        (WindowRegion region, ElfSegment? segment) = _image.FirstOrDefault(entry => entry.Segment.Holds(address));
        return segment is not null && region is WindowRegion.Text or WindowRegion.ReadOnly
            ? segment!.Physical + (address - segment.Virtual)
            : null;
    }

    /// <summary>Whether a physical page is one of the image's, pristine data included.</summary>
    public bool IsImage(ulong physical) =>
        _image.Exists(entry => physical >= entry.Segment.Physical && physical - entry.Segment.Physical < entry.Segment.PageBytes);

    /// <summary>What an address is for.</summary>
    public WindowRegion RegionOf(ulong address)
    {
        foreach ((WindowRegion region, ElfSegment segment) in _image)
        {
            if (segment.Holds(address))
            {
                return region;
            }
        }

        foreach ((WindowRegion region, ulong first, ulong pages) in s_fixed)
        {
            if (address >= first && address < first + (pages * Page))
            {
                return region;
            }
        }

        return address switch
        {
            >= PeerTablesBase and < PeerTablesBase + (9 * Page) => WindowRegion.PeerTables,
            >= IoApicPage and < IoApicPage + Page => WindowRegion.IoApic,
            >= LinkTableBase and < LinkTableBase + (50 * Page) => WindowRegion.LinkTable,
            >= CoordinatorBase and < CoordinatorBase + (128 * Page) => WindowRegion.Coordinator,
            >= ObjectsBase and < ObjectsEnd => WindowRegion.Objects,
            >= PeerBase and < PeerBase + (9 * 0x20_0000) => WindowRegion.Peer,
            _ => WindowRegion.Nothing,
        };
    }
}
