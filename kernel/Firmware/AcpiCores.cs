using System;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Firmware;

/// <summary>Every outcome of looking for the machine's cores.</summary>
[MustUse]
public enum AcpiResult : byte
{
    /// <summary>The cores are listed.</summary>
    Found,

    /// <summary>The RSDP is absent, unreachable, or its checksum or signature is wrong.</summary>
    NoRsdp,

    /// <summary>The RSDT or XSDT is unreachable, or its length, checksum or signature is wrong.</summary>
    BadRootTable,

    /// <summary>The root table lists no valid MADT ("APIC").</summary>
    NoMadt,

    /// <summary>An entry of the MADT has a length that cannot be.</summary>
    BadMadtEntry,

    /// <summary>The MADT does not list the core that is running.</summary>
    BootCoreNotListed,
}

/// <summary>Finds the cores and the I/O APIC that the firmware's tables list.</summary>
/// <remarks>
/// Source: ACPI Specification, "Root System Description Pointer", "System Description Table Header",
/// "Multiple APIC Description Table". Every address, length and count is untrusted: read once, bounded, then used.
/// </remarks>
public static class AcpiCores
{
    private const uint MadtSignature = 0x4349_5041; // "APIC"

    private const int MadtFixedBytes = 44;

    private const byte ProcessorLocalApic = 0;
    private const byte IoApicEntry = 1;
    private const byte ProcessorLocalX2Apic = 9;
    private const uint Enabled = 1;
    private const uint EveryCore8 = 0xFF;

    /// <summary>Lists the enabled cores, the running one first, the others in the order of the table.</summary>
    /// <param name="memory">Where the tables lie.</param>
    /// <param name="rsdp">Physical address of the RSDP. Untrusted.</param>
    /// <param name="bootApicId">APIC id of the running core.</param>
    /// <param name="highestApicId">Highest id that can be sent to. An interrupt to one above goes to all cores or to another one.</param>
    /// <param name="cores">Receives the cores.</param>
    /// <param name="ioApic">Physical address of the I/O APIC that has the legacy interrupt lines: a page; 0: none.</param>
    public static AcpiResult Find<TMemory>(
        ref TMemory memory, ulong rsdp, uint bootApicId, uint highestApicId, ref CoreList cores, out ulong ioApic)
        where TMemory : struct, IFirmwareMemory
    {
        ioApic = 0;
        AcpiResult result = SystemTables.FindRoot(ref memory, rsdp, out ReadOnlySpan<byte> root, out int entryBytes);
        if (result != AcpiResult.Found)
        {
            return result;
        }

        return SystemTables.TryFind(ref memory, root, entryBytes, MadtSignature, out ReadOnlySpan<byte> madt)
            ? ReadMadt(madt, bootApicId, highestApicId, ref cores, out ioApic)
            : AcpiResult.NoMadt;
    }

    private static AcpiResult ReadMadt(
        ReadOnlySpan<byte> madt, uint bootApicId, uint highestApicId, ref CoreList cores, out ulong ioApic)
    {
        ioApic = 0;
        cores.Clear();
        cores.TryAdd(bootApicId);
        bool bootCoreListed = false;
        for (int offset = MadtFixedBytes; offset < madt.Length;)
        {
            int left = madt.Length - offset;
            int length = left < 2 ? 0 : madt[offset + 1];
            if (length < 2 || length > left)
            {
                return AcpiResult.BadMadtEntry;
            }

            ReadOnlySpan<byte> entry = madt.Slice(offset, length);
            AcpiResult result = ReadEntry(entry, out uint apicId, out bool isCore);
            if (result != AcpiResult.Found)
            {
                return result;
            }

            if (entry[0] == IoApicEntry && ioApic == 0)
            {
                ioApic = IoApicOfLegacyLines(entry);
            }

            if (isCore && apicId <= highestApicId)
            {
                bootCoreListed |= apicId == bootApicId;
                if (apicId != bootApicId)
                {
                    cores.TryAdd(apicId);
                }
            }

            offset += length;
        }

        return bootCoreListed ? AcpiResult.Found : AcpiResult.BootCoreNotListed;
    }

    private static AcpiResult ReadEntry(ReadOnlySpan<byte> entry, out uint apicId, out bool isCore)
    {
        apicId = 0;
        isCore = false;
        switch (entry[0])
        {
            case ProcessorLocalApic:
                if (entry.Length < 8)
                {
                    return AcpiResult.BadMadtEntry;
                }

                // 0xFF is every core, whatever the flags say: the entry of a core that is not there.
                apicId = entry[3];
                isCore = (Bytes.Read<uint>(entry, 4) & Enabled) != 0 && apicId != EveryCore8;
                return AcpiResult.Found;

            case ProcessorLocalX2Apic:
                if (entry.Length < 16)
                {
                    return AcpiResult.BadMadtEntry;
                }

                apicId = Bytes.Read<uint>(entry, 4);
                isCore = (Bytes.Read<uint>(entry, 8) & Enabled) != 0;
                return AcpiResult.Found;

            default:
                return AcpiResult.Found;
        }
    }

    // Line 0 of the machine comes in at the one whose base is 0. Whatever is no page of registers is passed over: then no device has a line.
    private static ulong IoApicOfLegacyLines(ReadOnlySpan<byte> entry)
    {
        if (entry.Length < 12 || Bytes.Read<uint>(entry, 8) != 0)
        {
            return 0;
        }

        uint address = Bytes.Read<uint>(entry, 4);
        return Bits.IsAligned(address, ImageLayout.PageSizeBytes) ? address : 0;
    }
}
