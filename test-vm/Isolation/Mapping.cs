namespace Atoll.TestVm.Isolation;

/// <summary>One page that page tables map, with the rights that all levels together leave.</summary>
/// <param name="Virtual">First virtual address, canonical.</param>
/// <param name="Physical">First physical address.</param>
/// <param name="SizeBytes">4 KiB, 2 MiB or 1 GiB.</param>
/// <param name="IsWritable">Kernel mode may write (given CR0.WP).</param>
/// <param name="IsExecutable">Kernel mode may execute (given EFER.NXE).</param>
/// <param name="IsUser">User mode has access.</param>
/// <param name="IsUncached">Caching is off in the entry that maps the page.</param>
/// <param name="EntryAddress">Physical address of that entry.</param>
public sealed record Mapping(
    ulong Virtual,
    ulong Physical,
    ulong SizeBytes,
    bool IsWritable,
    bool IsExecutable,
    bool IsUser,
    bool IsUncached,
    ulong EntryAddress)
{
    /// <summary>Rights as letters: <c>RWX</c>, with <c>-</c> for each that is missing.</summary>
    public string Rights => $"R{(IsWritable ? 'W' : '-')}{(IsExecutable ? 'X' : '-')}";

    /// <inheritdoc/>
    public override string ToString() => $"0x{Virtual:x} → 0x{Physical:x} {Rights}";
}

/// <summary>One page that a walk used as a table.</summary>
/// <param name="Physical">Its physical address.</param>
/// <param name="Level">4 for the PML4 down to 1 for a page table.</param>
/// <param name="FirstVirtual">First virtual address that it translates.</param>
public sealed record TablePage(ulong Physical, int Level, ulong FirstVirtual);

/// <summary>All that one root of page tables maps.</summary>
/// <param name="Root">Physical address of the PML4.</param>
/// <param name="Mappings">Every mapped page, in order of virtual address.</param>
/// <param name="Tables">Every page used as a table.</param>
/// <param name="Defects">Tables that are not in memory, in words.</param>
public sealed record AddressSpace(
    ulong Root, IReadOnlyList<Mapping> Mappings, IReadOnlyList<TablePage> Tables, IReadOnlyList<string> Defects)
{
    /// <summary>The mapping of a virtual address, or null.</summary>
    public Mapping? At(ulong address) =>
        Mappings.FirstOrDefault(mapping => address >= mapping.Virtual && address - mapping.Virtual < mapping.SizeBytes);
}
