using System;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Firmware;

/// <summary>Every outcome of looking for the unit that holds devices to the memory that they are given. Without one the boot goes on.</summary>
[MustUse]
public enum RemappingResult : byte
{
    /// <summary>There is one.</summary>
    Found,

    /// <summary>The firmware lists none: no valid DMAR, or no unit in it.</summary>
    NoUnit,

    /// <summary>A structure of the DMAR has a length that cannot be.</summary>
    BadStructure,

    /// <summary>Devices are shared out among several units. None of them is used.</summary>
    SeveralUnits,

    /// <summary>The one unit is for another segment than that which PCs have.</summary>
    OtherSegment,

    /// <summary>Its registers are not where a chipset has its own.</summary>
    BadAddress,
}

/// <summary>Finds the registers of the machine's DMA remapping unit (IOMMU).</summary>
/// <remarks>
/// Source: Intel Virtualization Technology for Directed I/O, "DMA Remapping Reporting Structure", "DMA Remapping Hardware Unit Definition Structure". Everything in
/// the table is untrusted. Where there is one unit, it has all devices, or names each that it has, as QEMU's does: those names are not read (docs/caveats.md).
/// </remarks>
public static class RemappingUnit
{
    private const uint DmarSignature = 0x5241_4D44; // "DMAR"

    private const int FixedBytes = 48;
    private const int StructureBytesMin = 4;
    private const int UnitBytesMin = 16;
    private const ushort HardwareUnit = 0;

    // Between the I/O APIC and the addresses that mean interrupts. Whatever else a table may say lies there is no kernel's and no memory.
    private const ulong Lowest = 0xFED0_0000;
    private const ulong Highest = 0xFEE0_0000;

    /// <summary>Looks for the unit, where there is one and no more.</summary>
    /// <param name="memory">Where the tables lie.</param>
    /// <param name="rsdp">Physical address of the RSDP. Untrusted.</param>
    /// <param name="registers">Physical address of its registers, a page; 0: none can be used.</param>
    public static RemappingResult Find<TMemory>(ref TMemory memory, ulong rsdp, out ulong registers)
        where TMemory : struct, IFirmwareMemory
    {
        registers = 0;
        return SystemTables.FindRoot(ref memory, rsdp, out ReadOnlySpan<byte> root, out int entryBytes) == AcpiResult.Found
            && SystemTables.TryFind(ref memory, root, entryBytes, DmarSignature, out ReadOnlySpan<byte> dmar)
                ? Read(dmar, out registers)
                : RemappingResult.NoUnit;
    }

    private static RemappingResult Read(ReadOnlySpan<byte> dmar, out ulong registers)
    {
        registers = 0;
        RemappingResult result = RemappingResult.NoUnit;
        for (int offset = FixedBytes; offset < dmar.Length;)
        {
            int left = dmar.Length - offset;
            int length = left < StructureBytesMin ? 0 : Bytes.Read<ushort>(dmar, offset + 2);
            bool isUnit = length != 0 && Bytes.Read<ushort>(dmar, offset) == HardwareUnit;
            if (length < (isUnit ? UnitBytesMin : StructureBytesMin) || length > left)
            {
                registers = 0;
                return RemappingResult.BadStructure;
            }

            if (isUnit)
            {
                result = result == RemappingResult.NoUnit ? ReadUnit(dmar.Slice(offset, length), out registers) : RemappingResult.SeveralUnits;
            }

            offset += length;
        }

        registers = result == RemappingResult.Found ? registers : 0;
        return result;
    }

    private static RemappingResult ReadUnit(ReadOnlySpan<byte> unit, out ulong registers)
    {
        registers = Bytes.Read<ulong>(unit, 8);
        bool isRegisters = registers is >= Lowest and < Highest && Bits.IsAligned(registers, ImageLayout.PageSizeBytes);
        return Bytes.Read<ushort>(unit, 6) != 0 ? RemappingResult.OtherSegment : isRegisters ? RemappingResult.Found : RemappingResult.BadAddress;
    }
}
