using System.Buffers.Binary;
using Atoll.Firmware;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>The cores that the firmware lists, from good, odd and broken tables.</summary>
public sealed class AcpiCoresTests
{
    private const uint XApicHighest = 0xFE;
    private const uint X2ApicHighest = 0xFFFF_FFFE;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cores_RunningOneFirst_OthersInTableOrder(bool hasXsdt)
    {
        byte[] madt = AcpiTables.Madt(
            AcpiTables.LocalApic(6), AcpiTables.IoApic(), AcpiTables.LocalApic(2), AcpiTables.LocalApic(0),
            AcpiTables.Nmi(), AcpiTables.LocalApic(4));

        Assert.Equal([2u, 6, 0, 4], Found(AcpiTables.Machine(madt, hasXsdt), boot: 2));
    }

    /// <summary>
    /// "If the XSDT address is non-zero OSPM must use the XSDT": the RSDT beside it is not looked at.
    /// </summary>
    [Fact]
    public void Xsdt_WinsOverRsdt()
    {
        FirmwareRegions regions = AcpiTables.Machine(AcpiTables.Madt(AcpiTables.LocalApic(0), AcpiTables.LocalApic(1)));
        var both = new FirmwareRegions();
        both.Put(AcpiTables.RsdpAddress, AcpiTables.Rsdp(2, rsdt: 0x1_0000, xsdt: AcpiTables.RootAddress));
        both.Put(0x1_0000, AcpiTables.Root(hasXsdt: false));
        both.Put(AcpiTables.RootAddress, regions.Contents.ElementAt(1));
        both.Put(AcpiTables.MadtAddress, regions.Contents.ElementAt(3));

        Assert.Equal([0u, 1], Found(both, boot: 0));
    }

    /// <summary>Online capable (bit 1) says that a core may be enabled later: it is not there now.</summary>
    [Fact]
    public void DisabledCores_AreLeftOut()
    {
        byte[] madt = AcpiTables.Madt(
            AcpiTables.LocalApic(0), AcpiTables.LocalApic(1, flags: 0), AcpiTables.LocalApic(2, flags: 2),
            AcpiTables.LocalX2Apic(300, flags: 0),
            AcpiTables.LocalApic(3, flags: 3));

        Assert.Equal([0u, 3], Found(AcpiTables.Machine(madt), boot: 0));
    }

    [Fact]
    public void X2ApicEntries_HaveWideIdentifiers()
    {
        byte[] madt = AcpiTables.Madt(
            AcpiTables.LocalX2Apic(0x100), AcpiTables.LocalApic(7), AcpiTables.LocalX2Apic(0x1234_5678));

        Assert.Equal([0x100u, 7, 0x1234_5678], Found(AcpiTables.Machine(madt), boot: 0x100));
    }

    /// <summary>Firmware may list a core as local APIC and as x2APIC.</summary>
    [Fact]
    public void Duplicates_CountOnce()
    {
        byte[] madt = AcpiTables.Madt(
            AcpiTables.LocalApic(0), AcpiTables.LocalApic(1), AcpiTables.LocalX2Apic(1), AcpiTables.LocalApic(0),
            AcpiTables.LocalApic(1));

        Assert.Equal([0u, 1], Found(AcpiTables.Machine(madt), boot: 0));
    }

    /// <summary>
    /// 0xFF in xAPIC mode and 0xFFFFFFFF in x2APIC mode mean every core, and xAPIC sends only the low eight bits: INIT
    /// to such a
    /// "core" would reset the running one (Intel SDM Vol. 3A, "Physical Destination Mode"). From 255 on a core has an x2APIC structure
    /// (ACPI Specification, "Processor Local x2APIC Structure"): 0xFF in the other kind is a core that is not there.
    /// </summary>
    [Fact]
    public void CoresThatCannotBeAddressed_AreLeftOut()
    {
        byte[] madt = AcpiTables.Madt(
            AcpiTables.LocalApic(0), AcpiTables.LocalApic(0xFF), AcpiTables.LocalX2Apic(0x100), AcpiTables.LocalX2Apic(0xFF),
            AcpiTables.LocalApic(0xFE), AcpiTables.LocalX2Apic(0xFFFF_FFFF));

        Assert.Equal([0u, 0xFE], Found(AcpiTables.Machine(madt), boot: 0, XApicHighest));
        Assert.Equal([0u, 0x100, 0xFF, 0xFE], Found(AcpiTables.Machine(madt), boot: 0, X2ApicHighest));
    }

    [Fact]
    public void MoreCoresThanFit_KeepsTheRunningOne()
    {
        byte[][] entries = [.. Enumerable.Range(0, 300).Select(id => AcpiTables.LocalX2Apic((uint)id))];
        CoreList cores = default;

        Assert.Equal(
            AcpiResult.Found, Find(AcpiTables.Machine(AcpiTables.Madt(entries)), 299, X2ApicHighest, ref cores));

        Assert.Equal(255, cores.Count);
        Assert.Equal(45, cores.Omitted);
        Assert.Equal(299u, cores.ApicId(0));
        Assert.Equal(253u, cores.ApicId(254));
    }

    [Fact]
    public void RunningCoreNotListed_IsAnError()
    {
        Assert.Equal(
            AcpiResult.BootCoreNotListed, Find(AcpiTables.Machine(AcpiTables.Madt(AcpiTables.LocalApic(1))), boot: 0));
        Assert.Equal(AcpiResult.BootCoreNotListed,
            Find(AcpiTables.Machine(AcpiTables.Madt(AcpiTables.LocalApic(0, flags: 0))), boot: 0));
        Assert.Equal(AcpiResult.BootCoreNotListed, Find(AcpiTables.Machine(AcpiTables.Madt()), boot: 0));
    }

    [Theory]
    [InlineData(0, AcpiResult.NoRsdp)]
    [InlineData(1, AcpiResult.BadRootTable)]
    [InlineData(3, AcpiResult.NoMadt)]
    public void AnyFlippedBit_BreaksTheChecksum(int region, AcpiResult expected)
    {
        byte[] bytes = Good().Contents.ElementAt(region);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            FirmwareRegions broken = Good();
            broken.Contents.ElementAt(region)[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(expected, Find(broken, boot: 0));
        }
    }

    /// <summary>Memory that ends inside a table.</summary>
    [Theory]
    [InlineData(0, AcpiResult.NoRsdp)]
    [InlineData(1, AcpiResult.BadRootTable)]
    [InlineData(3, AcpiResult.NoMadt)]
    public void TruncatedMemory_IsRefusedAtEveryLength(int region, AcpiResult expected)
    {
        ulong[] addresses = [AcpiTables.RsdpAddress, AcpiTables.RootAddress, 0x7FE_2000, AcpiTables.MadtAddress];
        byte[][] contents = [.. Good().Contents];
        for (int length = 0; length < contents[region].Length; length++)
        {
            var truncated = new FirmwareRegions();
            for (int i = 0; i < addresses.Length; i++)
            {
                truncated.Put(addresses[i], i == region ? contents[i][..length] : contents[i]);
            }

            Assert.Equal(expected, Find(truncated, boot: 0));
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(35u)]
    [InlineData(1024u * 1024 + 1)]
    [InlineData(uint.MaxValue)]
    public void ImpossibleTableLengths_AreRefused(uint length)
    {
        foreach ((int region, AcpiResult expected) in new[] { (1, AcpiResult.BadRootTable), (3, AcpiResult.NoMadt) })
        {
            FirmwareRegions regions = Good();
            byte[] table = regions.Contents.ElementAt(region);
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4), length);
            AcpiTables.Sealed(table);
            Assert.Equal(expected, Find(regions, boot: 0));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(255)]
    public void EntryLengthThatCannotBe_IsAnError(byte length)
    {
        byte[] last = AcpiTables.LocalApic(1);
        last[1] = length;

        Assert.Equal(
            AcpiResult.BadMadtEntry, Find(AcpiTables.Machine(AcpiTables.Madt(AcpiTables.LocalApic(0), last)), boot: 0));
    }

    [Fact]
    public void ShortX2ApicEntry_AndLoneTypeByte_AreErrors()
    {
        byte[] shortEntry = [9, 12, .. new byte[10]];

        Assert.Equal(AcpiResult.BadMadtEntry,
            Find(AcpiTables.Machine(AcpiTables.Madt(AcpiTables.LocalApic(0), shortEntry)), boot: 0));
        Assert.Equal(
            AcpiResult.BadMadtEntry, Find(AcpiTables.Machine(AcpiTables.Madt(AcpiTables.LocalApic(0), [0])), boot: 0));
    }

    [Fact]
    public void UnknownEntries_AreSkippedByTheirLength()
    {
        byte[] unknown = [0x7F, 9, 0, 1, 2, 3, 4, 5, 6];

        byte[] madt = AcpiTables.Madt(unknown, AcpiTables.LocalApic(0), unknown, AcpiTables.LocalApic(5));

        Assert.Equal([0u, 5], Found(AcpiTables.Machine(madt), boot: 0));
    }

    /// <summary>
    /// Every byte of every table, mutated at random with checksums made right again: no access outside a view, no
    /// exception.
    /// </summary>
    [Fact]
    public void MutatedTables_AreAnsweredAndNeverOverread() => Seeds.ForEach(2000, random =>
    {
        FirmwareRegions regions = Mutated(random);
        CoreList first = default;
        CoreList second = default;

        // Poison decides nothing when nothing outside the views is read.
        AcpiResult result = Find(regions.Copy(0x00), 0, X2ApicHighest, ref first);
        Assert.Equal(result, Find(regions.Copy(0x09), 0, X2ApicHighest, ref second));
        Assert.Equal(List(in first), List(in second));
        Assert.True(Enum.IsDefined(result));
        Assert.InRange(first.Count, 0, 255);
        Assert.Equal(first.Count, List(in first).Distinct().Count());
    });

    private static FirmwareRegions Mutated(Random random)
    {
        byte[][] entries = [.. Enumerable.Range(0, random.Next(1, 12)).Select(id => random.Next(4) switch
        {
            0 => AcpiTables.LocalX2Apic((uint)id),
            1 => AcpiTables.IoApic(),
            _ => AcpiTables.LocalApic((byte)id),
        })];
        FirmwareRegions regions = AcpiTables.Machine(AcpiTables.Madt(entries), hasXsdt: random.Next(2) == 0);
        byte[][] contents = [.. regions.Contents];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            byte[] table = contents[random.Next(8) == 0 ? random.Next(4) : 3];
            int at = random.Next(4) == 0
                ? random.Next(table.Length)
                : random.Next(Math.Min(44, table.Length - 1), table.Length);
            table[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)random.Next(20);
        }

        foreach (byte[] table in contents.Skip(1).Where(_ => random.Next(10) != 0))
        {
            AcpiTables.Sealed(table);
        }

        return regions;
    }

    private static FirmwareRegions Good() =>
        AcpiTables.Machine(AcpiTables.Madt(AcpiTables.LocalApic(0), AcpiTables.LocalApic(1)));

    private static uint[] Found(FirmwareRegions regions, uint boot, uint highest = X2ApicHighest)
    {
        CoreList cores = default;
        Assert.Equal(AcpiResult.Found, Find(regions, boot, highest, ref cores));
        return List(in cores);
    }

    private static AcpiResult Find(FirmwareRegions regions, uint boot)
    {
        CoreList cores = default;
        return Find(regions, boot, X2ApicHighest, ref cores);
    }

    private static AcpiResult Find(FirmwareRegions regions, uint boot, uint highest, ref CoreList cores)
    {
        var memory = new FirmwareMemory(regions);
        return AcpiCores.Find(ref memory, AcpiTables.RsdpAddress, boot, highest, ref cores, out _);
    }

    private static uint[] List(in CoreList cores)
    {
        uint[] ids = new uint[cores.Count];
        for (int core = 0; core < ids.Length; core++)
        {
            ids[core] = cores.ApicId(core);
        }

        return ids;
    }
}
