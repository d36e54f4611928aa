namespace Atoll.TestVm.Isolation;

/// <summary>Bits of a paging-structure entry (Intel SDM Vol. 3A, "4-Level Paging").</summary>
public static class PageTableEntry
{
    /// <summary>The entry is in use.</summary>
    public const ulong Present = 1 << 0;

    /// <summary>Writes are allowed, unless a higher level forbids them.</summary>
    public const ulong Writable = 1 << 1;

    /// <summary>User mode has access, unless a higher level forbids it.</summary>
    public const ulong User = 1 << 2;

    /// <summary>Caching is off.</summary>
    public const ulong CacheDisable = 1 << 4;

    /// <summary>The entry maps a large page (levels 2 and 3).</summary>
    public const ulong LargePage = 1 << 7;

    /// <summary>Execution is forbidden here and below.</summary>
    public const ulong NoExecute = 1UL << 63;

    /// <summary>Physical address of the page or table.</summary>
    public const ulong AddressMask = 0x000F_FFFF_FFFF_F000;
}
