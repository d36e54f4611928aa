using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pci;

/// <summary>Which memory devices reach: with a DMA remapping unit what their drivers have given them, without one all there is.</summary>
/// <typeparam name="TRegisters">Registers of the unit.</typeparam>
public struct DeviceReach<TRegisters>
    where TRegisters : struct, IRemappingRegisters
{
    private RemappingUnit<TRegisters> _unit;
    private RemappingTables _tables;

    /// <summary>Whether devices are held to what they are given.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>How often a device reached for something else.</summary>
    public ulong FaultCount { get; private set; }

    /// <summary>The last time.</summary>
    public DeviceFault LastFault { get; private set; }

    /// <summary>Begins. No device is a bus master now.</summary>
    /// <param name="registers">The unit's registers.</param>
    /// <param name="memory">Pages for its tables.</param>
    /// <param name="places">The same with the physical address of each page set.</param>
    /// <param name="message">What the unit sends when a device reaches for what it was not given.</param>
    public RemappingStart Begin(in TRegisters registers, MemoryRegion memory, in RemappingTables places, InterruptMessage message)
    {
        _tables = places;
        _unit.Read(in registers);
        RemappingStart start = _tables.TryBegin(memory, _unit.Levels) ? _unit.Begin(_tables.RootPlace, message) : RemappingStart.Unusable;
        IsHeld = start == RemappingStart.On;
        return start;
    }

    /// <summary>A driver begins with its device, which reaches nothing of what it reached before.</summary>
    /// <returns>False: the unit cannot hold it. Then it must not become a bus master.</returns>
    public bool TryOpen(uint driver, FunctionPlace place)
    {
        if (!IsHeld)
        {
            return true;
        }

        _tables.Shut(driver, place);
        return _unit.TryInvalidate() && _tables.TryOpen(driver, place);
    }

    /// <summary>The device of a driver reaches nothing any more.</summary>
    public void Shut(uint driver, FunctionPlace place)
    {
        if (IsHeld)
        {
            _tables.Shut(driver, place);

            // One that does not answer goes on with what it has read; the device is no bus master any more.
            _ = _unit.TryInvalidate();
        }
    }

    /// <summary>The device of a driver reaches a frame from now on.</summary>
    /// <returns>False: see <see cref="RemappingTables.TryMap"/>; or the unit does not answer.</returns>
    public bool TryMap(uint driver, ulong physical, ulong bytes, DeviceAccess access) =>
        !IsHeld || (_tables.TryMap(driver, physical, bytes, access) && _unit.TryInvalidate());

    /// <summary>Takes note of a time when a device reached for what it was not given.</summary>
    /// <returns>False: there is none.</returns>
    public bool TryTakeFault(out DeviceFault fault)
    {
        fault = default;
        bool isThere = IsHeld && _unit.TryTakeFault(out fault);
        if (isThere)
        {
            FaultCount++;
            LastFault = fault;
        }

        return isThere;
    }
}
