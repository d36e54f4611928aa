using Atoll.TestVm.Guest;
using static Atoll.TestVm.Isolation.PageTableEntry;

namespace Atoll.TestVm.Isolation;

/// <summary>Changes page tables in a copy of a machine's memory, to plant defects in them.</summary>
public sealed class PageTableEditor(MachineView machine)
{
    private const ulong Page = 4096;

    private readonly Dictionary<ulong, ulong> _changes = [];
    private ulong _nextFree = machine.Memory.SizeBytes;

    /// <summary>The machine with all changes so far.</summary>
    public MachineView Result => machine with { Memory = machine.Memory.With(_changes) };

    /// <summary>The instance on a core.</summary>
    public InstanceReport Instance(int core) => machine.Instances.First(instance => instance.Core == core);

    /// <summary>The mapping of a virtual address that must be mapped.</summary>
    public Mapping Mapping(int core, ulong address) =>
        Space(core).At(address) ?? throw new InvalidOperationException($"core {core} does not map 0x{address:x}");

    /// <summary>Sets and clears bits of the entry that maps a page.</summary>
    public PageTableEditor Change(int core, ulong address, ulong set = 0, ulong clear = 0)
    {
        ulong entry = Mapping(core, address).EntryAddress;
        Write(entry, (Read(entry) & ~clear) | set);
        return this;
    }

    /// <summary>Sets bits of every entry on the way to a page.</summary>
    public PageTableEditor ChangeAllLevels(int core, ulong address, ulong set)
    {
        ulong table = Instance(core).Tables;
        for (int level = 4; level >= 1; level--)
        {
            ulong entry = EntryAddress(table, address, level);
            Write(entry, Read(entry) | set);
            table = Read(entry) & AddressMask;
        }

        return this;
    }

    /// <summary>Lets a mapped page lead to another frame.</summary>
    public PageTableEditor Redirect(int core, ulong address, ulong frame) =>
        Change(core, address, set: frame, clear: AddressMask);

    /// <summary>Maps a page, making the tables that are missing on the way from frames that nobody owns.</summary>
    public PageTableEditor Map(int core, ulong address, ulong frame, ulong flags)
    {
        ulong table = Instance(core).Tables;
        for (int level = 4; level > 1; level--)
        {
            ulong entry = EntryAddress(table, address, level);
            if ((Read(entry) & Present) == 0)
            {
                Write(entry, NewTable() | Present | Writable);
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

    /// <summary>A zeroed frame that no instance and no ring has.</summary>
    public ulong NewTable()
    {
        do
        {
            _nextFree -= Page;
        }
        while (machine.Instances.Any(instance => instance.Owns(_nextFree)) || machine.Links.Any(link => link.Ring == _nextFree));

        for (ulong offset = 0; offset < Page; offset += 8)
        {
            Write(_nextFree + offset, 0);
        }

        return _nextFree;
    }

    /// <summary>Writes a word of physical memory.</summary>
    public void Write(ulong address, ulong word) => _changes[address] = word;

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

    private AddressSpace Space(int core) => PageTableWalker.Walk(Result.Memory, Instance(core).Tables);

    private ulong Read(ulong address) => Result.Memory.Word(address);

    private static ulong EntryAddress(ulong table, ulong address, int level) =>
        table + (((address >> (12 + (9 * (level - 1)))) & 511) * 8);
}
