using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A page table.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct TranslationTable(ulong address)
{
    /// <summary>Enters it in an address space.</summary>
    public SystemResult Map(ulong vspace, ulong virtualAddress, uint level) =>
        Operation.Do(address, (ulong)PageTableOperation.Map, vspace, virtualAddress, level);
}
