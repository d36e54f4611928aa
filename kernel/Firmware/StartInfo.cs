using System.Runtime.InteropServices;

namespace Atoll.Firmware;

/// <summary>What a PVH loader passes in EBX. 56 bytes in version 1.</summary>
/// <remarks>Source: Xen, "x86/HVM direct boot ABI (PVH)", start_of_day structure <c>hvm_start_info</c>.</remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct StartInfo
{
    /// <summary>Bytes of version 1.</summary>
    public const int SizeBytes = 56;

    /// <summary>"xEn3" with bit 7 of the E set.</summary>
    public const uint MagicValue = 0x336E_C578;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)] public uint Magic;

    /// <summary>Version. The memory map came with 1.</summary>
    [FieldOffset(4)] public uint Version;

    /// <summary>Flags, unused.</summary>
    [FieldOffset(8)] public uint Flags;

    /// <summary>Entries of the module list.</summary>
    [FieldOffset(12)] public uint ModuleCount;

    /// <summary>Physical address of the module list.</summary>
    [FieldOffset(16)] public ulong ModuleList;

    /// <summary>Physical address of the zero-terminated command line, or 0.</summary>
    [FieldOffset(24)] public ulong CommandLine;

    /// <summary>Physical address of the ACPI RSDP, or 0.</summary>
    [FieldOffset(32)] public ulong Rsdp;

    /// <summary>Physical address of the memory map.</summary>
    [FieldOffset(40)] public ulong MemoryMap;

    /// <summary>Entries of the memory map.</summary>
    [FieldOffset(48)] public uint MemoryMapEntries;

    /// <summary>Must be zero.</summary>
    [FieldOffset(52)] public uint Reserved;
}

/// <summary>An entry of the PVH memory map. 24 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct MemoryMapEntry
{
    /// <summary>Bytes of an entry.</summary>
    public const int SizeBytes = 24;

    /// <summary>Type of memory that anybody may use (ACPI "Address Range Types", AddressRangeMemory).</summary>
    public const uint Usable = 1;

    /// <summary>Type of addresses that nobody may use (AddressRangeReserved): memory, registers, or nothing at all.</summary>
    public const uint RangeReserved = 2;

    /// <summary>First byte.</summary>
    [FieldOffset(0)] public ulong Address;

    /// <summary>Bytes.</summary>
    [FieldOffset(8)] public ulong Length;

    /// <summary>ACPI address range type.</summary>
    [FieldOffset(16)] public uint Type;

    /// <summary>Must be zero.</summary>
    [FieldOffset(20)] public uint Reserved;
}

/// <summary>An entry of the PVH module list. 32 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ModuleEntry
{
    /// <summary>Bytes of an entry.</summary>
    public const int SizeBytes = 32;

    /// <summary>First byte.</summary>
    [FieldOffset(0)] public ulong Address;

    /// <summary>Bytes.</summary>
    [FieldOffset(8)] public ulong Length;

    /// <summary>Physical address of the module's own command line.</summary>
    [FieldOffset(16)] public ulong CommandLine;

    /// <summary>Must be zero.</summary>
    [FieldOffset(24)] public ulong Reserved;
}
