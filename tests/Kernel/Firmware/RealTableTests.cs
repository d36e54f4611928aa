using System.Globalization;
using Atoll.Abi;
using Atoll.Boot;
using Atoll.Firmware;
using Atoll.Kernel.Tests.Machine;
using Atoll.Mm;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>Tables of real machines (<c>Real/</c>), with what is to be found in them.</summary>
public sealed class RealTableTests
{
    private const ulong PageBytes = 4096;
    private const ulong Mebibyte = 1 << 20;
    private const ulong BootEnd = 0x12_3000;
    private const ulong ImageEnd = 0x22_4000;
    private const int CoresMax = 255;

    /// <summary>Rows of <c>Real/expected.txt</c>.</summary>
    public static TheoryData<string> Madts => [.. Lines("expected.txt")];

    /// <summary>Rows of <c>Real/e820-maps.txt</c>.</summary>
    public static TheoryData<string> Maps => [.. Lines("e820-maps.txt")];

    [Theory]
    [MemberData(nameof(Madts))]
    public void Madt_ListsTheCoresThatAreThere(string row)
    {
        string[] parts = [.. row.Split('|').Select(part => part.Trim())];
        uint boot = uint.Parse(parts[1], CultureInfo.InvariantCulture);
        uint highest = uint.Parse(parts[2], CultureInfo.InvariantCulture);

        CoreList cores = default;
        var memory = new FirmwareMemory(AcpiTables.Machine(Read(parts[0])));
        AcpiResult result = AcpiCores.Find(ref memory, AcpiTables.RsdpAddress, boot, highest, ref cores, out _);

        Assert.Equal(Enum.Parse<AcpiResult>(parts[3]), result);
        if (result == AcpiResult.Found)
        {
            Assert.Equal(Numbers(parts[4]), Enumerable.Range(0, cores.Count).Select(core => cores.ApicId(core)));
        }
    }

    /// <summary>
    /// Case boot/4, <c>rsdp-revision-2-without-xsdt</c>:
    /// revision 2 with an XSDT address of 0: the RSDT is the root table, as in ACPICA and in the specification.
    /// </summary>
    [Fact]
    public void Revision2WithoutXsdt_IsReadByItsRsdt()
    {
        var regions = new FirmwareRegions();
        regions.Put(0xF_5A80, Read("revision2-without-xsdt.rsdp.bin"));
        regions.Put(0x7FE_0000, Read("revision2-without-xsdt.rsdt.bin"));
        regions.Put(0x7FE_0400, Read("revision2-without-xsdt.madt.bin"));
        var memory = new FirmwareMemory(regions);
        CoreList cores = default;

        Assert.Equal(AcpiResult.Found, AcpiCores.Find(ref memory, 0xF_5A80, 0, 0xFE, ref cores, out _));
        Assert.Equal([0u, 1], Enumerable.Range(0, cores.Count).Select(core => cores.ApicId(core)));
    }

    /// <summary>The runs of whole frames that one usable entry holds and nothing else touches, in any order of the entries.</summary>
    [Theory]
    [MemberData(nameof(Maps))]
    public void MemoryMap_GivesWhatIsUsable(string row)
    {
        (ulong Start, ulong End, char Kind)[] entries = [.. row[(row.IndexOf(':', StringComparison.Ordinal) + 1)..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Entry)];
        List<(ulong Start, ulong End)> expected = Expected(entries);
        var random = new Random(1);
        for (int order = 0; order < 5; order++)
        {
            LoaderTables tables = new();
            foreach ((ulong start, ulong end, char kind) in entries)
            {
                tables.Map.Add((start, end - start, Type(kind)));
            }

            var memory = new FirmwareMemory(tables.Place());
            ImageInfo image = new()
            {
                TextStart = ImageLayout.ImageBase,
                DataEnd = ImageLayout.ImageBase + (ImageEnd - ImageLayout.ImagePhysicalBase),
                BootSegmentEnd = BootEnd,
            };
            FramePool pool = default;
            FirmwareMapResult result =
                FirmwareMap.Read(ref memory, LoaderTables.StartInfoAddress, in image, out _, ref pool, out _);

            Assert.Equal(FirmwareMapResult.Read, result);
            Assert.Equal(expected.Count, pool.RangeCount);
            foreach ((ulong start, ulong end) in expected)
            {
                Assert.Equal(FramePoolResult.Done, pool.Take((end - start) / PageBytes, end, out ulong physical));
                Assert.Equal(start, physical);
            }

            random.Shuffle(entries);
        }
    }

    // Interval by interval between all borders: usable when an entry says so and none says otherwise.
    private static List<(ulong Start, ulong End)> Expected((ulong Start, ulong End, char Kind)[] entries)
    {
        (ulong Start, ulong End)[] taken =
        [
            (0, Mebibyte), (Mebibyte, BootEnd), (ImageLayout.ImagePhysicalBase, ImageEnd),
            .. entries.Where(entry => entry.Kind != 'u').Select(entry => (entry.Start / PageBytes * PageBytes, Up(entry.End))),
        ];
        (ulong Start, ulong End)[] given =
            [.. entries.Where(entry => entry.Kind == 'u').Select(entry => (Up(entry.Start), entry.End / PageBytes * PageBytes))];
        ulong[] borders = [.. taken.Concat(given).SelectMany(range => new[] { range.Start, range.End }).Distinct().Order()];
        List<(ulong Start, ulong End)> runs = [];
        for (int i = 0; i + 1 < borders.Length; i++)
        {
            bool Holds((ulong Start, ulong End) range) => range.Start <= borders[i] && borders[i + 1] <= range.End;
            if (!given.Any(Holds) || taken.Any(Holds))
            {
                continue;
            }

            if (runs.Count > 0 && runs[^1].End == borders[i])
            {
                runs[^1] = (runs[^1].Start, borders[i + 1]);
            }
            else
            {
                runs.Add((borders[i], borders[i + 1]));
            }
        }

        return runs;
    }

    private static ulong Up(ulong address) => (address + PageBytes - 1) / PageBytes * PageBytes;

    private static (ulong Start, ulong End, char Kind) Entry(string text)
    {
        // The kind is the last letter, but 'd' may also be a digit: the end of an address is never odd enough to end in one.
        string[] borders = text[..^1].Split('-');
        return (ulong.Parse(borders[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(borders[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), text[^1]);
    }

    // ACPI Specification, "Address Range Types"; 20 is an EFI loader's own.
    private static uint Type(char kind) => kind switch
    {
        'u' => 1u,
        'r' => 2u,
        'd' => 3u,
        'n' => 4u,
        'x' => 5u,
        'p' => 7u,
        't' => 20u,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such type"),
    };

    private static IEnumerable<uint> Numbers(string text) => text.Split(' ').SelectMany(word =>
    {
        uint[] ends = [.. word.Split('-').Select(number => uint.Parse(number, CultureInfo.InvariantCulture))];
        return Enumerable.Range((int)ends[0], (int)(ends[^1] - ends[0]) + 1).Select(number => (uint)number);
    }).Take(CoresMax);

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Firmware", "Real", name));

    private static IEnumerable<string> Lines(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Firmware", "Real", name))
            .Where(line => line.Length > 0 && line[0] != '#');
}
