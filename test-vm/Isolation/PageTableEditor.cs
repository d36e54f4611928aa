using Atoll.TestVm.Guest;
using static Atoll.TestVm.Isolation.PageTableEntry;

namespace Atoll.TestVm.Isolation;

/// <summary>Changes page tables in a copy of a machine's memory, to plant defects in them.</summary>
public sealed class PageTableEditor(MachineView machine)
{
    private const ulong Page = 4096;

    private readonly Dictionary<ulong, ulong> _changes = [];
    private readonly Lazy<IReadOnlyList<InstanceSpace>> _spaces = new(machine.Walk);
    private readonly Lazy<ChannelMap> _channels = new(() => new ChannelMap(machine, machine.Walk()));
    private ulong _nextFree = machine.Memory.SizeBytes;

    /// <summary>The machine with all changes so far.</summary>
    public MachineView Result => machine with { Memory = machine.Memory.With(_changes) };

    /// <summary>The instance on a core.</summary>
    public InstanceReport Instance(int core) => machine.Instances.First(instance => instance.Core == core);

    /// <summary>Root of a program's tables.</summary>
    public ulong Program(int core, int index) => _spaces.Value.First(space => space.Core == core).Programs[index].Root;

    /// <summary>Address spaces of the programs of a core.</summary>
    public IReadOnlyList<AddressSpace> Programs(int core) => _spaces.Value.First(space => space.Core == core).Programs;

    /// <summary>All that is mapped below a root.</summary>
    public IReadOnlyList<Mapping> MappingsIn(ulong root) => SpaceOf(root).Mappings;

    /// <summary>Cores of the instances.</summary>
    public IEnumerable<int> Cores => machine.Instances.Select(instance => instance.Core);

    /// <summary>What instances lend each other, as it was before any change.</summary>
    public LentFrames Lent => new(machine, _spaces.Value);

    /// <summary>The mapping of a virtual address that must be mapped.</summary>
    public Mapping Mapping(int core, ulong address) => MappingIn(Instance(core).Tables, address);

    /// <summary>The mapping of a virtual address that must be mapped below a root.</summary>
    public Mapping MappingIn(ulong root, ulong address) =>
        SpaceOf(root).At(address) ?? throw new InvalidOperationException($"the tables at 0x{root:x} do not map 0x{address:x}");

    /// <summary>The first page of a program that is no ring's and may be written, or executed.</summary>
    public Mapping PageOf(ulong root, bool writable, bool executable) =>
        SpaceOf(root).Mappings.First(page =>
            page.IsUser && page.IsWritable == writable && page.IsExecutable == executable && ChannelPlace.Of(page.Virtual) is null);

    /// <summary>Channels between programs of different instances, as they were before any change.</summary>
    public IReadOnlyList<WholeChannel> Across =>
        [.. _channels.Value.Whole.Where(channel => channel.IsAcross)];

    /// <summary>Roots of all programs' tables but those at the ends of a channel.</summary>
    public IReadOnlyList<ulong> Strangers(WholeChannel channel) =>
    [
        .. _spaces.Value
            .SelectMany(space => space.Programs)
            .Select(program => program.Root)
            .Where(root => root != channel.First.Program && root != channel.Second.Program),
    ];

    /// <summary>Sets and clears bits of the entry that maps a page.</summary>
    public PageTableEditor Change(int core, ulong address, ulong set = 0, ulong clear = 0) =>
        ChangeIn(Instance(core).Tables, address, set, clear);

    /// <summary>Sets and clears bits of the entry that maps a page below a root.</summary>
    public PageTableEditor ChangeIn(ulong root, ulong address, ulong set = 0, ulong clear = 0)
    {
        ulong entry = MappingIn(root, address).EntryAddress;
        Write(entry, (Read(entry) & ~clear) | set);
        return this;
    }

    /// <summary>Sets bits of every entry on the way to a page.</summary>
    public PageTableEditor ChangeAllLevels(int core, ulong address, ulong set) => ChangeAllLevelsIn(Instance(core).Tables, address, set);

    /// <summary>Sets bits of every entry on the way to a page below a root.</summary>
    public PageTableEditor ChangeAllLevelsIn(ulong root, ulong address, ulong set)
    {
        ulong table = root;
        for (int level = 4; level >= 1; level--)
        {
            ulong entry = EntryAddress(table, address, level);
            Write(entry, Read(entry) | set);
            table = Read(entry) & AddressMask;
        }

        return this;
    }

    /// <summary>Lets a mapped page lead to another frame.</summary>
    public PageTableEditor Redirect(int core, ulong address, ulong frame) => RedirectIn(Instance(core).Tables, address, frame);

    /// <summary>Lets a page that is mapped below a root lead to another frame.</summary>
    public PageTableEditor RedirectIn(ulong root, ulong address, ulong frame) => ChangeIn(root, address, set: frame, clear: AddressMask);

    /// <summary>Maps a page, making the tables that are missing on the way from frames that nobody owns.</summary>
    public PageTableEditor Map(int core, ulong address, ulong frame, ulong flags) => MapIn(Instance(core).Tables, address, frame, flags);

    /// <summary>Maps a page below a root. Tables that are missing on the way are frames that nobody owns.</summary>
    public PageTableEditor MapIn(ulong root, ulong address, ulong frame, ulong flags)
    {
        ulong table = root;
        for (int level = 4; level > 1; level--)
        {
            ulong entry = EntryAddress(table, address, level);
            if ((Read(entry) & Present) == 0)
            {
                Write(entry, NewTable() | Present | Writable | (flags & User));
            }

            table = Read(entry) & AddressMask;
        }

        Write(EntryAddress(table, address, 1), frame | flags | Present);
        return this;
    }

    /// <summary>Writes the PML4 entry for an address.</summary>
    public PageTableEditor SetRootEntry(int core, ulong address, ulong entry)
    {
        Write(EntryAddress(Instance(core).Tables, address, 4), entry);
        return this;
    }

    /// <summary>Reads the PML4 entry for an address.</summary>
    public ulong RootEntry(int core, ulong address) => Read(EntryAddress(Instance(core).Tables, address, 4));

    /// <summary>The page of an instance that translates an address at a level.</summary>
    public ulong Table(int core, ulong address, int level) =>
        Space(core).Tables.First(table => table.Level == level
            && address - table.FirstVirtual < 1UL << (12 + (9 * level))).Physical;

    /// <summary>A zeroed frame that no instance, no ring and no channel has.</summary>
    public ulong NewTable()
    {
        do
        {
            _nextFree -= Page;
        }
        while (IsTaken(_nextFree));

        for (ulong offset = 0; offset < Page; offset += 8)
        {
            Write(_nextFree + offset, 0);
        }

        return _nextFree;
    }

    /// <summary>Writes a word of physical memory.</summary>
    public void Write(ulong address, ulong word) => _changes[address] = word;

    /// <summary>Clears bits of a word of physical memory.</summary>
    public void ChangeWord(ulong address, ulong clear) => Write(address, Read(address) & ~clear);

    /// <summary>First address of the window on an instance's grant.</summary>
    public ulong Grant(int core) => InstanceWindow.ObjectsBase + _spaces.Value.First(space => space.Core == core).Grant.Base;

    /// <summary>First page of the image's data, which no instance maps: the pristine copy lies right after read-only data, as in the ELF file.</summary>
    public ulong PristineData =>
        machine.Window.SharedPhysical(machine.Window.Required.Last(page => page.Region == WindowRegion.ReadOnly).Virtual)!.Value + Page;

    /// <summary>A page that two instances share.</summary>
    public ulong Ring => machine.Links[0].Ring;

    /// <summary>The first address of a region of the peer window, or of the whole window, that is not mapped.</summary>
    public ulong FreeAddress(int core, ulong first)
    {
        AddressSpace space = Space(core);
        ulong address = first;
        while (space.At(address) is not null)
        {
            address += Page;
        }

        return address;
    }

    private bool IsTaken(ulong frame) =>
        _spaces.Value.Any(space => space.Instance.Owns(frame) || space.Grant.Owns(frame)) || machine.Links.Any(link => link.Ring == frame)
        || _channels.Value.IsRing(frame);

    private AddressSpace Space(int core) => SpaceOf(Instance(core).Tables);

    private AddressSpace SpaceOf(ulong root) => PageTableWalker.Walk(Result.Memory, root);

    private ulong Read(ulong address) => Result.Memory.Word(address);

    private static ulong EntryAddress(ulong table, ulong address, int level) =>
        table + (((address >> (12 + (9 * (level - 1)))) & 511) * 8);
}
