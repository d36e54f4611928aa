using System.Numerics;
using Atoll.Abi;

namespace Atoll.Linker.Manifests;

/// <summary>One thing that a program needs, or can use.</summary>
/// <param name="Name">Under which name the program asks for it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Protocol">Channels: the protocol that is spoken; else empty.</param>
/// <param name="Version">Channels: version of the protocol; else 0.</param>
/// <param name="IsOptional">The program runs without it as well.</param>
/// <param name="Amount">Ports and slots: how many. Channels of rings: how many ends at most; 0: one, as without a count. Memory, regions and frames: bytes. Else 0.</param>
public sealed record NeedRequest(
    string Name, GrantKind Kind, string Protocol = "", ushort Version = 0, bool IsOptional = false, ulong Amount = 0);

/// <summary>What each kind of need says besides its name.</summary>
public static class NeedKinds
{
    /// <summary>Ports of the processor (Intel SDM Vol. 1, "I/O Port Addressing").</summary>
    public const ulong PortsMax = 0x1_0000;

    /// <summary>Most bytes of a need of memory: what a grant of RAM can hold.</summary>
    public const ulong MemoryBytesMax = 1UL << 30;

    /// <summary>Most bytes of a region.</summary>
    public const ulong RegionBytesMax = 1UL << 30;

    /// <summary>Most free slots: those of a CNode of which Init fills none.</summary>
    public const ulong SlotsMax = (1UL << ProgramSlot.Radix) - ProgramSlot.First;

    private static readonly Dictionary<string, GrantKind> s_byWord = Enum.GetValues<GrantKind>()
        .Where(kind => kind != GrantKind.None)
        .ToDictionary(WordOf, StringComparer.Ordinal);

    /// <summary>The words of <c>kind = "…"</c>.</summary>
    public static IReadOnlyCollection<string> Words => s_byWord.Keys;

    /// <summary>The kind that a word stands for.</summary>
    public static GrantKind Of(string word) => s_byWord.GetValueOrDefault(word);

    /// <summary>The word of a kind.</summary>
    public static string WordOf(GrantKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Whether needs of a kind speak a protocol.</summary>
    public static bool HasProtocol(GrantKind kind) => kind is GrantKind.Serve or GrantKind.Call or GrantKind.Faults or GrantKind.Channel or GrantKind.Device;

    /// <summary>Whether a kind is known.</summary>
    public static bool IsKind(GrantKind kind) => kind is >= GrantKind.Serve and <= GrantKind.Connects;

    /// <summary>Whether a kind can have an amount.</summary>
    public static bool IsAmount(GrantKind kind, ulong amount) => kind switch
    {
        GrantKind.Ports => amount is > 0 and <= PortsMax,
        GrantKind.Slots => amount is > 0 and <= SlotsMax,
        GrantKind.Channel => amount <= ProgramInformation.ManyChannelsMax,
        GrantKind.Memory => amount is >= ImageLayout.PageSizeBytes and <= MemoryBytesMax && BitOperations.IsPow2(amount),
        GrantKind.Region or GrantKind.Frames => amount is > 0 and <= RegionBytesMax && amount % ImageLayout.PageSizeBytes == 0,
        _ => amount == 0,
    };
}
