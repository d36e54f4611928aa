using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>The stack between its driver and its time: frames come and go, a driver is looked for, the address too.</summary>
[NonCopyable]
public struct StackRun
{
    private LinkPort _port;
    private Driver _driver;
    private OwnSlot _doorbell;
    private MemoryRegion _pools;
    private MemoryRegion _rings;
    private MemoryRegion _packets;
    private StackTime _time;
    private ulong _station;
    private bool _asksForAddress;

    /// <summary>The clocks.</summary>
    public readonly StackTime Time => _time;

    /// <summary>The stack, now.</summary>
    public readonly NetStack Stack => NetTables.Stack(_pools, _time.Now);

    /// <summary>When it has something to do by itself, in ticks.</summary>
    public readonly ulong NextDeadline
    {
        get
        {
            ulong stack = _time.Ticks(Stack.NextDeadline());
            return _driver.NextTry < stack ? _driver.NextTry : stack;
        }
    }

    internal readonly ref NetTables Tables => ref _pools.As<NetTables>();

    /// <summary>Begins with no driver.</summary>
    /// <param name="setup">What the system says.</param>
    /// <param name="memory">Where everything lies.</param>
    /// <param name="doorbell">A slot for the driver's doorbell.</param>
    /// <returns>False: the settings are none that a stack can have.</returns>
    public bool Begin(in NetArguments setup, in NetMemory memory, OwnSlot doorbell)
    {
        _driver = memory.Driver;
        _pools = memory.Pools;
        _rings = memory.Rings;
        _packets = memory.Packets;
        _time = StackTime.Of(memory.TscHz);
        _doorbell = doorbell;
        _asksForAddress = setup.AsksForAddress;
        StackSettings settings = StackSettings.Standard;
        settings.Mac = memory.FirstStation;
        settings.Address = setup.Address;
        settings.SubnetMask = setup.SubnetMask;
        settings.Gateway = setup.Gateway;
        settings.NameServer = setup.NameServer;
        settings.Key = memory.Key;
        settings.TcpBufferBytes = NetSize.TcpBufferBytes;
        settings.UdpBufferBytes = NetSize.UdpBufferBytes;
        return Stack.Begin(settings) == SetupResult.Ready;
    }

    /// <summary>Looks whether the driver lives: one that is dead says nothing.</summary>
    public void Look() => _driver.Look(ref _doorbell);

    /// <summary>Does what is due. A driver that is missing is asked for when it is time.</summary>
    public void Advance()
    {
        if (Ipc.Now() >= _driver.NextTry && _driver.TryAttach(ref _doorbell, out ulong station))
        {
            Attached(station);
        }

        Stack.Advance();
    }

    /// <summary>Takes what has come.</summary>
    /// <param name="isInVain">A frame was dropped because its reader is behind.</param>
    /// <returns>Whether there may be more.</returns>
    public bool Receive(out bool isInVain)
    {
        isInVain = false;
        return _driver.IsAttached && _port.Receive(Stack, Tables.Frame, out isInVain);
    }

    /// <summary>Hands over what is to be sent, and tells the driver.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool Send()
    {
        bool hasMore = _driver.IsAttached && _port.Send(Stack);
        if (_port.HasNews && _driver.IsAttached)
        {
            _port.Told();
            _driver.Ring(ref _doorbell);
        }

        return hasMore;
    }

    private void Attached(ulong station)
    {
        _port.Begin(_rings, _packets);
        Tables.State.Settings.Mac = new MacAddress(station);
        if (_asksForAddress && _station != station)
        {
            AddressClient.Start(Stack);
        }

        _station = station;
    }
}
