using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Until when a wait lasts: a value of the time-stamp counter.</summary>
public static class Deadline
{
    /// <summary>There is none.</summary>
    public const ulong Never = 0xFFFF_FFFF_FFFF_FFFF;

    /// <summary><see cref="SystemCallFlags"/> of a wait that ends then.</summary>
    public static ulong Flags(ulong deadline) => deadline == Never ? 0 : SystemCallFlags.HasDeadline;
}
