using Atoll.Services.Lib;
using Atoll.Services.Pci;

namespace Atoll.Services.Tests.Pci;

/// <summary>A DMA remapping unit as its manual describes it: it walks tables in the memory that a test gives it, keeps what it has read until it is told to forget, and records what it stops.</summary>
/// <remarks>Source: Intel Virtualization Technology for Directed I/O, "Register Descriptions", "Root Entry", "Context Entry", "Second-Level Paging Entries". Offsets and bits are typed in
/// from there.</remarks>
internal sealed class FakeUnit
{
    private const uint Records = 0x220;
    private const uint Translations = 0xF0;

    private readonly MemoryRegion _memory;
    private readonly Dictionary<ulong, int> _pages;
    private readonly uint[] _words = new uint[1024];
    private readonly Dictionary<ushort, (ulong Low, ulong High)> _contexts = [];
    private readonly Dictionary<(ushort Place, ulong Page), (ulong Physical, ulong Access)> _cache = [];
    private ulong _root;

    /// <summary>A unit, and where the pages of its memory lie.</summary>
    public FakeUnit(MemoryRegion memory, Func<uint, ulong> place)
    {
        _memory = memory;
        _pages = Enumerable.Range(0, memory.Length / 4096).ToDictionary(page => place((uint)page), page => page);

        // As QEMU's: three levels, 2 MiB and 1 GiB, one record at 0x220; invalidation at 0xF0.
        Capability = (1UL << 9) | (3UL << 34) | (0x22UL << 24);
        Extended = 0xFUL << 8;
    }

    /// <summary>What it says that it can do.</summary>
    public ulong Capability { get; set; }

    /// <summary>See <see cref="Capability"/>.</summary>
    public ulong Extended { get; set; }

    /// <summary>Status bits that never change.</summary>
    public uint Stuck { get; set; }

    /// <summary>Invalidations never end.</summary>
    public bool NeverForgets { get; set; }

    /// <summary>Global status.</summary>
    public uint Status { get; set; }

    /// <summary>Messages that it has sent.</summary>
    public List<(ulong Address, uint Data)> Sent { get; } = [];

    /// <summary>Whether it flushed when it was told to.</summary>
    public int Flushes { get; private set; }

    /// <summary>A device reaches for an address.</summary>
    /// <returns>Whether it gets there: at the same address, which is what all here rely on.</returns>
    public bool Access(ushort place, ulong address, bool isWrite)
    {
        if ((Status & (1u << 31)) == 0)
        {
            return true;
        }

        uint reason = Translate(place, address & ~0xFFFUL, out ulong physical, out ulong access);
        reason = reason != 0 ? reason : isWrite && (access & 2) == 0 ? 5u : !isWrite && (access & 1) == 0 ? 6u : 0;
        if (reason != 0)
        {
            Record(place, address, isWrite, reason);
            return false;
        }

        Assert.Equal(address & ~0xFFFUL, physical);
        return true;
    }

    public uint Read(uint offset) => offset switch
    {
        0x08 => (uint)Capability,
        0x0C => (uint)(Capability >> 32),
        0x10 => (uint)Extended,
        0x14 => (uint)(Extended >> 32),
        0x1C => Status,
        _ => _words[offset / 4],
    };

    public void Write(uint offset, uint value)
    {
        switch (offset)
        {
            case 0x18:
                Command(value);
                break;
            case 0x2C:
                Assert.Equal(0b101u, value >> 29);
                Forget(() => _contexts.Clear(), offset, value);
                break;
            case Translations + 12:
                Assert.Equal(0b1001u, value >> 28);
                Forget(() => _cache.Clear(), offset, value);
                break;
            case 0x34:
                _words[offset / 4] &= ~(value & 1);
                break;
            case Records + 12:
                _words[offset / 4] &= ~(value & (1u << 31));
                _words[0x34 / 4] &= ~(value >> 31 << 1);
                break;
            default:
                _words[offset / 4] = value;
                break;
        }
    }

    // Translation, and the queue of commands, are as the last command says; the others are told once.
    private void Command(uint value)
    {
        uint next = (Status & (1u << 30)) | (value & ((1u << 31) | (1u << 26)));
        if ((value & (1u << 30)) != 0)
        {
            _root = _words[0x20 / 4] | ((ulong)_words[0x24 / 4] << 32);
            next |= 1u << 30;
        }

        Flushes += (value & (1u << 27)) != 0 ? 1 : 0;
        Status = (next & ~Stuck) | (Status & Stuck);
    }

    private void Forget(Action forget, uint offset, uint value)
    {
        Assert.True((Status & (1u << 26)) == 0, "registers do nothing while commands come by a queue");
        if (NeverForgets)
        {
            _words[offset / 4] = value;
        }
        else
        {
            forget();
            _words[offset / 4] = value & ~(1u << 31);
        }
    }

    private uint Translate(ushort place, ulong page, out ulong physical, out ulong access)
    {
        (physical, access) = (0, 0);
        if (!_contexts.TryGetValue(place, out (ulong Low, ulong High) context))
        {
            ulong root = Word(_root, (place >> 8) * 2);
            if ((root & 1) == 0)
            {
                return 1;
            }

            context = (Word(root & ~0xFFFUL, (place & 0xFF) * 2), Word(root & ~0xFFFUL, ((place & 0xFF) * 2) + 1));
            if ((context.Low & 1) == 0)
            {
                return 2;
            }

            _contexts[place] = context;
        }

        if (_cache.TryGetValue((place, page), out (ulong Physical, ulong Access) known))
        {
            (physical, access) = known;
            return 0;
        }

        // Translation type 0: by second-level tables. Address width 1: three levels, 2: four. Domain 0 is nobody's.
        Assert.Equal(0ul, (context.Low >> 2) & 3);
        Assert.InRange((context.High >> 8) & 0xFFFF, 1ul, 15ul);
        int levels = (int)(context.High & 7) + 2;
        Assert.Contains(levels, new[] { 3, 4 });
        if (page >> (12 + (9 * levels)) != 0)
        {
            return 4;
        }

        ulong table = context.Low & ~0xFFFUL;
        access = 3;
        for (int level = levels; level >= 1; level--)
        {
            ulong entry = Word(table, (int)(page >> (12 + (9 * (level - 1)))) & 511);
            access &= entry;
            table = entry & 0x000F_FFFF_FFFF_F000;
            bool isLarge = level > 1 && (entry & (1 << 7)) != 0;
            if ((entry & 3) == 0 || level == 1 || isLarge)
            {
                ulong low = (1UL << (12 + (9 * (level - 1)))) - 1;
                physical = (table & ~low) | (page & low);
                access &= 3;
                break;
            }
        }

        if (access != 0)
        {
            _cache[(place, page)] = (physical, access);
        }

        return 0;
    }

    private ulong Word(ulong table, int index)
    {
        Assert.True(_pages.TryGetValue(table, out int page), $"the unit reads at {table:x}, where no table is");
        return _memory.LongWords[(page * 512) + index];
    }

    private void Record(ushort place, ulong address, bool isWrite, uint reason)
    {
        uint state = _words[(Records + 12) / 4];
        if ((state & (1u << 31)) != 0)
        {
            _words[0x34 / 4] |= 1;
            return;
        }

        if ((_words[0x34 / 4] & 1) != 0)
        {
            return;
        }

        _words[Records / 4] = (uint)address & 0xFFFF_F000;
        _words[(Records / 4) + 1] = (uint)(address >> 32);
        _words[(Records / 4) + 2] = place;
        _words[(Records / 4) + 3] = (1u << 31) | (isWrite ? 0 : 1u << 30) | reason;
        _words[0x34 / 4] |= 2;
        if ((_words[0x38 / 4] & (1u << 31)) == 0)
        {
            Sent.Add((_words[0x40 / 4] | ((ulong)_words[0x44 / 4] << 32), _words[0x3C / 4]));
        }
    }
}

/// <summary>As the service sees it.</summary>
internal readonly struct UnitOfTest(FakeUnit unit) : IRemappingRegisters
{
    public uint Read(uint offset) => unit.Read(offset);

    public void Write(uint offset, uint value) => unit.Write(offset, value);
}
