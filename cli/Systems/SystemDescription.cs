using Atoll.Abi;
using Atoll.Linker.Diagnostics;

namespace Atoll.Cli.Systems;

/// <summary>A system as its file describes it: each value is in range, and nothing has been compared with the programs.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Cores">Least cores.</param>
/// <param name="GrantMiB">Memory that each core's programs get.</param>
/// <param name="Programs">In the order of the file: a program's position is its number.</param>
/// <param name="Channels">In the order of the file.</param>
/// <param name="RingChannels">In the order of the file.</param>
/// <param name="Regions">In the order of the file.</param>
/// <param name="Place">Where the file begins.</param>
public sealed record SystemDescription(
    string Name,
    string Description,
    int Cores,
    int GrantMiB,
    IReadOnlyList<ProgramDescription> Programs,
    IReadOnlyList<ChannelDescription> Channels,
    IReadOnlyList<RingChannelDescription> RingChannels,
    IReadOnlyList<RegionDescription> Regions,
    SourceLine Place)
{
    /// <summary>Ports of the machine that the host reaches: one that has some has a network card.</summary>
    public IReadOnlyList<ForwardedPort> Forwards { get; init; } = [];
}

/// <summary>A program of a system.</summary>
/// <param name="Name">Its name in the system.</param>
/// <param name="Image">The program of services/ that it is.</param>
/// <param name="Core">The core, or null for every core.</param>
/// <param name="Place">Where its table begins.</param>
public sealed record ProgramDescription(string Name, Placed<string> Image, Placed<int?> Core, SourceLine Place)
{
    /// <summary>Priority.</summary>
    public byte Priority { get; init; }

    /// <summary>Time in each period, in microseconds.</summary>
    public uint BudgetMicroseconds { get; init; }

    /// <summary>The period, in microseconds.</summary>
    public uint PeriodMicroseconds { get; init; }

    /// <summary>When it is started again.</summary>
    public RestartPolicy Restart { get; init; }

    /// <summary>Most restarts in <see cref="RestartWindowSeconds"/>.</summary>
    public uint RestartsMax { get; init; }

    /// <summary>See <see cref="RestartsMax"/>.</summary>
    public uint RestartWindowSeconds { get; init; }

    /// <summary>The program that hears of its faults; null: Init.</summary>
    public Placed<string>? FaultsTo { get; init; }

    /// <summary>What it is told at its start.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Where they are written.</summary>
    public SourceLine? ArgumentsPlace { get; init; }

    /// <summary>KiB that are set aside for it; null: as many as it needs.</summary>
    public Placed<long>? MemoryKib { get; init; }

    /// <summary>Powerful kinds of need that the system agrees to.</summary>
    public IReadOnlyList<Placed<GrantKind>> Allowed { get; init; } = [];

    /// <summary>What it gets by the name of a need.</summary>
    public IReadOnlyList<GivenThing> Given { get; init; } = [];
}

/// <summary>A value, and where it is written.</summary>
public sealed record Placed<T>(T Value, SourceLine Place);

/// <summary>Something that the table of a program gives to one of its needs.</summary>
/// <param name="Need">Name of the need.</param>
/// <param name="Place">Where it is written.</param>
public abstract record GivenThing(string Need, SourceLine Place)
{
    /// <summary>The kind of need that it satisfies.</summary>
    public abstract GrantKind Kind { get; }
}

/// <summary>A range of I/O ports.</summary>
public sealed record GivenPorts(string Need, ushort First, ushort Last, SourceLine Place) : GivenThing(Need, Place)
{
    /// <inheritdoc/>
    public override GrantKind Kind => GrantKind.Ports;
}

/// <summary>A line of a device.</summary>
public sealed record GivenInterrupt(string Need, uint Line, bool IsLevel, bool IsLow, SourceLine Place) : GivenThing(Need, Place)
{
    /// <inheritdoc/>
    public override GrantKind Kind => GrantKind.Interrupt;
}

/// <summary>A region, mapped.</summary>
public sealed record GivenRegion(string Need, Placed<string> Region, Placed<ulong> At, MapRights Rights, SourceLine Place) : GivenThing(Need, Place)
{
    /// <inheritdoc/>
    public override GrantKind Kind => GrantKind.Region;
}

/// <summary>A device on the PCI bus.</summary>
/// <param name="Need">Name of the need.</param>
/// <param name="Vendor">Who made it.</param>
/// <param name="Device">What it is.</param>
/// <param name="Which">Which of several of a kind, from 0 on.</param>
/// <param name="Place">Where it is written.</param>
public sealed record GivenDevice(string Need, ushort Vendor, ushort Device, ushort Which, SourceLine Place) : GivenThing(Need, Place)
{
    /// <inheritdoc/>
    public override GrantKind Kind => GrantKind.Device;
}

/// <summary>The frames of a region, as capabilities.</summary>
/// <param name="Need">Name of the need.</param>
/// <param name="Region">Name of the region.</param>
/// <param name="Rights">What may be done with them, but learning where they lie, which may be done always.</param>
/// <param name="Place">Where it is written.</param>
public sealed record GivenFrames(string Need, Placed<string> Region, CapabilityRights Rights, SourceLine Place) : GivenThing(Need, Place)
{
    /// <inheritdoc/>
    public override GrantKind Kind => GrantKind.Frames;
}

/// <summary>A port of the machine that the host reaches.</summary>
/// <param name="Port">The port.</param>
/// <param name="IsUdp">UDP, or else TCP.</param>
/// <param name="Place">Where it is written.</param>
public sealed record ForwardedPort(ushort Port, bool IsUdp, SourceLine Place)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsUdp ? "udp" : "tcp")} {Port}";
}

/// <summary>Memory that programs share.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Bytes.</param>
/// <param name="PageBits">log2 of a page.</param>
/// <param name="Place">Where its table begins.</param>
public sealed record RegionDescription(string Name, ulong Bytes, byte PageBits, SourceLine Place);

/// <summary>A channel: who serves it, and who calls.</summary>
public sealed record ChannelDescription(ChannelEnd Server, IReadOnlyList<ChannelEnd> Clients);

/// <summary>A channel of rings: two programs, each on a core of its own or both on one.</summary>
public sealed record RingChannelDescription(ChannelEnd First, ChannelEnd Second, SourceLine Place);

/// <summary>An end of a channel.</summary>
/// <param name="Program">Name of the program; <see cref="Init"/>: Init itself.</param>
/// <param name="Need">Name of its need; empty for Init.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Range">Which ends of a need with a count; null: all, or the only one.</param>
public sealed record ChannelEnd(string Program, string Need, SourceLine Place, EndRange? Range = null)
{
    /// <summary>The program that the kernel starts.</summary>
    public const string Init = "init";

    /// <summary>Whether it is Init's own.</summary>
    public bool IsInit => Program == Init;

    /// <inheritdoc/>
    public override string ToString() => IsInit ? Init : $"{Program}.{Need}{Range}";
}
