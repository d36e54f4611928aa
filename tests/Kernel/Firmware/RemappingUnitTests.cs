using System.Buffers.Binary;
using Atoll.Firmware;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>The unit that holds devices to their memory: found where there is one and no more, whatever the table says.</summary>
/// <remarks>
/// Source: Intel Virtualization Technology for Directed I/O, "DMA Remapping Reporting Structure": host address width at 36, flags at 37, structures from 48 on. "DMA
/// Remapping Hardware Unit Definition Structure": type 0, length, flags (bit 0: all devices), size, segment, registers (8 bytes), device scopes.
/// </remarks>
public sealed class RemappingUnitTests
{
    private const ulong Usual = 0xFED9_0000;

    // DMAR of QEMU 7.2 (-machine q35 -device intel-iommu), as it lies in the guest's memory: one unit that names what it has, the I/O APIC and 00:00.0, 00:1f.0, 1f.2, 1f.3.
    private const string OfQemu =
        "444d4152" + "68000000" + "0142" + "424f43485320" + "4258504320202020" + "01000000" + "42585043" + "01000000" + "26" + "01" + "00000000000000000000"
        + "0000" + "3800" + "0000" + "0000" + "0000d9fe00000000"
        + "0308000000ff0000" + "0108000000000000" + "0108000000001f00" + "0108000000001f02" + "0108000000001f03";

    // A notebook's two: the graphics device has one of its own, and the other has the rest; and memory that firmware keeps for devices.
    [Fact]
    public void MachineWithSeveral_UsesNone() => Assert.Equal(
        (RemappingResult.SeveralUnits, 0ul),
        Found(Unit(0xFED9_0000, flags: 0, scope: [1, 8, 0, 0, 0, 0, 2, 0]), Unit(0xFED9_1000), Structure(1, new byte[20])));

    [Fact]
    public void OneForAllDevices_IsFound() => Assert.Equal((RemappingResult.Found, Usual), Found(Unit(Usual)));

    [Fact]
    public void OtherStructures_ArePassedOver() => Assert.Equal(
        (RemappingResult.Found, 0xFEDF_F000ul),
        Found(Structure(1, new byte[20]), Structure(2, new byte[4]), Unit(0xFEDF_F000), Structure(0x7777, [])));

    [Fact]
    public void TableOfQemu_NamesItsUnit()
    {
        Assert.Equal((RemappingResult.Found, Usual), Look(Convert.FromHexString(OfQemu)));
    }

    [Fact]
    public void MachineWithoutTheTable_HasNone()
    {
        var memory = new FirmwareMemory(AcpiTables.Machine(AcpiTables.Madt(AcpiTables.LocalApic(0))));

        Assert.Equal(RemappingResult.NoUnit, RemappingUnit.Find(ref memory, AcpiTables.RsdpAddress, out ulong registers));
        Assert.Equal(0ul, registers);
    }

    [Fact]
    public void TableWithoutAUnit_HasNone() => Assert.Equal((RemappingResult.NoUnit, 0ul), Found(Structure(1, new byte[20])));

    [Theory]
    [InlineData(0xFED9_0000, 1, 1, RemappingResult.OtherSegment)]
    // The kernel's interrupt controllers; memory; among the registers of PCI devices; no page; nothing; above 4 GiB.
    [InlineData(0xFEC0_0000, 1, 0, RemappingResult.BadAddress)]
    [InlineData(0xFEE0_0000, 1, 0, RemappingResult.BadAddress)]
    [InlineData(0x0020_0000, 1, 0, RemappingResult.BadAddress)]
    [InlineData(0xFEBF_F000, 1, 0, RemappingResult.BadAddress)]
    [InlineData(0xFED9_0800, 1, 0, RemappingResult.BadAddress)]
    [InlineData(0, 1, 0, RemappingResult.BadAddress)]
    [InlineData(0x1_FED9_0000, 1, 0, RemappingResult.BadAddress)]
    public void UnitThatCannotBeUsed_IsNone(ulong registers, byte flags, ushort segment, RemappingResult result) =>
        Assert.Equal((result, 0ul), Found(Unit(registers, flags, segment)));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(0xFFFF)]
    public void LengthThatCannotBe_IsNone_AlsoBehindAGoodUnit(ushort length)
    {
        byte[] wrong = Unit(Usual);
        BinaryPrimitives.WriteUInt16LittleEndian(wrong.AsSpan(2), length);

        Assert.Equal((RemappingResult.BadStructure, 0ul), Found(wrong));
        Assert.Equal((RemappingResult.BadStructure, 0ul), Found(Unit(Usual), wrong));
    }

    [Fact]
    public void CutTable_IsNone()
    {
        byte[] whole = Table(Unit(Usual), Structure(1, new byte[20]));
        for (int length = 48; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(4), length);
            RemappingResult expected = length switch
            {
                48 => RemappingResult.NoUnit,
                64 => RemappingResult.Found,
                _ => RemappingResult.BadStructure,
            };

            Assert.Equal((expected, expected == RemappingResult.Found ? Usual : 0), Look(AcpiTables.Sealed(cut)));
        }
    }

    // FirmwareMemory fails the test when anything outside of the tables is read.
    [Fact]
    public void MutatedTables_AreAnswered_AndNeverOverread()
    {
        for (int seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            byte[] table = Table(Unit(Usual), Structure(1, new byte[20]), Unit(Usual, flags: 0));
            for (int change = 0; change <= random.Next(4); change++)
            {
                table[random.Next(40, table.Length)] = (byte)random.Next(256);
            }

            (RemappingResult result, ulong registers) = Look(AcpiTables.Sealed(table));
            Assert.True(result != RemappingResult.Found == (registers == 0), $"seed {seed}: {result}, {registers:x}");
        }
    }

    private static (RemappingResult Result, ulong Registers) Found(params byte[][] structures) => Look(Table(structures));

    private static (RemappingResult Result, ulong Registers) Look(byte[] table)
    {
        FirmwareRegions regions = new();
        regions.Put(AcpiTables.RsdpAddress, AcpiTables.Rsdp(2, rsdt: 0, xsdt: AcpiTables.RootAddress));
        regions.Put(AcpiTables.RootAddress, AcpiTables.Root(hasXsdt: true, 0x7FE_2000, AcpiTables.MadtAddress));
        regions.Put(AcpiTables.MadtAddress, AcpiTables.Madt(AcpiTables.LocalApic(0)));
        regions.Put(0x7FE_2000, table);
        var memory = new FirmwareMemory(regions);
        RemappingResult result = RemappingUnit.Find(ref memory, AcpiTables.RsdpAddress, out ulong registers);
        return (result, registers);
    }

    private static byte[] Table(params byte[][] structures) =>
        AcpiTables.Table("DMAR", [38, 0, .. new byte[10], .. structures.SelectMany(structure => structure)]);

    private static byte[] Unit(ulong registers, byte flags = 1, ushort segment = 0, byte[]? scope = null) =>
        Structure(0, [flags, 0, .. BitConverter.GetBytes(segment), .. BitConverter.GetBytes(registers), .. scope ?? []]);

    private static byte[] Structure(ushort type, byte[] body) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes((ushort)(4 + body.Length)), .. body];
}
