using System.Runtime.CompilerServices;

namespace Atoll.Services.Pci;

/// <summary>What is on the bus: found once, by a walk whose length no device decides.</summary>
/// <remarks>Bridges name the buses behind them, as the firmware numbered them; a bus is walked once, whatever bridges say.</remarks>
public struct BusTable
{
    /// <summary>Most functions that are kept.</summary>
    public const uint Most = 24;

    private const uint DevicesOfBus = 32;
    private const uint FunctionsOfDevice = 8;

    // Buses that are waiting to be walked, and those that were.
    private const int BusesMax = 16;

    private Functions _functions;
    private RegisterTable _registers;
    private Buses _buses;
    private int _busCount;

    /// <summary>How many there are.</summary>
    public uint Count { get; private set; }

    /// <summary>Functions and buses that found no room.</summary>
    public uint Dropped { get; private set; }

    /// <summary>A function.</summary>
    public static ref BusFunction At(ref BusTable table, uint index) => ref table._functions[(int)index];

    /// <summary>Their registers.</summary>
    public static ref RegisterTable Registers(ref BusTable table) => ref table._registers;

    /// <summary>Walks all buses.</summary>
    /// <typeparam name="TSpace">Configuration space.</typeparam>
    /// <param name="space">Configuration space.</param>
    public void Walk<TSpace>(in TSpace space)
        where TSpace : struct, IConfigurationSpace
    {
        AddBus(0);
        for (int bus = 0; bus < _busCount; bus++)
        {
            for (uint device = 0; device < DevicesOfBus; device++)
            {
                WalkDevice(in space, _buses[bus], device);
            }
        }
    }

    /// <summary>Finds one of those with an identifier.</summary>
    /// <param name="identifier">Vendor and device.</param>
    /// <param name="which">Which of them, in the order of the walk.</param>
    /// <returns>Its position; <see cref="Count"/>: it is not there.</returns>
    public readonly uint Find(uint identifier, uint which)
    {
        for (uint index = 0; index < Count; index++)
        {
            if (_functions[(int)index].Identifier == identifier && which-- == 0)
            {
                return index;
            }
        }

        return Count;
    }

    /// <summary>Finds the one at a place.</summary>
    /// <returns>Its position; <see cref="Count"/>: none is known there.</returns>
    public readonly uint FindAt(FunctionPlace place)
    {
        uint index = 0;
        while (index < Count && _functions[(int)index].Place.Raw != place.Raw)
        {
            index++;
        }

        return index;
    }

    private void WalkDevice<TSpace>(in TSpace space, byte bus, uint device)
        where TSpace : struct, IConfigurationSpace
    {
        uint functions = 1;
        for (uint function = 0; function < functions; function++)
        {
            FunctionPlace place = FunctionPlace.Of(bus, device, function);
            uint identifier = space.Read(place, ConfigurationRegisters.Identifier);
            if ((ushort)identifier is ConfigurationRegisters.NoVendor or 0)
            {
                continue;
            }

            uint header = space.Read(place, ConfigurationRegisters.HeaderType) >> ConfigurationRegisters.HeaderShift;
            functions = function == 0 && (header & ConfigurationRegisters.IsMultiFunction) != 0 ? FunctionsOfDevice : functions;
            Add(in space, place, identifier, header & ConfigurationRegisters.HeaderMask);
        }
    }

    private void Add<TSpace>(in TSpace space, FunctionPlace place, uint identifier, uint header)
        where TSpace : struct, IConfigurationSpace
    {
        if (header == ConfigurationRegisters.HeaderOfBridge)
        {
            // Primary, secondary, subordinate: the second byte is the bus right behind the bridge.
            AddBus((byte)(space.Read(place, ConfigurationRegisters.BusNumbers) >> 8));
        }

        if (Count == Most)
        {
            Dropped++;
            return;
        }

        ref BusFunction function = ref _functions[(int)Count];
        function.Place = place;
        function.Identifier = identifier;
        function.IsDevice = header == ConfigurationRegisters.HeaderOfDevice;
        if (function.IsDevice)
        {
            BaseAddressReader.Read(in space, place, Count, ref _registers);
            ReadInterrupts(in space, ref function);
        }

        Count++;
    }

    private static void ReadInterrupts<TSpace>(in TSpace space, ref BusFunction function)
        where TSpace : struct, IConfigurationSpace
    {
        uint at = CapabilityList.Find(in space, function.Place, ConfigurationRegisters.InterruptsByMessage);
        if (at is 0 or > ConfigurationRegisters.Bytes - (3 * sizeof(uint)))
        {
            return;
        }

        uint control = space.Read(function.Place, at);
        uint table = space.Read(function.Place, at + sizeof(uint));
        if ((table & ConfigurationRegisters.TableBarMask) < ConfigurationRegisters.BarsOfDevice)
        {
            function.InterruptCapability = (byte)at;
            function.Vectors = (ushort)(((control >> ConfigurationRegisters.TableSizeShift) & ConfigurationRegisters.TableSizeMask) + 1);
            function.TableBar = (byte)(table & ConfigurationRegisters.TableBarMask);
            function.TableOffset = table & ~ConfigurationRegisters.TableBarMask;
        }
    }

    private void AddBus(byte bus)
    {
        for (int known = 0; known < _busCount; known++)
        {
            if (_buses[known] == bus)
            {
                return;
            }
        }

        if (_busCount == BusesMax)
        {
            Dropped++;
            return;
        }

        _buses[_busCount++] = bus;
    }

    [InlineArray((int)Most)]
    private struct Functions
    {
        private BusFunction _function0;
    }

    [InlineArray(BusesMax)]
    private struct Buses
    {
        private byte _bus0;
    }
}
