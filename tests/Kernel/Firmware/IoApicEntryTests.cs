using System.Buffers.Binary;
using Atoll.Firmware;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>The I/O APIC that has the legacy interrupt lines: the one whose first line is the machine's line 0.</summary>
/// <remarks>Source: ACPI Specification 6.5, "I/O APIC Structure": type, length, id, reserved, address (4 bytes), base of its lines (4 bytes).</remarks>
public sealed class IoApicEntryTests
{
    private const uint Usual = 0xFEC0_0000;
    private const uint Second = 0xFEC0_1000;

    [Fact]
    public void AddressOfTheOneWithLineZero_IsGivenOut() => Assert.Equal(Usual, Found(Entry(Usual, 0)));

    [Fact]
    public void TableWithoutOne_HasNone() => Assert.Equal(0u, Found());

    [Theory]
    [InlineData(1u)]
    [InlineData(24u)]
    [InlineData(0x0100_0000u)]
    [InlineData(0x8000_0000u)]
    public void OneWithOtherLines_IsNone(uint firstLine) => Assert.Equal(0u, Found(Entry(Usual, firstLine)));

    [Fact]
    public void OneWithOtherLines_IsPassedOver_WhereverItStands()
    {
        Assert.Equal(Usual, Found(Entry(Usual, 0), Entry(Second, 24)));
        Assert.Equal(Usual, Found(Entry(Second, 24), Entry(Usual, 0)));
    }

    [Fact]
    public void OfTwoThatClaimLineZero_TheFirstHasIt()
    {
        Assert.Equal(Usual, Found(Entry(Usual, 0), Entry(Second, 0)));
        Assert.Equal(Second, Found(Entry(Second, 0), Entry(Usual, 0)));
    }

    /// <summary>Its registers lie at the start of a page, and the kernel maps pages.</summary>
    [Theory]
    [InlineData(Usual + 1)]
    [InlineData(Usual + 0x10)]
    [InlineData(Usual + 0x800)]
    [InlineData(Usual - 1)]
    public void AddressThatBeginsNoPage_IsNone(uint address) => Assert.Equal(0u, Found(Entry(address, 0)));

    [Fact]
    public void AddressThatBeginsNoPage_LeavesTheNextOneItsChance() =>
        Assert.Equal(Second, Found(Entry(Usual + 4, 0), Entry(Second, 0)));

    /// <summary>The length is what the entry says of itself; what lies behind it belongs to the next.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(11)]
    public void EntryThatIsTooShort_IsNone_AndTheNextIsRead(int length)
    {
        byte[] cut = Entry(Usual, 0)[..length];
        cut[1] = (byte)length;

        Assert.Equal(0u, Found(cut));
        Assert.Equal(Second, Found(cut, Entry(Second, 0)));
    }

    [Fact]
    public void LongerEntry_IsReadAsFarAsItIsKnown()
    {
        byte[] longer = [.. Entry(Usual, 0), 0xFF, 0xFF, 0xFF, 0xFF];
        longer[1] = (byte)longer.Length;

        Assert.Equal(Usual, Found(longer));
    }

    private static ulong Found(params byte[][] entries)
    {
        var memory = new FirmwareMemory(AcpiTables.Machine(AcpiTables.Madt([AcpiTables.LocalApic(0), .. entries, AcpiTables.LocalApic(1)])));
        CoreList cores = default;

        Assert.Equal(AcpiResult.Found, AcpiCores.Find(ref memory, AcpiTables.RsdpAddress, 0, 0xFE, ref cores, out ulong ioApic));
        Assert.Equal(2, cores.Count);
        return ioApic;
    }

    private static byte[] Entry(uint address, uint firstLine)
    {
        byte[] entry = AcpiTables.IoApic();
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), address);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(8), firstLine);
        return entry;
    }
}
