using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Everything that Init knows.</summary>
[NonCopyable]
public struct InitState
{
    /// <summary>The core.</summary>
    public uint Core;

    /// <summary>Cores of the machine.</summary>
    public uint Cores;

    /// <summary>TSC ticks a second.</summary>
    public ulong TscHz;

    /// <summary>Where capabilities are kept.</summary>
    public SlotMap Slots;

    /// <summary>Untyped memory.</summary>
    public FreeMemory Memory;

    /// <summary>Registers of devices: on the first core only.</summary>
    public DeviceMemory Devices;

    /// <summary>Init's own address space.</summary>
    public OwnSpace Space;

    /// <summary>The bundle.</summary>
    public BundleView Bundle;

    /// <summary>What the system says.</summary>
    public SystemView System;

    /// <summary>What became of each program.</summary>
    public ProgramEntries Programs;

    /// <summary>Programs that stopped, over which no supervisor with a console watches.</summary>
    public EventLog Log;

    /// <summary>Says so to whoever has one.</summary>
    public StopTeller Teller;

    /// <summary>Programs that could not be started at the beginning.</summary>
    public uint FailedAtBoot;

    /// <summary>First page of each region.</summary>
    public RegionStarts Regions;
}

/// <summary>First page of each region, counted over all regions: below <see cref="SlotMap.RegionPagesMax"/>.</summary>
[InlineArray((int)SystemHeader.RegionsMax)]
public struct RegionStarts
{
    private byte _first0;
}
