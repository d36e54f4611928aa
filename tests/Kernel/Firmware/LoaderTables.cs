using System.Buffers.Binary;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>What a PVH loader leaves in memory, byte by byte.</summary>
/// <remarks>
/// Source: Xen, "x86/HVM direct boot ABI": hvm_start_info, hvm_modlist_entry, hvm_memmap_table_entry.
/// </remarks>
internal sealed class LoaderTables
{
    /// <summary>Where the start info lies.</summary>
    public const ulong StartInfoAddress = 0x21E0;

    /// <summary>Where the memory map lies, unless a test moves it.</summary>
    public const ulong MapAddress = 0x5A8;

    /// <summary>Where the module list lies.</summary>
    public const ulong ModuleListAddress = 0x21C0 - 0x400;

    /// <summary>Where the start info lies, when not there.</summary>
    public ulong InfoAddress { get; set; } = StartInfoAddress;

    /// <summary>Entries of the map: address, length, type.</summary>
    public List<(ulong Address, ulong Length, uint Type)> Map { get; } = [];

    /// <summary>Modules: address, length.</summary>
    public List<(ulong Address, ulong Length)> Modules { get; } = [];

    /// <summary>XEN_HVM_START_MAGIC_VALUE.</summary>
    public uint Magic { get; set; } = 0x336E_C578;

    /// <summary>Version; 1 has the memory map.</summary>
    public uint Version { get; set; } = 1;

    /// <summary>Address of the command line, or 0.</summary>
    public ulong CommandLine { get; set; }

    /// <summary>Entries that the start info claims, when not as many as there are.</summary>
    public uint? ClaimedEntries { get; set; }

    /// <summary>Modules that the start info claims, when not as many as there are.</summary>
    public uint? ClaimedModules { get; set; }

    /// <summary>Adds an entry of usable memory.</summary>
    public LoaderTables Usable(ulong start, ulong end)
    {
        Map.Add((start, end - start, 1));
        return this;
    }

    /// <summary>Adds an entry of another type.</summary>
    public LoaderTables Reserved(ulong start, ulong end, uint type = 2)
    {
        Map.Add((start, end - start, type));
        return this;
    }

    /// <summary>The tables in memory.</summary>
    public FirmwareRegions Place()
    {
        byte[] info = new byte[56];
        BinaryPrimitives.WriteUInt32LittleEndian(info, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(12), ClaimedModules ?? (uint)Modules.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(16), ModuleListAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(24), CommandLine);
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(40), MapAddress);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(48), ClaimedEntries ?? (uint)Map.Count);

        var regions = new FirmwareRegions();
        regions.Put(InfoAddress, info);
        regions.Put(MapAddress, [.. Map.SelectMany(entry => Words(entry.Address, entry.Length, entry.Type))]);
        regions.Put(ModuleListAddress, [.. Modules.SelectMany(module => Words(module.Address, module.Length, 0, 0))]);
        return regions;
    }

    private static byte[] Words(params ulong[] words) => [.. words.SelectMany(BitConverter.GetBytes)];
}
