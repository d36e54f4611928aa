using Atoll.Abi;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>Words that a hostile program passes: ends of ranges, addresses that are none, sizes that overflow.</summary>
public static class HostileWords
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ulong> All { get; } =
    [
        0, 1, 2, 3, 7, 0x3F, 0x40, 0xFF, 0x100, 0x3FF, 0x400, 0xFFF, 0x1000, 0x1001, 0x40_0000, 0x20_0000,
        0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x1_0000_0000, 0x1_0000_0001, 0x10_0000_0010,
        UserSpace.End - 0x1000, UserSpace.End - 1, UserSpace.End, 0x0000_7FFF_FFFF_FFFF, 0x0000_8000_0000_0000,
        0xFFFF_7FFF_FFFF_FFFF, 0xFFFF_8000_0000_0000, ObjectWindow.Base, 0xFFFF_FFFF_8000_0000,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_F000, ulong.MaxValue - 1, ulong.MaxValue,
        RetypeRequest.Of(CapabilityType.Endpoint).Raw, RetypeRequest.Of(CapabilityType.Untyped, 63, 0xFFFF).Raw,
        RetypeRequest.Of(CapabilityType.CNode, 16, 256).Raw, CNodeGuard.Of(63, 1).Raw, CNodeGuard.Of(54).Raw,
    ];

    /// <summary>A word, mostly one of those.</summary>
    public static ulong Any(Random random) => random.Next(8) == 0 ? (ulong)random.NextInt64() * 3 : All[random.Next(All.Count)];
}
