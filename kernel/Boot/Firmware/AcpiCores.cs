using Atoll.Base;

namespace Atoll.Boot;

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

/// <summary>Finds the cores that the firmware's tables list.</summary>
/// <remarks>
/// Source: ACPI Specification, "Root System Description Pointer", "System Description Table Header",
/// "Multiple APIC Description Table". Every address, length and count is untrusted: read once, bounded, then used.
/// </remarks>
public static unsafe class AcpiCores
{
    private const ulong RsdpSignature = 0x2052_5450_2044_5352; // "RSD PTR "
    private const uint RsdtSignature = 0x5444_5352; // "RSDT"
    private const uint XsdtSignature = 0x5444_5358; // "XSDT"
    private const uint MadtSignature = 0x4349_5041; // "APIC"

    private const int RsdpBytes = 20;
    private const int RsdpExtendedBytes = 36;
    private const int HeaderBytes = 36;
    private const int MadtFixedBytes = 44;

    private const byte ProcessorLocalApic = 0;
    private const byte ProcessorLocalX2Apic = 9;
    private const uint Enabled = 1;

    /// <summary>Lists the enabled cores, the running one first, the others in the order of the table.</summary>
    /// <param name="memory">Where the tables lie.</param>
    /// <param name="rsdp">Physical address of the RSDP. Untrusted.</param>
    /// <param name="bootApicId">APIC id of the running core.</param>
    /// <param name="highestApicId">Highest id that can be sent to. An interrupt to one above goes to all cores or to another one.</param>
    /// <param name="cores">Receives the cores.</param>
    public static AcpiResult Find<TMemory>(ref TMemory memory, ulong rsdp, uint bootApicId, uint highestApicId, ref CoreList cores)
        where TMemory : struct, IFirmwareMemory
    {
        AcpiResult result = FindRoot(ref memory, rsdp, out byte* root, out uint rootBytes, out int entryBytes);
        if (result != AcpiResult.Found)
        {
            return result;
        }

        uint entries = (rootBytes - HeaderBytes) / (uint)entryBytes;
        for (uint i = 0; i < entries && i < Limits.AcpiTablesMax; i++)
        {
            byte* entry = root + HeaderBytes + (i * (uint)entryBytes);
            ulong address = entryBytes == 8 ? Read64(entry) : Read32(entry);
            if (TryTable(ref memory, address, MadtSignature, out byte* madt, out uint madtBytes))
            {
                return ReadMadt(madt, madtBytes, bootApicId, highestApicId, ref cores);
            }
        }

        return AcpiResult.NoMadt;
    }

    private static AcpiResult FindRoot<TMemory>(ref TMemory memory, ulong rsdp, out byte* root, out uint rootBytes, out int entryBytes)
        where TMemory : struct, IFirmwareMemory
    {
        root = null;
        rootBytes = 0;
        entryBytes = 0;
        if (!memory.TryView(rsdp, RsdpBytes, out byte* at) || Read64(at) != RsdpSignature || Sum(at, RsdpBytes) != 0)
        {
            return AcpiResult.NoRsdp;
        }

        uint rsdt = Read32(at + 16);
        bool hasXsdt = at[15] >= 2;
        if (hasXsdt)
        {
            if (!memory.TryView(rsdp, RsdpExtendedBytes, out at) || Sum(at, RsdpExtendedBytes) != 0)
            {
                return AcpiResult.NoRsdp;
            }

            entryBytes = 8;
            return TryTable(ref memory, Read64(at + 24), XsdtSignature, out root, out rootBytes)
                ? AcpiResult.Found
                : AcpiResult.BadRootTable;
        }

        entryBytes = 4;
        return TryTable(ref memory, rsdt, RsdtSignature, out root, out rootBytes) ? AcpiResult.Found : AcpiResult.BadRootTable;
    }

    private static bool TryTable<TMemory>(ref TMemory memory, ulong address, uint signature, out byte* table, out uint length)
        where TMemory : struct, IFirmwareMemory
    {
        length = 0;
        if (!memory.TryView(address, HeaderBytes, out table) || Read32(table) != signature)
        {
            return false;
        }

        length = Read32(table + 4);
        return length >= HeaderBytes && length <= Limits.AcpiTableBytesMax
            && memory.TryView(address, length, out table) && Sum(table, length) == 0;
    }

    private static AcpiResult ReadMadt(byte* madt, uint madtBytes, uint bootApicId, uint highestApicId, ref CoreList cores)
    {
        cores.Clear();
        cores.TryAdd(bootApicId);
        bool bootCoreListed = false;
        for (uint offset = MadtFixedBytes; offset < madtBytes;)
        {
            byte* entry = madt + offset;
            if (madtBytes - offset < 2 || entry[1] < 2 || entry[1] > madtBytes - offset)
            {
                return AcpiResult.BadMadtEntry;
            }

            AcpiResult result = ReadEntry(entry, out uint apicId, out bool isCore);
            if (result != AcpiResult.Found)
            {
                return result;
            }

            if (isCore && apicId <= highestApicId)
            {
                bootCoreListed |= apicId == bootApicId;
                if (apicId != bootApicId)
                {
                    cores.TryAdd(apicId);
                }
            }

            offset += entry[1];
        }

        return bootCoreListed ? AcpiResult.Found : AcpiResult.BootCoreNotListed;
    }

    private static AcpiResult ReadEntry(byte* entry, out uint apicId, out bool isCore)
    {
        apicId = 0;
        isCore = false;
        switch (entry[0])
        {
            case ProcessorLocalApic:
                if (entry[1] < 8)
                {
                    return AcpiResult.BadMadtEntry;
                }

                apicId = entry[3];
                isCore = (Read32(entry + 4) & Enabled) != 0;
                return AcpiResult.Found;

            case ProcessorLocalX2Apic:
                if (entry[1] < 16)
                {
                    return AcpiResult.BadMadtEntry;
                }

                apicId = Read32(entry + 4);
                isCore = (Read32(entry + 8) & Enabled) != 0;
                return AcpiResult.Found;

            default:
                return AcpiResult.Found;
        }
    }

    private static byte Sum(byte* bytes, uint length)
    {
        byte sum = 0;
        for (uint i = 0; i < length; i++)
        {
            sum += bytes[i];
        }

        return sum;
    }

    private static uint Read32(byte* at) => *(uint*)at;

    private static ulong Read64(byte* at) => *(ulong*)at;
}
