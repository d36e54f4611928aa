using System;
using Atoll.Base;

namespace Atoll.Firmware;

/// <summary>Finds the firmware's tables: the root, and what it lists.</summary>
/// <remarks>
/// Source: ACPI Specification, "Root System Description Pointer", "System Description Table Header".
/// Every address, length and count is untrusted: read once, bounded, then used.
/// </remarks>
internal static class SystemTables
{
    private const ulong RsdpSignature = 0x2052_5450_2044_5352; // "RSD PTR "
    private const uint RsdtSignature = 0x5444_5352; // "RSDT"
    private const uint XsdtSignature = 0x5444_5358; // "XSDT"

    private const int RsdpBytes = 20;
    private const int RsdpExtendedBytes = 36;
    private const int HeaderBytes = 36;

    /// <summary>Finds the root table.</summary>
    /// <param name="memory">Where the tables lie.</param>
    /// <param name="rsdp">Physical address of the RSDP. Untrusted.</param>
    /// <param name="root">The XSDT or RSDT, with its header.</param>
    /// <param name="entryBytes">Bytes of each address that it lists.</param>
    internal static AcpiResult FindRoot<TMemory>(ref TMemory memory, ulong rsdp, out ReadOnlySpan<byte> root, out int entryBytes)
        where TMemory : struct, IFirmwareMemory
    {
        root = default;
        entryBytes = 0;
        if (!memory.TryView(rsdp, RsdpBytes, out ReadOnlySpan<byte> pointer)
            || Bytes.Read<ulong>(pointer, 0) != RsdpSignature || Sum(pointer) != 0)
        {
            return AcpiResult.NoRsdp;
        }

        uint rsdt = Bytes.Read<uint>(pointer, 16);
        ulong xsdt = 0;
        if (pointer[15] >= 2)
        {
            if (!memory.TryView(rsdp, RsdpExtendedBytes, out pointer) || Sum(pointer) != 0)
            {
                return AcpiResult.NoRsdp;
            }

            xsdt = Bytes.Read<ulong>(pointer, 24);
        }

        // Firmware of revision 2 may still have the RSDT alone: the address of the XSDT is 0 then.
        if (xsdt != 0)
        {
            entryBytes = sizeof(ulong);
            return TryTable(ref memory, xsdt, XsdtSignature, out root) ? AcpiResult.Found : AcpiResult.BadRootTable;
        }

        entryBytes = sizeof(uint);
        return TryTable(ref memory, rsdt, RsdtSignature, out root) ? AcpiResult.Found : AcpiResult.BadRootTable;
    }

    /// <summary>Finds the first valid table of a kind.</summary>
    /// <param name="memory">Where the tables lie.</param>
    /// <param name="root">The root table.</param>
    /// <param name="entryBytes">Bytes of each of its entries.</param>
    /// <param name="signature">The four letters, the first in the lowest byte.</param>
    /// <param name="table">The table, with its header.</param>
    internal static bool TryFind<TMemory>(ref TMemory memory, ReadOnlySpan<byte> root, int entryBytes, uint signature, out ReadOnlySpan<byte> table)
        where TMemory : struct, IFirmwareMemory
    {
        int end = root.Length - entryBytes;
        int entries = 0;
        for (int at = HeaderBytes; at <= end && entries < Limits.AcpiTablesMax; at += entryBytes)
        {
            entries++;
            ulong address = entryBytes == sizeof(ulong) ? Bytes.Read<ulong>(root, at) : Bytes.Read<uint>(root, at);
            if (TryTable(ref memory, address, signature, out table))
            {
                return true;
            }
        }

        table = default;
        return false;
    }

    private static bool TryTable<TMemory>(ref TMemory memory, ulong address, uint signature, out ReadOnlySpan<byte> table)
        where TMemory : struct, IFirmwareMemory
    {
        if (!memory.TryView(address, HeaderBytes, out table) || Bytes.Read<uint>(table, 0) != signature)
        {
            return false;
        }

        uint length = Bytes.Read<uint>(table, 4);
        return length is >= HeaderBytes and <= Limits.AcpiTableBytesMax
            && memory.TryView(address, (int)length, out table) && Sum(table) == 0;
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += bytes[i];
        }

        return sum;
    }
}
