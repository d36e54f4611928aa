namespace Atoll.Linker.Trampolines;

/// <summary>Bits of a paging-structure entry, in all levels unless said otherwise.</summary>
/// <remarks>
/// Accessed and dirty are set in advance, so that the processor never writes to a table.
/// Source: Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging".
/// </remarks>
public static class PageTableEntry
{
    /// <summary>P.</summary>
    public const ulong Present = 1UL << 0;

    /// <summary>R/W.</summary>
    public const ulong Writable = 1UL << 1;

    /// <summary>PWT, page-level write-through.</summary>
    public const ulong WriteThrough = 1UL << 3;

    /// <summary>PCD, page-level cache disable. With PWT: strong uncacheable.</summary>
    public const ulong CacheDisable = 1UL << 4;

    /// <summary>A.</summary>
    public const ulong Accessed = 1UL << 5;

    /// <summary>D, in an entry that maps a page.</summary>
    public const ulong Dirty = 1UL << 6;

    /// <summary>PS, in a page-directory entry: it maps 2 MiB.</summary>
    public const ulong LargePage = 1UL << 7;

    /// <summary>XD: no instruction fetch.</summary>
    public const ulong NoExecute = 1UL << 63;

    /// <summary>Entries in one table.</summary>
    public const int Count = 512;

    /// <summary>An entry that refers to the next table and leaves all rights to it.</summary>
    public const ulong Table = Present | Writable | Accessed;

    /// <summary>A page of code.</summary>
    public const ulong Code = Present | Accessed;

    /// <summary>A page of constants.</summary>
    public const ulong ReadOnly = Present | Accessed | NoExecute;

    /// <summary>A page of data.</summary>
    public const ulong Data = Present | Writable | Accessed | Dirty | NoExecute;

    /// <summary>A page of device registers.</summary>
    public const ulong Device = Data | WriteThrough | CacheDisable;
}
