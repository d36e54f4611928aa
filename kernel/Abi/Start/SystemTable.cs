using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>A system: which programs run where, with what. What the host tool makes of <c>systems/NAME.toml</c>, and Init reads (docs/systems.md).</summary>
/// <remarks>In the bundle, as the entry <see cref="EntryName"/> of kind <see cref="BundleKind.System"/>: this header, programs, grants, regions. Untrusted.</remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct SystemHeader
{
    /// <summary>"ATOLLSYS" read as a little-endian word.</summary>
    public const ulong MagicValue = 0x5359_534C_4C4F_5441;

    /// <summary>Version of this format.</summary>
    public const uint VersionValue = 2;

    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 96;

    /// <summary>Most programs of a system. Init has a table of capabilities for each.</summary>
    public const uint ProgramsMax = 48;

    /// <summary>Most channels of a system.</summary>
    public const uint ChannelsMax = 128;

    /// <summary>Most regions of a system.</summary>
    public const uint RegionsMax = 32;

    /// <summary>Most grants of a system.</summary>
    public const uint GrantsMax = 1024;

    /// <summary>Stands for no program.</summary>
    public const uint None = 0xFFFF_FFFF;

    /// <summary>The channel that Init itself serves. It is always there.</summary>
    public const uint InitChannel = 0;

    /// <summary>Name of the entry in the bundle.</summary>
    public const string EntryName = "system";

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)] public ulong Magic;

    /// <summary><see cref="VersionValue"/>.</summary>
    [FieldOffset(8)] public uint Version;

    /// <summary>Records of programs.</summary>
    [FieldOffset(12)] public uint ProgramCount;

    /// <summary>Records of grants.</summary>
    [FieldOffset(16)] public uint GrantCount;

    /// <summary>Channels, <see cref="InitChannel"/> included.</summary>
    [FieldOffset(20)] public uint ChannelCount;

    /// <summary>Records of regions.</summary>
    [FieldOffset(24)] public uint RegionCount;

    /// <summary>Cores that the system needs.</summary>
    [FieldOffset(28)] public uint Cores;

    /// <summary>Its name.</summary>
    [FieldOffset(32)] public ProgramName Name;

    /// <summary>The channel of rings by which Init of each core says which programs stopped: its name on core 0, and the core's number is added.</summary>
    [FieldOffset(64)] public uint StopsName;

    /// <summary>Core of the program that hears it.</summary>
    [FieldOffset(68)] public uint StopsCore;

    /// <summary>Cores that it hears of: from 0 on.</summary>
    [FieldOffset(72)] public uint StopsCount;
}

/// <summary>A program of a system.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ProgramRecord
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 256;

    /// <summary>In <see cref="Core"/>: the program runs on every core, each time for itself.</summary>
    public const uint EveryCore = 0xFFFF_FFFF;

    /// <summary>Its name in the system.</summary>
    [FieldOffset(0)] public ProgramName Name;

    /// <summary>Its image: position in the bundle's index.</summary>
    [FieldOffset(32)] public uint Image;

    /// <summary>The core that it runs on, or <see cref="EveryCore"/>.</summary>
    [FieldOffset(36)] public uint Core;

    /// <summary>Position of its first grant.</summary>
    [FieldOffset(40)] public uint FirstGrant;

    /// <summary>Its grants.</summary>
    [FieldOffset(44)] public ushort GrantCount;

    /// <summary>log2 of the slots of its CNode, at least <see cref="ProgramSlot.Radix"/>.</summary>
    [FieldOffset(46)] public byte NodeBits;

    /// <summary>Microseconds that it may run in each period.</summary>
    [FieldOffset(48)] public uint BudgetMicroseconds;

    /// <summary>Length of the period. As long as the budget: no limit, turns in its priority.</summary>
    [FieldOffset(52)] public uint PeriodMicroseconds;

    /// <summary>Bytes of stack: whole pages.</summary>
    [FieldOffset(56)] public uint StackBytes;

    /// <summary>Who hears of its faults: position of a program with a grant of <see cref="GrantKind.Faults"/>; <see cref="SystemHeader.None"/>: Init.</summary>
    [FieldOffset(60)] public uint FaultsTo;

    /// <summary>Most restarts in <see cref="RestartWindowSeconds"/>.</summary>
    [FieldOffset(64)] public uint RestartsMax;

    /// <summary>See <see cref="RestartsMax"/>.</summary>
    [FieldOffset(68)] public uint RestartWindowSeconds;

    /// <summary>Priority, 0 to 255; the most that it may give to threads of its own is the same.</summary>
    [FieldOffset(72)] public byte Priority;

    /// <summary>When it is started again.</summary>
    [FieldOffset(73)] public RestartPolicy Restart;

    /// <summary>log2 of the bytes that its objects and pages are made of.</summary>
    [FieldOffset(74)] public byte MemoryBits;

    /// <summary>Reply objects: callers that it can keep waiting at once; at least 1.</summary>
    [FieldOffset(75)] public byte Replies;

    /// <summary>Bytes of <see cref="Arguments"/>.</summary>
    [FieldOffset(76)] public uint ArgumentBytes;

    /// <summary>What it is told at its start, UTF-8.</summary>
    [FieldOffset(80)] public ProgramArguments Arguments;
}

/// <summary>When a program is started again.</summary>
public enum RestartPolicy : byte
{
    /// <summary>Never: what has stopped stays stopped.</summary>
    Never,

    /// <summary>After a fault.</summary>
    OnFault,
}

/// <summary>What a program gets: one capability, or a few that belong together.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct GrantRecord
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 64;

    /// <summary>Under which name the program asks for it.</summary>
    [FieldOffset(0)] public ProgramName Name;

    /// <summary>What it is.</summary>
    [FieldOffset(32)] public GrantKind Kind;

    /// <summary>Regions: <see cref="MapRights"/>. Many ends of channels: those of the notification that is given with them, <see cref="CapabilityRights"/>; 0: it is given with others.</summary>
    [FieldOffset(33)] public byte Rights;

    /// <summary>Channels of rings: how many ends, each with a slot, an address and a name one after that of the end before. 0: one, of a need without a count.</summary>
    [FieldOffset(34)] public ushort Count;

    /// <summary>Slot of the program's CNode: the first, when there are several. One channel of rings has its notification in the next; many have it in the one before
    /// the first of all.</summary>
    [FieldOffset(36)] public uint Slot;

    /// <summary>Channels, devices, regions and frames: which channel or region. Channels of rings: the name that both ends give; of a program
    /// on every core, the name on core 0, and the core's number is added.</summary>
    [FieldOffset(40)] public uint Object;

    /// <summary>Channels of rings: core of the other end; <see cref="ProgramRecord.EveryCore"/>: that of end k is k.</summary>
    [FieldOffset(44)] public uint Peer;

    /// <summary>Channels: badge of the caller. Devices: <see cref="DeviceBadge"/>. Interrupts and channels of rings: the bit that is signalled. Regions: bytes.
    /// All devices: the physical address of the first piece, which Init fills in.</summary>
    [FieldOffset(48)] public ulong Badge;

    /// <summary>Ports: first | last shifted left by 16. Interrupts: line | trigger shifted left by 32. Memory: log2 of bytes. Regions and channels of rings: virtual address.
    /// Slots and frames: how many. All devices: pieces of device memory, which Init fills in.</summary>
    [FieldOffset(56)] public ulong Argument;
}

/// <summary>What a program can be given. In <c>program.toml</c>: the need's <c>kind</c>, in lower case.</summary>
public enum GrantKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>serve</c>: receives from a channel and answers.</summary>
    Serve,

    /// <summary><c>call</c>: calls through a channel.</summary>
    Call,

    /// <summary><c>ports</c>: a range of I/O ports.</summary>
    Ports,

    /// <summary><c>interrupt</c>: a line of a device. Its signals end the program's waits.</summary>
    Interrupt,

    /// <summary><c>region</c>: memory that is mapped when it starts, and may be shared.</summary>
    Region,

    /// <summary><c>memory</c>: untyped memory.</summary>
    Memory,

    /// <summary><c>slots</c>: its own CNode, and free slots in it.</summary>
    Slots,

    /// <summary><c>figures</c>: reads the figures of the kernel.</summary>
    Figures,

    /// <summary><c>machine</c>: reads the figures of the kernel, and may end the run of the machine.</summary>
    Machine,

    /// <summary><c>faults</c>: receives, from a channel, the faults of the programs that it watches over.</summary>
    Faults,

    /// <summary><c>scheduling</c>: may set budgets.</summary>
    Scheduling,

    /// <summary><c>space</c>: its own address space.</summary>
    Space,

    /// <summary><c>thread</c>: its own thread.</summary>
    Thread,

    /// <summary><c>channel</c>: an end of a channel of rings, to a program of this or another core. Its signals end the program's waits.</summary>
    Channel,

    /// <summary><c>device</c>: one device, through a channel to the program that hands devices out. The badge says which.</summary>
    Device,

    /// <summary><c>devices</c>: the registers of all devices, and interrupts by message: for the program that hands devices out.</summary>
    Devices,

    /// <summary><c>frames</c>: the frames of a region, by which a program learns where they lie: for devices that reach memory by themselves.</summary>
    Frames,

    /// <summary><c>deaths</c>: hears which programs of its core were taken away, by signals that end its waits (<see cref="DeathSignal"/>).</summary>
    Deaths,

    /// <summary><c>cores</c>: reads the figures of the kernel, and may order what becomes of the machine's other cores.</summary>
    Cores,

    /// <summary><c>connects</c>: may make ends of channels to any core while it runs, and signals its own notification: two slots.</summary>
    Connects,
}

/// <summary>Memory that programs of one core share, or that one has beside its image. Zero at the start.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RegionRecord
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 16;

    /// <summary>Bytes: whole pages of its kind.</summary>
    [FieldOffset(0)] public ulong Bytes;

    /// <summary>log2 of a page: 12 or 21.</summary>
    [FieldOffset(8)] public byte PageBits;
}
