using System.Runtime.CompilerServices;
using System.Threading;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pci;

/// <summary>The tables of a DMA remapping unit: which memory each device reaches. A device's address of a page is its physical one, or there is none.</summary>
/// <remarks>
/// They lie in memory that outlives the program, because the unit reads them after its end. Each driver has pages of its own, so none takes them from another.
/// Source: Intel Virtualization Technology for Directed I/O, "Root Entry", "Context Entry", "Second-Level Paging Entries".
/// </remarks>
public struct RemappingTables
{
    /// <summary>Pages that it needs: root, buses, and for each driver.</summary>
    public const uint Pages = 1 + BusesMax + (DriverTable.Most * PagesEach);

    // Buses on which driven devices are.
    private const uint BusesMax = 3;
    private const uint PagesEach = 7;
    private const uint Root = 0;
    private const uint FirstBus = 1;
    private const uint FirstOfDrivers = FirstBus + BusesMax;

    private const uint EntriesOfPage = 512;
    private const int LevelBits = 9;
    private const int PageBits = 12;
    private const int LargePageLevel = 2;

    private const ulong IsPresent = 1;
    private const ulong IsLarge = 1 << 7;
    private const ulong ReadAndWrite = 3;
    private const ulong AddressMask = ~0xFFFUL;
    private const int DomainShift = 8;
    private const int LevelsLeast = 2;

    private MemoryRegion _memory;
    private Places _places;
    private BusNumbers _buses;
    private Counts _used;
    private uint _busCount;
    private int _levels;

    /// <summary>Physical address of the root table.</summary>
    public readonly ulong RootPlace => _places[(int)Root];

    /// <summary>Begins: no device reaches anything.</summary>
    /// <param name="memory">The pages.</param>
    /// <param name="levels">Levels of tables: 3 or 4.</param>
    /// <returns>False: there are too few pages.</returns>
    public bool TryBegin(MemoryRegion memory, int levels)
    {
        _memory = memory;
        _levels = levels;
        _busCount = 0;
        _used = default;
        if (memory.Length < (int)(Pages << PageBits))
        {
            return false;
        }

        for (uint page = 0; page < Pages; page++)
        {
            Clear(page);
        }

        return true;
    }

    /// <summary>Says where a page lies.</summary>
    public void SetPlace(uint page, ulong physical) => _places[(int)page] = physical;

    /// <summary>Lets a device's requests through the tables of its driver, which are empty since they were shut.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="place">The device.</param>
    /// <returns>False: there are devices on too many buses.</returns>
    public bool TryOpen(uint driver, FunctionPlace place)
    {
        if (!TryFindBus(place, out uint bus))
        {
            return false;
        }

        _used[(int)driver] = 1;
        ref ulong entry = ref ContextOf(bus, place, half: 1);
        entry = (uint)(_levels - LevelsLeast) | ((ulong)(driver + 1) << DomainShift);

        // The first half says that there is one.
        Volatile.Write(ref ContextOf(bus, place, half: 0), _places[(int)First(driver)] | IsPresent);
        return true;
    }

    /// <summary>The device reaches nothing any more, as soon as the unit has forgotten what it has read.</summary>
    public void Shut(uint driver, FunctionPlace place)
    {
        if (TryFindBus(place, out uint bus))
        {
            Volatile.Write(ref ContextOf(bus, place, half: 0), 0);
        }

        ClearDriver(driver);
    }

    /// <summary>The device reaches a frame from now on, at its physical address.</summary>
    /// <param name="driver">Whose device.</param>
    /// <param name="physical">Where the frame lies.</param>
    /// <param name="bytes">How large it is: 4 KiB or 2 MiB.</param>
    /// <param name="access">For what.</param>
    /// <returns>False: it is of another size, or lies too high, or the driver's pages are used up. What was given stays.</returns>
    public bool TryMap(uint driver, ulong physical, ulong bytes, DeviceAccess access)
    {
        int leaf = bytes == 1UL << PageBits ? 1 : bytes == 1UL << (PageBits + LevelBits) ? LargePageLevel : 0;
        if (leaf == 0 || physical >> (PageBits + (LevelBits * _levels)) != 0 || _used[(int)driver] == 0)
        {
            return false;
        }

        uint page = First(driver);
        for (int level = _levels; level > leaf; level--)
        {
            if (!TryDescend(driver, ref page, IndexAt(physical, level)))
            {
                return false;
            }
        }

        ref ulong entry = ref Entry(page, IndexAt(physical, leaf));
        bool isTable = leaf == LargePageLevel && entry != 0 && (entry & IsLarge) == 0;
        if (!isTable)
        {
            ulong before = entry & ReadAndWrite;
            Volatile.Write(ref entry, physical | (leaf == LargePageLevel ? IsLarge : 0) | before | (ulong)access);
        }

        return !isTable;
    }

    private static uint First(uint driver) => FirstOfDrivers + (driver * PagesEach);

    private static uint IndexAt(ulong physical, int level) => (uint)(physical >> (PageBits + (LevelBits * (level - 1)))) % EntriesOfPage;

    // A table that is made for a frame that finds no room below it stays: it leads nowhere.
    private bool TryDescend(uint driver, ref uint page, uint index)
    {
        ref ulong entry = ref Entry(page, index);
        if (entry == 0)
        {
            if (_used[(int)driver] == PagesEach)
            {
                return false;
            }

            page = First(driver) + _used[(int)driver]++;
            Volatile.Write(ref entry, _places[(int)page] | ReadAndWrite);
            return true;
        }

        for (uint own = First(driver); own < First(driver) + PagesEach; own++)
        {
            if ((entry & IsLarge) == 0 && _places[(int)own] == (entry & AddressMask))
            {
                page = own;
                return true;
            }
        }

        return false;
    }

    private bool TryFindBus(FunctionPlace place, out uint bus)
    {
        byte number = (byte)(place.Raw >> 8);
        for (bus = 0; bus < _busCount; bus++)
        {
            if (_buses[(int)bus] == number)
            {
                return true;
            }
        }

        if (bus == BusesMax)
        {
            return false;
        }

        _buses[(int)_busCount++] = number;
        Volatile.Write(ref Entry(Root, number * 2u), _places[(int)(FirstBus + bus)] | IsPresent);
        return true;
    }

    private readonly ref ulong ContextOf(uint bus, FunctionPlace place, uint half) => ref Entry(FirstBus + bus, ((place.Raw & 0xFFu) * 2) + half);

    private void ClearDriver(uint driver)
    {
        _used[(int)driver] = 0;
        for (uint page = First(driver); page < First(driver) + PagesEach; page++)
        {
            Clear(page);
        }
    }

    private readonly void Clear(uint page)
    {
        for (uint index = 0; index < EntriesOfPage; index++)
        {
            Volatile.Write(ref Entry(page, index), 0);
        }
    }

    private readonly ref ulong Entry(uint page, uint index) => ref _memory.LongWords[(int)((page * EntriesOfPage) + index)];

    [InlineArray((int)Pages)]
    private struct Places
    {
        private ulong _place0;
    }

    [InlineArray((int)BusesMax)]
    private struct BusNumbers
    {
        private byte _bus0;
    }

    [InlineArray((int)DriverTable.Most)]
    private struct Counts
    {
        private uint _count0;
    }
}
