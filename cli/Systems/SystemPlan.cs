using System.Numerics;
using Atoll.Abi;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Systems;

/// <summary>A system that was compared with its programs: everything that Init is told, and why.</summary>
/// <param name="Description">The description.</param>
/// <param name="Programs">In its order.</param>
/// <param name="ChannelCount">Channels: Init's own, those of the description, one for each need of kind faults without one.</param>
/// <param name="Stops">Where Init of each core says which programs stopped, and of how many cores; null: nowhere.</param>
public sealed record SystemPlan(SystemDescription Description, IReadOnlyList<PlannedProgram> Programs, uint ChannelCount, EndPart? Stops = null)
{
    /// <summary>Names of all images that it runs, Init's first.</summary>
    public IReadOnlyList<string> Images => [.. Programs.Select(program => program.Description.Image.Value).Prepend("init").Distinct()];
}

/// <summary>A program with all that it gets.</summary>
/// <param name="Index">Its number in the system.</param>
/// <param name="Description">What the system says.</param>
/// <param name="Image">Its image.</param>
/// <param name="Grants">What it gets, in the order of its manifest.</param>
/// <param name="NotGiven">Optional needs that nothing satisfies, and why.</param>
/// <param name="FaultsTo">Number of the program that hears of its faults; null: Init.</param>
public sealed record PlannedProgram(
    int Index,
    ProgramDescription Description,
    ProgramImage Image,
    IReadOnlyList<PlannedGrant> Grants,
    IReadOnlyList<UnmetNeed> NotGiven,
    int? FaultsTo)
{
    /// <summary>What Init makes for it.</summary>
    public ProgramMemory Memory { get; } = ProgramMemory.Of(Image, Grants);

    /// <summary>log2 of the slots of its CNode: more than usual for many ends of channels only.</summary>
    public int NodeBits => NodeBitsOf(Grants);

    /// <summary>Records of what it gets, in the system's table.</summary>
    public int RecordCount => Grants.Sum(grant => int.Max(1, grant.Gift.Parts.Count));

    /// <summary>log2 of the slots of a CNode for some grants.</summary>
    public static int NodeBitsOf(IEnumerable<PlannedGrant> grants)
    {
        uint slots = grants.Select(grant => grant.Slot + grant.SlotCount).Append(1u << ProgramSlot.Radix).Max();
        return BitOperations.Log2(BitOperations.RoundUpToPowerOf2(slots));
    }

    /// <summary>log2 of the bytes that are set aside for it.</summary>
    public int MemoryBits => Description.MemoryKib is { } kib ? (int)long.Log2(kib.Value) + 10 : Memory.Bits;
}

/// <summary>One grant.</summary>
/// <param name="Need">The need that it satisfies.</param>
/// <param name="Slot">First slot of the program's CNode.</param>
/// <param name="Gift">What it is.</param>
public sealed record PlannedGrant(NeedRequest Need, uint Slot, Gift Gift)
{
    /// <summary>What it is.</summary>
    public GrantKind Kind => Need.Kind;

    /// <summary>Slots of the program's CNode that it fills, or keeps free.</summary>
    public uint SlotCount => Kind switch
    {
        GrantKind.Slots => (uint)Need.Amount + 1,
        GrantKind.Channel => EndCount + 1,
        GrantKind.Connects => 2,
        GrantKind.Devices => DeviceSlots.Count,
        GrantKind.Frames => (uint)Argument,
        _ => 1,
    };

    /// <summary>Ends of channels of rings.</summary>
    public uint EndCount => Kind != GrantKind.Channel ? 0 : Gift.Parts.Count == 0 ? 1 : (uint)Gift.Parts.Sum(part => part.Count);

    /// <summary>See <see cref="GrantRecord.Argument"/>.</summary>
    public ulong Argument => Gift.Argument;

    /// <summary>Where it is mapped, if it is.</summary>
    public MappedRegion? Region => Gift.Region;
}

/// <summary>What satisfies a need.</summary>
/// <param name="Text">For people.</param>
public sealed record Gift(string Text)
{
    /// <summary>See <see cref="GrantRecord.Object"/>.</summary>
    public uint Object { get; init; }

    /// <summary>See <see cref="GrantRecord.Peer"/>.</summary>
    public uint Peer { get; init; }

    /// <summary>See <see cref="GrantRecord.Badge"/>.</summary>
    public ulong Badge { get; init; }

    /// <summary>See <see cref="GrantRecord.Argument"/>.</summary>
    public ulong Argument { get; init; }

    /// <summary>See <see cref="GrantRecord.Rights"/>.</summary>
    public byte Rights { get; init; }

    /// <summary>A region where it is mapped.</summary>
    public MappedRegion? Region { get; init; }

    /// <summary>Many ends of channels: who has which, in their order.</summary>
    public IReadOnlyList<EndPart> Parts { get; init; } = [];
}

/// <summary>A region in the address space of a program.</summary>
public sealed record MappedRegion(ulong Address, ulong Bytes, int PageBits);

/// <summary>An optional need that nothing satisfies.</summary>
public sealed record UnmetNeed(NeedRequest Need, string Why);
