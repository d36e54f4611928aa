using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>512 entries as the processor walks them, of any level.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging".</remarks>
[StructLayout(LayoutKind.Sequential, Size = 1 << ObjectSize.PageTableBits)]
[NonCopyable]
public struct PageTable
{
    /// <summary>Entry of a level 4 table that is the kernel's half: supervisor only, the same in every address space.</summary>
    public const ulong KernelIndex = 511;

    /// <summary>Its first entry.</summary>
    public ulong First;

    /// <summary>An entry.</summary>
    /// <param name="table">The table.</param>
    /// <param name="index">Only the low nine bits count.</param>
    public static ObjectPointer<ulong> Entry(ObjectPointer<PageTable> table, ulong index) =>
        new(table.Address + ((index & 511) * sizeof(ulong)));
}
