using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pci;

/// <summary>Hands devices out: registers and interrupts, each to the driver whose badge says so.</summary>
/// <remarks>
/// Configuration space and the tables of interrupts stay here: no driver moves its registers over another's, or has its device write where interrupts go. A device
/// reaches the frames that its driver has mapped for it and nothing else, where the machine has a unit that sees to it; without one it reaches all memory (docs/caveats.md).
/// </remarks>
/// <typeparam name="TSpace">Configuration space.</typeparam>
/// <typeparam name="TUnit">Registers of the unit.</typeparam>
public struct PciServer<TSpace, TUnit> : IPciServer
    where TSpace : struct, IConfigurationSpace
    where TUnit : struct, IRemappingRegisters
{
    /// <summary>Slots that it needs: the inbox, one to work with, registers, and for each driver a table's page and interrupts.</summary>
    public const uint SlotsNeeded = Inbox.Slots + 1 + RegisterTable.Most + (DriverTable.Most * PerDriver);

    // Of each signal so many are looked at: more come only while a device that nobody can stop goes on.
    private const int FaultsEach = 16;

    private const uint PerDriver = 1 + DriverTable.InterruptsEach;

    private TSpace _space;
    private BusTable _bus;
    private DriverTable _drivers;
    private DevicePieces _pieces;
    private CNodeTable _node;
    private uint _addressSpace;
    private uint _interruptControl;
    private uint _firstSlot;
    private DeviceReach<TUnit> _reach;
    private uint _faultInterrupt;
    private uint _console;
    private ulong _second;
    private ulong _nextLook;

    /// <inheritdoc/>
    public readonly ulong NextDeadline => _nextLook == 0 ? Deadline.Never : _nextLook;

    /// <summary>Walks the bus, and takes all registers into custody. No device reaches memory afterwards.</summary>
    /// <param name="space">Configuration space.</param>
    /// <param name="devices">The need of kind <c>devices</c>.</param>
    /// <param name="slots">The need of kind <c>slots</c>.</param>
    /// <param name="addressSpace">Slot of the program's own address space.</param>
    /// <returns>False: there are too few slots.</returns>
    public bool Begin(in TSpace space, in GrantRecord devices, in GrantRecord slots, uint addressSpace)
    {
        _space = space;
        _node = new CNodeTable(slots.Slot);
        _firstSlot = slots.Slot + 1 + Inbox.Slots;
        _addressSpace = addressSpace;
        _interruptControl = devices.Slot;
        _ = Inbox.Open(in slots);
        if (slots.Argument < SlotsNeeded)
        {
            return false;
        }

        _bus.Walk(in _space);
        for (uint index = 0; index < _bus.Count; index++)
        {
            // An earlier life may have let it: its driver's memory may be somebody else's by now. Bridges must pass on what comes from behind them.
            if (BusTable.At(ref _bus, index).IsDevice)
            {
                SetCommand(index, set: 0, clear: ConfigurationRegisters.MasterEnable);
            }
        }

        _pieces.Begin(_node, in devices, _firstSlot);
        KeepRegisters();
        return true;
    }

    /// <summary>Says where it is told that a device was stopped.</summary>
    /// <param name="console">Slot of the console; 0: nowhere.</param>
    /// <param name="second">Ticks of a second.</param>
    public void TellFaults(uint console, ulong second)
    {
        _console = console;
        _second = second;
    }

    /// <summary>From now on devices are held to the frames that their drivers have mapped for them. No driver has begun.</summary>
    /// <param name="unit">The unit's registers.</param>
    /// <param name="memory">Pages for its tables.</param>
    /// <param name="places">Where these pages lie.</param>
    /// <param name="message">What the unit sends when a device reaches for something else.</param>
    /// <param name="interrupt">Slot of the interrupt that this is.</param>
    public RemappingStart Hold(in TUnit unit, MemoryRegion memory, in RemappingTables places, InterruptMessage message, uint interrupt)
    {
        _faultInterrupt = interrupt;
        return _reach.Begin(in unit, memory, in places, message);
    }

    /// <inheritdoc/>
    public PciAnswer Begin(in Caller caller, out uint identifier, out uint vectors)
    {
        identifier = 0;
        vectors = 0;
        DeviceBadge badge = new(caller.Badge);
        if (!badge.HasDevice)
        {
            return PciAnswer.NoDevice;
        }

        uint index = _bus.Find(badge.Identifier, badge.Which);
        if (index == _bus.Count)
        {
            return PciAnswer.NotThere;
        }

        uint driver = _drivers.Find(index);
        if (driver == DriverTable.Most)
        {
            return PciAnswer.Exhausted;
        }

        // First the device stops, then what it was told of may change hands.
        SetCommand(index, ConfigurationRegisters.MemoryEnable, ConfigurationRegisters.MasterEnable);
        SetMessages(index, isOn: false);
        TakeBack(index, driver);
        ref DriverEntry entry = ref DriverTable.At(ref _drivers, driver);
        entry = default;
        if (!_reach.TryOpen(driver, BusTable.At(ref _bus, index).Place))
        {
            return PciAnswer.Exhausted;
        }

        entry = new DriverEntry { Caller = badge.Caller, Function = index };
        identifier = badge.Identifier;
        vectors = BusTable.At(ref _bus, index).Vectors;
        return PciAnswer.Done;
    }

    /// <inheritdoc/>
    public PciAnswer ReadConfiguration(in Caller caller, uint offset, out uint value)
    {
        value = 0;
        PciAnswer found = TryFind(in caller, out uint index, out _);
        if (found != PciAnswer.Done)
        {
            return found;
        }

        if (offset % sizeof(uint) != 0 || offset >= ConfigurationRegisters.Bytes)
        {
            return PciAnswer.ArgumentInvalid;
        }

        value = _space.Read(BusTable.At(ref _bus, index).Place, offset);
        return PciAnswer.Done;
    }

    /// <inheritdoc/>
    public PciAnswer Registers(in Caller caller, uint bar, out UntypedMemory memory, out uint sizeBits)
    {
        memory = default;
        sizeBits = 0;
        PciAnswer found = TryFind(in caller, out uint index, out _);
        if (found != PciAnswer.Done)
        {
            return found;
        }

        if (bar >= ConfigurationRegisters.BarsOfDevice)
        {
            return PciAnswer.ArgumentInvalid;
        }

        ref readonly BusFunction function = ref BusTable.At(ref _bus, index);
        if (function.Vectors != 0 && function.TableBar == bar)
        {
            return PciAnswer.HoldsInterrupts;
        }

        ref RegisterTable registers = ref BusTable.Registers(ref _bus);
        uint kept = registers.Find(index, bar);
        if (kept == RegisterTable.None || !TryRecall(RegisterSlot(kept)))
        {
            return PciAnswer.NoRegisters;
        }

        memory = new UntypedMemory(RegisterSlot(kept));
        sizeBits = RegisterTable.At(ref registers, kept).SizeBits;
        return PciAnswer.Done;
    }

    /// <inheritdoc/>
    public PciAnswer Interrupt(in Caller caller, uint vector, out InterruptLine line)
    {
        line = default;
        PciAnswer found = TryFind(in caller, out uint index, out uint driver);
        if (found != PciAnswer.Done)
        {
            return found;
        }

        ref readonly BusFunction function = ref BusTable.At(ref _bus, index);
        if (!InterruptTable.Holds(in function, vector))
        {
            return function.Vectors == 0 ? PciAnswer.NoInterrupts : PciAnswer.ArgumentInvalid;
        }

        if (vector >= DriverTable.InterruptsEach)
        {
            return PciAnswer.Exhausted;
        }

        ref DriverEntry entry = ref DriverTable.At(ref _drivers, driver);
        if (!entry.Table.IsMapped && !TryMapTable(in function, index, driver, out entry.Table))
        {
            return PciAnswer.NoInterrupts;
        }

        uint slot = DriverSlot(driver) + 1 + vector;
        if (_node.Delete(slot) != SystemResult.Ok
            || new InterruptAuthority(_interruptControl).GetMessage(_node, slot, out InterruptMessage message) != SystemResult.Ok)
        {
            return PciAnswer.Exhausted;
        }

        InterruptTable.Write(in function, entry.Table, vector, message);
        SetMessages(index, isOn: true);
        line = new InterruptLine(slot);
        return PciAnswer.Done;
    }

    /// <inheritdoc/>
    public PciAnswer SetMastering(in Caller caller, bool isOn)
    {
        PciAnswer found = TryFind(in caller, out uint index, out _);
        if (found == PciAnswer.Done)
        {
            const uint master = ConfigurationRegisters.MasterEnable;
            SetCommand(index, isOn ? master : 0, isOn ? 0 : master);
        }

        return found;
    }

    /// <inheritdoc/>
    public PciAnswer Map(in Caller caller, MemoryFrame frame, DeviceAccess access, out ulong address)
    {
        address = 0;
        PciAnswer found = TryFind(in caller, out _, out uint driver);
        if (found != PciAnswer.Done)
        {
            return found;
        }

        if (access is < DeviceAccess.Read or > DeviceAccess.ReadAndWrite)
        {
            return PciAnswer.ArgumentInvalid;
        }

        if (_node.DescribeAll((uint)frame.Address, out _, out uint rights, out _) != SystemResult.Ok
            || frame.GetAddress(out ulong physical, out ulong bytes) != SystemResult.Ok)
        {
            return PciAnswer.CannotBeReached;
        }

        // A device may do for its driver what the driver may do itself.
        CapabilityRights wanted = ((access & DeviceAccess.Read) != 0 ? CapabilityRights.Read : 0) | ((access & DeviceAccess.Write) != 0 ? CapabilityRights.Write : 0);
        if (((CapabilityRights)rights & wanted) != wanted)
        {
            return PciAnswer.RightMissing;
        }

        if (!_reach.TryMap(driver, physical, bytes, access))
        {
            return PciAnswer.CannotBeReached;
        }

        address = physical;
        return PciAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly PciAnswer Faults(in Caller caller, out bool isHeld, out ulong count, out uint place, out ulong address, out bool wasRead)
    {
        isHeld = _reach.IsHeld;
        count = _reach.FaultCount;
        DeviceFault last = _reach.LastFault;
        place = last.Place.Raw;
        address = last.Address;
        wasRead = last.WasRead;
        return PciAnswer.Done;
    }

    /// <inheritdoc/>
    public PciAnswer Describe(in Caller caller, uint index, out uint place, out uint identifier, out uint kind, out uint driver)
    {
        place = 0;
        identifier = 0;
        kind = 0;
        driver = 0;
        if (index >= _bus.Count)
        {
            return PciAnswer.NotThere;
        }

        ref readonly BusFunction function = ref BusTable.At(ref _bus, index);
        place = function.Place.Raw;
        identifier = function.Identifier;
        kind = _space.Read(function.Place, ConfigurationRegisters.ClassAndRevision);
        driver = _drivers.Has(index, out uint entry) ? DriverTable.At(ref _drivers, entry).Caller : 0u;
        return PciAnswer.Done;
    }

    /// <inheritdoc/>
    public void Signalled(ulong bits)
    {
        // The next interrupt may come before the records are read: then they are read once more.
        _ = new InterruptLine(_faultInterrupt).Acknowledge();
        StopStrays();
    }

    /// <inheritdoc/>
    public void Elapsed() => StopStrays();

    private void StopStrays()
    {
        int taken = 0;
        while (taken < FaultsEach && _reach.TryTakeFault(out DeviceFault fault))
        {
            taken++;
            Stop(in fault);
        }

        _nextLook = taken == FaultsEach ? Ipc.Now() + _second : 0;
    }

    // The device reaches nothing, and sends nothing. Its driver loses the registers: its next access is a fault, and the system's policy says what follows.
    private void Stop(ref readonly DeviceFault fault)
    {
        uint index = _bus.FindAt(fault.Place);
        uint identifier = 0;
        if (index != _bus.Count)
        {
            identifier = BusTable.At(ref _bus, index).Identifier;
            SetCommand(index, set: 0, clear: ConfigurationRegisters.MasterEnable);
            StopDriver(index);
        }

        _ = FaultLine.Write(_console, _second, in fault, identifier);
    }

    private void StopDriver(uint index)
    {
        if (_drivers.Has(index, out uint driver))
        {
            SetMessages(index, isOn: false);
            _reach.Shut(driver, BusTable.At(ref _bus, index).Place);
            TakeBack(index, driver);
            DriverTable.At(ref _drivers, driver) = default;
        }
    }

    private readonly uint RegisterSlot(uint registers) => _firstSlot + 1 + registers;

    private readonly uint DriverSlot(uint driver) => _firstSlot + 1 + RegisterTable.Most + (driver * PerDriver);

    private PciAnswer TryFind(in Caller caller, out uint index, out uint driver)
    {
        DeviceBadge badge = new(caller.Badge);
        index = badge.HasDevice ? _bus.Find(badge.Identifier, badge.Which) : _bus.Count;
        driver = DriverTable.Most;
        if (!badge.HasDevice)
        {
            return PciAnswer.NoDevice;
        }

        return index == _bus.Count ? PciAnswer.NotThere : _drivers.Has(index, out driver) ? PciAnswer.Done : PciAnswer.NotBegun;
    }

    // Everything that was derived of a slot ends, wherever it is.
    private readonly bool TryRecall(uint slot) => _node.Revoke(slot) == SystemResult.Ok && new UntypedMemory(slot).Reset() == SystemResult.Ok;

    private void TakeBack(uint index, uint driver)
    {
        ref RegisterTable registers = ref BusTable.Registers(ref _bus);
        for (uint bar = 0; bar < ConfigurationRegisters.BarsOfDevice; bar++)
        {
            uint kept = registers.Find(index, bar);
            if (kept != RegisterTable.None)
            {
                // One that cannot be recalled cannot be given either: that is said then.
                _ = TryRecall(RegisterSlot(kept));
            }
        }

        for (uint slot = DriverSlot(driver); slot < DriverSlot(driver) + PerDriver; slot++)
        {
            // The driver's own capability to an interrupt goes with the one that it was derived from.
            _ = _node.Revoke(slot);
            _ = _node.Delete(slot);
        }
    }

    // Cut out lowest address first. Two that say the same address are a mistake of one of them: the first gets it, the other nothing.
    private void KeepRegisters()
    {
        ref RegisterTable registers = ref BusTable.Registers(ref _bus);
        for (uint index = 0; index < registers.Count; index++)
        {
            ref BaseAddress entry = ref RegisterTable.At(ref registers, index);
            entry.IsKept = _pieces.TryTake(entry.Address, entry.SizeBits, RegisterSlot(index));
        }
    }

    private bool TryMapTable(ref readonly BusFunction function, uint index, uint driver, out RegisterPage page)
    {
        ref RegisterTable registers = ref BusTable.Registers(ref _bus);
        uint kept = registers.Find(index, function.TableBar);
        page = default;
        return kept != RegisterTable.None && InterruptTable.TryMap(
            in function,
            new UntypedMemory(RegisterSlot(kept)),
            RegisterTable.At(ref registers, kept).SizeBits,
            _node,
            DriverSlot(driver),
            _firstSlot,
            _addressSpace,
            driver,
            out page);
    }

    private void SetCommand(uint index, uint set, uint clear)
    {
        FunctionPlace place = BusTable.At(ref _bus, index).Place;
        uint command = _space.Read(place, ConfigurationRegisters.CommandAndStatus) & ConfigurationRegisters.CommandMask;
        _space.Write(place, ConfigurationRegisters.CommandAndStatus, (command & ~clear) | set);
    }

    private void SetMessages(uint index, bool isOn)
    {
        ref readonly BusFunction function = ref BusTable.At(ref _bus, index);
        if (function.Vectors != 0)
        {
            uint control = _space.Read(function.Place, function.InterruptCapability)
                & ~(ConfigurationRegisters.MessagesEnable | ConfigurationRegisters.MessagesMasked);
            _space.Write(function.Place, function.InterruptCapability, control | (isOn ? ConfigurationRegisters.MessagesEnable : 0));
        }
    }
}
