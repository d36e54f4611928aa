using System.Buffers.Binary;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>ACPI tables byte by byte, as the specification draws them.</summary>
/// <remarks>
/// Source: ACPI Specification 6.5, "Root System Description Pointer (RSDP) Structure", "System Description Table
/// Header",
/// "Multiple APIC Description Table (MADT)".
/// </remarks>
internal static class AcpiTables
{
    /// <summary>Where the RSDP lies.</summary>
    public const ulong RsdpAddress = 0xF_5A80;

    /// <summary>Where the root table lies.</summary>
    public const ulong RootAddress = 0x7FE_1000;

    /// <summary>Where the MADT lies.</summary>
    public const ulong MadtAddress = 0x7FE_0400;

    /// <summary>
    /// A machine of revision 2 with an XSDT, or of revision 0 with an RSDT, that lists some other table and the MADT.
    /// </summary>
    public static FirmwareRegions Machine(byte[] madt, bool hasXsdt = true)
    {
        var regions = new FirmwareRegions();
        regions.Put(RsdpAddress,
            Rsdp(hasXsdt ? (byte)2 : (byte)0, rsdt: hasXsdt ? 0 : (uint)RootAddress, xsdt: hasXsdt ? RootAddress : 0));
        regions.Put(RootAddress, Root(hasXsdt, 0x7FE_2000, MadtAddress));
        regions.Put(0x7FE_2000, Table("FACP", new byte[80]));
        regions.Put(MadtAddress, madt);
        return regions;
    }

    /// <summary>20 bytes in revision 0, 36 in revision 2.</summary>
    public static byte[] Rsdp(byte revision, uint rsdt, ulong xsdt)
    {
        byte[] bytes = new byte[revision >= 2 ? 36 : 20];
        "RSD PTR "u8.CopyTo(bytes);
        "ATOLLT"u8.CopyTo(bytes.AsSpan(9));
        bytes[15] = revision;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), rsdt);
        if (revision >= 2)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), 36);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), xsdt);
        }

        bytes[8] = Complement(bytes.AsSpan(0, 20));
        if (revision >= 2)
        {
            bytes[32] = Complement(bytes);
        }

        return bytes;
    }

    /// <summary>XSDT (8-byte entries) or RSDT (4-byte entries).</summary>
    public static byte[] Root(bool hasXsdt, params ulong[] tables) => Table(
        hasXsdt ? "XSDT" : "RSDT",
        [.. tables.SelectMany(address =>
            hasXsdt ? BitConverter.GetBytes(address) : BitConverter.GetBytes((uint)address))]);

    /// <summary>MADT: local APIC address, flags, entries.</summary>
    public static byte[] Madt(params byte[][] entries) =>
        Table("APIC", [0x00, 0x00, 0xE0, 0xFE, 1, 0, 0, 0, .. entries.SelectMany(entry => entry)]);

    /// <summary>Type 0, "Processor Local APIC Structure". Flags: bit 0 enabled, bit 1 online capable.</summary>
    public static byte[] LocalApic(byte apicId, uint flags = 1) =>
        [0, 8, apicId, apicId, .. BitConverter.GetBytes(flags)];

    /// <summary>Type 9, "Processor Local x2APIC Structure".</summary>
    public static byte[] LocalX2Apic(uint apicId, uint flags = 1) =>
        [9, 16, 0, 0, .. BitConverter.GetBytes(apicId), .. BitConverter.GetBytes(flags),
            .. BitConverter.GetBytes(apicId)];

    /// <summary>Type 1, "I/O APIC Structure".</summary>
    public static byte[] IoApic() => [1, 12, 0, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0];

    /// <summary>Type 4, "Local APIC NMI Structure": all processors, LINT1.</summary>
    public static byte[] Nmi() => [4, 6, 0xFF, 0, 0, 1];

    /// <summary>A header with its length and checksum, and the body.</summary>
    public static byte[] Table(string signature, byte[] body)
    {
        byte[] bytes = [.. System.Text.Encoding.ASCII.GetBytes(signature), .. new byte[32], .. body];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length);
        bytes[8] = 3;
        "ATOLLT"u8.CopyTo(bytes.AsSpan(10));
        return Sealed(bytes);
    }

    /// <summary>The same table with a checksum that holds again.</summary>
    public static byte[] Sealed(byte[] table)
    {
        table[9] = 0;
        table[9] = Complement(table);
        return table;
    }

    private static byte Complement(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return (byte)-sum;
    }
}
