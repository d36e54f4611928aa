using Atoll.Services.Lib;

namespace Atoll.Services.Pci;

/// <summary>What comes of beginning with a DMA remapping unit.</summary>
[MustUse]
public enum RemappingStart : byte
{
    /// <summary>Devices reach what they are given from now on, and nothing else.</summary>
    On,

    /// <summary>It has no tables of three or four levels, or no pages of 2 MiB, or registers outside of its page.</summary>
    Unusable,

    /// <summary>It does not do what it is told.</summary>
    Silent,
}

/// <summary>A DMA remapping unit through its registers.</summary>
/// <remarks>
/// Source: Intel Virtualization Technology for Directed I/O, "Root Table Address Programming Considerations", "Register-based Invalidation Interface", "Primary Fault Logging".
/// The whole cache is invalidated, always: drivers begin seldom.
/// </remarks>
/// <typeparam name="TRegisters">Its registers.</typeparam>
public struct RemappingUnit<TRegisters>
    where TRegisters : struct, IRemappingRegisters
{
    private const int Looks = 100_000;

    private TRegisters _registers;
    private uint _translations;
    private uint _records;
    private uint _recordCount;
    private bool _needsFlush;

    /// <summary>Levels of its tables: 3 or 4; 0: it cannot be used.</summary>
    public int Levels { get; private set; }

    /// <summary>Reads what the unit can do.</summary>
    /// <param name="registers">Its registers.</param>
    public void Read(in TRegisters registers)
    {
        _registers = registers;
        ulong can = ReadWide(RemappingRegisters.Capability);
        ulong more = ReadWide(RemappingRegisters.ExtendedCapability);
        _records = Offset(can >> RemappingRegisters.FaultOffsetShift, RemappingRegisters.FaultOffsetMask);
        _recordCount = (uint)((can >> RemappingRegisters.FaultCountShift) & RemappingRegisters.FaultCountMask) + 1;
        _translations = Offset(more >> RemappingRegisters.InvalidationOffsetShift, RemappingRegisters.InvalidationOffsetMask) + RemappingRegisters.TranslationCommand;
        _needsFlush = (can & RemappingRegisters.NeedsFlush) != 0;
        bool isWithin = _records + (_recordCount * RemappingRegisters.RecordBytes) <= RemappingRegisters.Bytes
            && _translations + sizeof(ulong) <= RemappingRegisters.Bytes;
        int levels = (can & RemappingRegisters.ThreeLevels) != 0 ? 3 : (can & RemappingRegisters.FourLevels) != 0 ? 4 : 0;
        Levels = isWithin && (can & RemappingRegisters.HasLargePages) != 0 ? levels : 0;
    }

    /// <summary>Has the unit translate, by tables that let nobody through yet. Firmware or an earlier life may have had it translate by others.</summary>
    /// <param name="root">Physical address of the root table.</param>
    /// <param name="message">What it sends when a device reaches for what it was not given.</param>
    public readonly RemappingStart Begin(ulong root, InterruptMessage message)
    {
        if (Levels == 0)
        {
            return RemappingStart.Unusable;
        }

        _registers.Write(RemappingRegisters.FaultData, message.Data);
        _registers.Write(RemappingRegisters.FaultAddress, (uint)message.Address);
        _registers.Write(RemappingRegisters.FaultUpperAddress, (uint)(message.Address >> 32));
        _registers.Write(RemappingRegisters.RootTable, (uint)root);
        _registers.Write(RemappingRegisters.RootTable + RemappingRegisters.UpperHalf, (uint)(root >> 32));

        // A bit that is not written again ends: the queue of commands, which whoever was here before may have used.
        uint keeps = _registers.Read(RemappingRegisters.GlobalStatus) & RemappingRegisters.Translates;
        bool isDone = TryCommand(keeps, RemappingRegisters.Queues, 0)
            && TryCommand(keeps | RemappingRegisters.TakesRootTable, RemappingRegisters.TakesRootTable, RemappingRegisters.TakesRootTable)
            && TryInvalidate()
            && TryCommand(RemappingRegisters.Translates, RemappingRegisters.Translates, RemappingRegisters.Translates);
        _registers.Write(RemappingRegisters.FaultControl, 0);
        return isDone ? RemappingStart.On : RemappingStart.Silent;
    }

    /// <summary>The unit forgets what it has read of its tables. When this returns, no device reaches what they do not say.</summary>
    /// <returns>False: it does not say that it has.</returns>
    public readonly bool TryInvalidate() =>
        (!_needsFlush || TryCommand(RemappingRegisters.Translates | RemappingRegisters.Flushes, RemappingRegisters.Flushes, 0))
            && TryBegin(RemappingRegisters.ContextCommand, RemappingRegisters.ContextInvalidate, RemappingRegisters.ContextBusy)
            && TryBegin(_translations, RemappingRegisters.TranslationInvalidate, RemappingRegisters.TranslationBusy);

    /// <summary>Takes a record of a fault.</summary>
    /// <returns>False: there is none.</returns>
    public readonly bool TryTakeFault(out DeviceFault fault)
    {
        fault = default;
        for (uint record = 0; record < _recordCount; record++)
        {
            uint at = _records + (record * RemappingRegisters.RecordBytes);
            uint state = _registers.Read(at + RemappingRegisters.RecordState);
            if ((state & RemappingRegisters.IsRecorded) != 0)
            {
                fault.Place = new FunctionPlace((ushort)_registers.Read(at + RemappingRegisters.RecordSource));
                fault.Address = (_registers.Read(at) & RemappingRegisters.AddressMask) | ((ulong)_registers.Read(at + RemappingRegisters.UpperHalf) << 32);
                fault.WasRead = (state & RemappingRegisters.WasRead) != 0;
                fault.Reason = state & RemappingRegisters.ReasonMask;
                _registers.Write(at + RemappingRegisters.RecordState, RemappingRegisters.IsRecorded);
                return true;
            }
        }

        // While records were full, others were lost, and no more are made before that is taken note of.
        _registers.Write(RemappingRegisters.FaultStatus, RemappingRegisters.FaultsLost);
        return false;
    }

    private static uint Offset(ulong field, ulong mask) => (uint)(field & mask) * RemappingRegisters.OffsetUnit;

    private readonly ulong ReadWide(uint offset) =>
        _registers.Read(offset) | ((ulong)_registers.Read(offset + RemappingRegisters.UpperHalf) << 32);

    private readonly bool TryCommand(uint command, uint mask, uint wanted)
    {
        _registers.Write(RemappingRegisters.GlobalCommand, command);
        return TryAwait(RemappingRegisters.GlobalStatus, mask, wanted);
    }

    // The upper half is written last: it begins.
    private readonly bool TryBegin(uint register, uint command, uint busy)
    {
        _registers.Write(register, 0);
        _registers.Write(register + RemappingRegisters.UpperHalf, command);
        return TryAwait(register + RemappingRegisters.UpperHalf, busy, 0);
    }

    private readonly bool TryAwait(uint register, uint mask, uint wanted)
    {
        for (int look = 0; look < Looks; look++)
        {
            if ((_registers.Read(register) & mask) == wanted)
            {
                return true;
            }
        }

        return false;
    }
}
