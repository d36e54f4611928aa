using System.Buffers.Binary;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Image;
using Atoll.TestVm.Isolation;

namespace Atoll.Vm.Tests.Isolation;

/// <summary>A sound machine whose page tables are written into a byte array, entry by entry.</summary>
/// <remarks>Entry bits and addresses are typed in here once more, so that a wrong constant in the checker shows.</remarks>
internal sealed class HandMadeMachine
{
    private const ulong Present = 1, Write = 2, Uncached = 0x10;
    private const ulong NoExecute = 0x8000_0000_0000_0000;
    private const ulong PrivateData = Present | Write | NoExecute;
    private const ulong BlockBase = 0x40_0000, BlockBytes = 0x2_0000, RingBase = 0x60_0000;

    // Pages of channels are nobody's: here, between the rings of kernels and the grants.
    private const ulong ChannelPages = 0x70_0000;

    // Each core's grant: three pages of 2 MiB. Behind the last there is memory of nobody.
    private const ulong GrantBase = 0x80_0000, GrantBytes = 0x60_0000, User = 4, Large = 0x80;

    private readonly byte[] _bytes = new byte[0x210_0000];
    private readonly List<InstanceReport> _instances = [];
    private readonly List<LinkReport> _links = [];
    private readonly List<PrivatePageReport> _pages = [];
    private readonly Dictionary<int, (ulong Kernel, ulong Peer, ulong NextPeer)> _tables = [];
    private readonly Dictionary<ulong, ulong> _channelsOf = [];
    private ulong _channels;

    private HandMadeMachine(int cores)
    {
        for (int core = 0; core < cores; core++)
        {
            AddInstance(core);
            AddChannel(ProgramAt(core, 0), ProgramAt(core, 1));
        }

        for (int core = 0; core + 1 < cores; core++)
        {
            AddRing(core, core + 1);
            AddRing(core + 1, core);
            MapPeer(core, _instances[core + 1].Status, Present | NoExecute);
            MapPeer(core + 1, _instances[core].Wake, Present | NoExecute);
            AddChannel(ProgramAt(core, 0), ProgramAt(core + 1, 0));
            Lend(core, core + 1);
        }
    }

    /// <summary>Text 2 pages, read-only 1, data 1, as the linker lays them out.</summary>
    public static IReadOnlyList<ElfSegment> Segments { get; } =
    [
        new(0x10_0000, 0x10_0000, 0x800, 0x800, IsWritable: false, IsExecutable: true),
        new(0xFFFF_FFFF_8020_0000, 0x20_0000, 0x1234, 0x1234, IsWritable: false, IsExecutable: true),
        new(0xFFFF_FFFF_8020_2000, 0x20_2000, 0x800, 0x800, IsWritable: false, IsExecutable: false),
        new(0xFFFF_FFFF_8020_3000, 0x20_3000, 0x300, 0x100, IsWritable: true, IsExecutable: false),
    ];

    public static MachineView Build(int cores)
    {
        var machine = new HandMadeMachine(cores);
        return new MachineView(
            new PhysicalMemory(machine._bytes),
            [.. machine._instances.Select(instance =>
                new CpuRegisters((int)instance.ApicId, Cr0: 0x8001_0033, Cr3: instance.Tables, Efer: 0xD00))],
            new InstanceWindow(Segments),
            machine._instances,
            machine._links,
            machine._pages);
    }

    private void AddInstance(int core)
    {
        ulong next = BlockBase + ((ulong)core * BlockBytes);
        ulong Take(string kind)
        {
            ulong page = next;
            next += 0x1000;
            _pages.Add(new PrivatePageReport(core, kind, page));
            return page;
        }

        ulong block = next;
        ulong pml4 = Take("pml4"), pdpt = Take("pdpt"), pd = Take("pd"), kernel = Take("pt"), peer = Take("peer-table");

        // 0xFFFFFFFF80200000 = PML4 511, PDPT 510, PD 1; 0xFFFFFFFF80400000 = PD 2.
        Put(pml4, 511, pdpt | Present | Write);
        Put(pdpt, 510, pd | Present | Write);
        Put(pd, 1, kernel | Present | Write);
        Put(pd, 2, peer | Present | Write);
        Put(kernel, 0x000, 0x20_0000 | Present);
        Put(kernel, 0x001, 0x20_1000 | Present);
        Put(kernel, 0x002, 0x20_2000 | Present | NoExecute);
        Put(kernel, 0x003, Take("data") | PrivateData);
        Put(kernel, 0x101, Take("stack") | PrivateData);
        Put(kernel, 0x102, Take("stack") | PrivateData);
        Put(kernel, 0x104, Take("double-fault") | PrivateData);
        Put(kernel, 0x106, Take("nmi") | PrivateData);
        Put(kernel, 0x108, Take("machine-check") | PrivateData);
        ulong state = Take("state");
        Put(kernel, 0x10A, state | PrivateData);
        AddRecords(core, state);
        Put(kernel, 0x10C, Take("crash") | PrivateData);
        ulong status = Take("status"), wake = Take("wake");
        Put(kernel, 0x10E, status | PrivateData);
        Put(kernel, 0x10F, wake | PrivateData);
        Put(kernel, 0x110, 0xFEE0_0000 | PrivateData | Uncached);
        Put(kernel, 0x111, peer | PrivateData);
        Put(kernel, 0x11D, Take("links") | PrivateData);
        if (core == 0)
        {
            Put(kernel, 0x150, Take("coordinator") | PrivateData);
        }

        AddGrant(core, pml4, pdpt);
        _tables[core] = (kernel, peer, 0);
        int pages = (int)((next - block) / 0x1000);
        _instances.Add(new InstanceReport(core, (uint)core, IsHealthy: true, pml4, block, pages, status, wake, Instructions: 1));
    }

    // 0xFFFFFF8000000000 = PML4 511, PDPT 0: the window on physical memory, of which the grant alone is mapped.
    private void AddGrant(int core, ulong pml4, ulong pdpt)
    {
        ulong grant = GrantBase + ((ulong)core * GrantBytes);
        Put(pdpt, 0, grant | Present | Write);
        Put(grant, grant >> 21, grant | PrivateData | Large);
        Put(grant, (grant >> 21) + 1, (grant + 0x20_0000) | PrivateData | Large);
        Put(grant, (grant >> 21) + 2, (grant + 0x40_0000) | PrivateData | Large);
        for (ulong program = 0; program < 2; program++)
        {
            AddProgram(ProgramAt(core, program), pdpt);
        }
    }

    // Behind one another in the third page of 2 MiB: for 96 ends of channels 384 records of what others hold, 768 of what is held of others. The kernel's state says where they are.
    private void AddRecords(int core, ulong state)
    {
        const ulong Window = 0xFFFF_FF80_0000_0000;
        ulong spaces = GrantAt(core) + 0x3F_0400;
        Put(state, 40, Window + spaces);
        Put(state, 41, 192 | (2UL << 32));
        Put(state, 42, 2);
        Put(spaces, 0, 0x1_0000);
        Put(spaces, 1, Window + ProgramAt(core, 0));
        Put(spaces, 2, 0x1_0001);
        Put(spaces, 3, Window + ProgramAt(core, 1));
        Put(state, 60, Window + ExportsOf(core));
        Put(state, 61, 384);
        Put(state, 62, 2);
        Put(state, 65, Window + ImportsOf(core));
        Put(state, 66, 768);
        Put(state, 67, 2);
    }

    // A frame that both have, and one that only the holder has. Kinds: 2 is a frame, 20 one that is lent as a whole; a page; all rights.
    private void Lend(int home, int holder)
    {
        const ulong Window = 0xFFFF_FF80_0000_0000, Frame = 2 | (15UL << 8) | (12UL << 16), Lent = 20, Held = 2UL << 32;
        for (ulong number = 0; number < 2; number++)
        {
            ulong frame = GrantAt(home) + 0x50_0000 + (number * 0x1_0000), parent = GrantAt(home) + 0x58_0000 + (number * 0x40);
            ulong export = ExportsOf(home) + (number * 128), import = ImportsOf(holder) + (number * 128);
            Put(parent, 0, number == 0 ? Frame : Lent);
            Put(export, 0, Frame);
            Put(export, 1, frame);
            Put(export, 6, (Window + parent) | 1);
            Put(export, 9, (ulong)holder);
            Put(export, 12, Held);
            Put(import, 0, Frame);
            Put(import, 1, frame);
            Put(import, 9, (uint)home | (number << 32));
            Put(import, 12, Held);

            // 0x500000 and the page behind it: PD 2, entries 0x100 and 0x101.
            Put(ProgramAt(holder, number) + 0x3000, 0x100, frame | Present | Write | User | NoExecute);
            if (number == 0)
            {
                Put(ProgramAt(home, 0) + 0x3000, 0x101, frame | Present | Write | User | NoExecute);
            }
        }
    }

    private static ulong GrantAt(int core) => GrantBase + ((ulong)core * GrantBytes);

    private static ulong ExportsOf(int core) => GrantAt(core) + 0x40_0000;

    private static ulong ImportsOf(int core) => ExportsOf(core) + (384 * 128);

    private static ulong ProgramAt(int core, ulong program) => GrantBase + ((ulong)core * GrantBytes) + 0x1_0000 + (program * 0x1_0000);

    // Two pages side by side. What one end receives from, the other sends to.
    private void AddChannel(ulong first, ulong second)
    {
        ulong pages = ChannelPages + (_channels++ * 0x2000);
        AddEnd(first, receive: pages, send: pages + 0x1000);
        AddEnd(second, receive: pages + 0x1000, send: pages);
    }

    // 0x204000 = PD 1, entry 4: two pages of each channel, and two entries that stay empty.
    private void AddEnd(ulong program, ulong receive, ulong send)
    {
        ulong number = _channelsOf.GetValueOrDefault(program);
        _channelsOf[program] = number + 1;
        Put(program + 0x7000, 4 + (number * 4), receive | Present | Write | User | NoExecute);
        Put(program + 0x7000, 5 + (number * 4), send | Present | Write | User | NoExecute);
    }

    // 0x200000 = PML4 0, PDPT 0, PD 1: what belongs to channels. 0x400000 = PD 2: a page of text, one of constants, one of data.
    private void AddProgram(ulong at, ulong kernelPdpt)
    {
        const ulong Through = Present | Write | User;
        Put(at, 511, kernelPdpt | Present | Write);
        Put(at, 0, (at + 0x1000) | Through);
        Put(at + 0x1000, 0, (at + 0x2000) | Through);
        Put(at + 0x2000, 1, (at + 0x7000) | Through);
        Put(at + 0x2000, 2, (at + 0x3000) | Through);
        Put(at + 0x3000, 0, (at + 0x4000) | Present | User);
        Put(at + 0x3000, 1, (at + 0x5000) | Present | User | NoExecute);
        Put(at + 0x3000, 2, (at + 0x6000) | Present | Write | User | NoExecute);
    }

    private void AddRing(int producer, int consumer)
    {
        ulong ring = RingBase + ((ulong)_links.Count * 0x1000);
        MapPeer(producer, ring, PrivateData);
        MapPeer(consumer, ring, PrivateData);
        _links.Add(new LinkReport(producer, consumer, ring));
    }

    private void MapPeer(int core, ulong frame, ulong flags)
    {
        (ulong kernel, ulong peer, ulong next) = _tables[core];
        Put(peer, next, frame | flags);
        _tables[core] = (kernel, peer, next + 1);
    }

    private void Put(ulong table, ulong index, ulong entry) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan((int)(table + (index * 8))), entry);
}
