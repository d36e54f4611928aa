using Atoll.Abi;
using Atoll.Firmware;
using Atoll.Kernel.Tests.Machine;
using Atoll.Mm;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>The loader's memory map as free frames.</summary>
public sealed class FirmwareMapTests
{
    private const ulong Mebibyte = 1 << 20;
    private const ulong Page = 4096;
    private const ulong BootEnd = 0x12_3000;
    private const ulong ImageEnd = 0x22_4000;

    // What QEMU's q35 with 64 MiB passes.
    private static LoaderTables Pc() => new LoaderTables()
        .Usable(0, 0x9_FC00).Reserved(0x9_FC00, 0xA_0000).Reserved(0xF_0000, 0x10_0000)
        .Usable(Mebibyte, 0x3FE_0000).Reserved(0x3FE_0000, 0x400_0000).Reserved(0xFFFC_0000, 0x1_0000_0000);

    [Fact]
    public void Pc_LeavesOutLowMemoryBootSegmentAndImage()
    {
        FramePool pool = Read(Pc(), out ulong usable);

        Assert.Equal(0x9_FC00UL + 0x3EE_0000, usable);
        AssertRuns(pool, (BootEnd, 0x20_0000), (ImageEnd, 0x3FE_0000));
    }

    /// <summary>
    /// microvm ends its map with an entry of zeros (bring-up experience): address 0, length 0, type 0.
    /// </summary>
    [Fact]
    public void ZeroEntry_MeansNothing()
    {
        LoaderTables tables = Pc();
        tables.Map.Add((0, 0, 0));
        tables.Map.Add((0x30_0800, 0, 2));
        tables.Map.Add((0, 0, 1));

        AssertRuns(Read(tables, out _), (BootEnd, 0x20_0000), (ImageEnd, 0x3FE_0000));
    }

    [Fact]
    public void MemoryAboveFourGibibytes_IsUsed() => AssertRuns(
        Read(Pc().Usable(0x1_0000_0000, 0x2_0000_0000), out _),
        (BootEnd, 0x20_0000), (ImageEnd, 0x3FE_0000), (0x1_0000_0000, 0x2_0000_0000));

    /// <summary>Only whole frames: an entry that begins or ends inside a frame does not give it.</summary>
    [Fact]
    public void UnalignedEntries_GiveWholeFrames() => AssertRuns(
        Read(new LoaderTables().Usable(0, 0xA_0000).Usable(0x40_0001, 0x40_2FFF).Usable(0x50_0800, 0x50_0FFF), out _),
        (0x40_1000, 0x40_2000));

    [Fact]
    public void OverlappingEntries_GiveEachFrameOnce() => AssertRuns(
        Read(
            new LoaderTables().Usable(0, 0xA_0000)
                .Usable(0x40_0000, 0x50_0000).Usable(0x48_0000, 0x60_0000).Usable(0x44_0000, 0x45_0000),
            out _),
        (0x40_0000, 0x60_0000));

    /// <summary>
    /// Where entries disagree, the one that reserves wins, whichever comes first; a frame it touches is not used.
    /// </summary>
    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(5u)]
    [InlineData(0u)]
    [InlineData(12u)]
    public void ReservedMemory_WinsOverUsable(uint type)
    {
        var after = new LoaderTables().Usable(0, 0xA_0000)
            .Usable(0x40_0000, 0x50_0000).Reserved(0x44_0800, 0x44_1800, type);
        var before = new LoaderTables().Usable(0, 0xA_0000)
            .Reserved(0x44_0800, 0x44_1800, type).Usable(0x40_0000, 0x50_0000);

        AssertRuns(Read(after, out _), (0x40_0000, 0x44_0000), (0x44_2000, 0x50_0000));
        AssertRuns(Read(before, out _), (0x40_0000, 0x44_0000), (0x44_2000, 0x50_0000));
    }

    [Fact]
    public void EntriesThatWrapAround_AreIgnoredOrReserveToTheTop()
    {
        var tables = new LoaderTables().Usable(0, 0xA_0000).Usable(0x40_0000, 0x50_0000);
        tables.Map.Add((0x60_0000, ulong.MaxValue, 1));
        tables.Map.Add((1UL << 60, Page, 1));
        tables.Map.Add((0x4F_0000, ulong.MaxValue, 2));
        tables.Map.Add((ulong.MaxValue - 10, 100, 2));

        AssertRuns(Read(tables, out _), (0x40_0000, 0x4F_0000));
    }

    [Fact]
    public void Modules_AreLeftOut()
    {
        LoaderTables tables = Pc();
        tables.Modules.Add((0x3FB_F800, 0x1000));
        tables.Modules.Add((0x100_0000, 0x20_0000));

        AssertRuns(
            Read(tables, out _),
            (BootEnd, 0x20_0000), (ImageEnd, 0x100_0000), (0x120_0000, 0x3FB_F000), (0x3FC_1000, 0x3FE_0000));
    }

    [Fact]
    public void CommandLineAboveLowMemory_IsLeftOut()
    {
        LoaderTables tables = Pc();
        tables.CommandLine = 0x80_0F00;

        AssertRuns(Read(tables, out _), (BootEnd, 0x20_0000), (ImageEnd, 0x80_0000), (0x80_2000, 0x3FE_0000));
    }

    /// <summary>56 bytes over the border of two frames.</summary>
    [Fact]
    public void StartInfoAboveLowMemory_IsLeftOut()
    {
        LoaderTables tables = Pc();
        tables.InfoAddress = 0x80_0FE0;
        FramePool pool = default;

        Assert.Equal(FirmwareMapResult.Read, Result(tables.Place(), ref pool, out _, tables.InfoAddress));
        AssertRuns(pool, (BootEnd, 0x20_0000), (ImageEnd, 0x80_0000), (0x80_2000, 0x3FE_0000));
    }

    /// <summary>What other cores start in is the page from 0x8000 on: what ends there or begins behind it does not touch it.</summary>
    [Fact]
    public void NeighboursOfTheStartPage_LeaveItUsable() => AssertRuns(
        Read(
            new LoaderTables().Usable(0, 0xA_0000).Reserved(0x7000, 0x8000).Reserved(0x9000, 0xA000).Usable(0x40_0000, 0x50_0000),
            out _),
        (0x40_0000, 0x50_0000));

    [Fact]
    public void BadTables_AreNamed()
    {
        Assert.Equal(FirmwareMapResult.NoStartInfo, Result(new LoaderTables { Magic = 0x1BAD_B002 }));
        Assert.Equal(FirmwareMapResult.NoStartInfo, Result(new LoaderTables { Version = 0 }));
        Assert.Equal(FirmwareMapResult.NoMemoryMap, Result(new LoaderTables()));
        Assert.Equal(
            FirmwareMapResult.NoMemoryMap, Result(new LoaderTables { ClaimedEntries = 257 }.Usable(0, Mebibyte)));
        Assert.Equal(FirmwareMapResult.NoMemoryMap,
            Result(new LoaderTables { ClaimedEntries = uint.MaxValue }.Usable(0, Mebibyte)));
        Assert.Equal(
            FirmwareMapResult.NoMemoryMap, Result(new LoaderTables { ClaimedEntries = 2 }.Usable(0, Mebibyte)));
        Assert.Equal(FirmwareMapResult.NoStartPage,
            Result(new LoaderTables().Usable(0, 0x8000).Usable(0x9000, 0xA_0000).Usable(Mebibyte, 64 * Mebibyte)));
        Assert.Equal(
            FirmwareMapResult.NoStartPage, Result(new LoaderTables().Usable(0, 0xA_0000).Reserved(0x8FFF, 0x9000)));
        Assert.Equal(FirmwareMapResult.BadModuleList, Result(WithModules(257)));
        Assert.Equal(FirmwareMapResult.BadModuleList, Result(WithModules(2)));
    }

    [Theory]
    [InlineData(0x100_0000UL, ulong.MaxValue)]
    [InlineData(1UL << 60, 4096UL)]
    public void ModuleThatCannotBe_IsAnError(ulong address, ulong length)
    {
        LoaderTables tables = Pc();
        tables.Modules.Add((address, length));

        Assert.Equal(FirmwareMapResult.BadModuleList, Result(tables));
    }

    [Fact]
    public void TooManyPieces_IsAnError()
    {
        var tables = new LoaderTables().Usable(0, 0xA_0000);
        for (ulong i = 0; i < 65; i++)
        {
            tables.Usable(0x40_0000 + (i * 2 * Page), 0x40_0000 + (i * 2 * Page) + Page);
        }

        Assert.Equal(FirmwareMapResult.TooManyRanges, Result(tables));
    }

    /// <summary>
    /// Any map of overlapping entries: a frame is free exactly when one usable entry holds all of it and nothing else
    /// touches it.
    /// </summary>
    [Fact]
    public void AnyMap_AgreesWithABitForEachFrame() => Seeds.ForEach(150, random =>
    {
        const int Frames = 1200;
        var tables = new LoaderTables().Usable(0, 0xA_0000);
        for (int i = random.Next(1, 14); i > 0; i--)
        {
            ulong start = (ulong)random.Next(0xA_0000, Frames * (int)Page);
            ulong end = start + (ulong)random.Next(1, 200 * (int)Page);
            tables.Map.Insert(
                random.Next(tables.Map.Count), (start, end - start, (uint)(random.Next(3) == 0 ? random.Next(6) : 1)));
        }

        bool IsFree(ulong low) =>
            tables.Map.Any(
                entry => entry.Type == 1 && entry.Address <= low && low + Page <= entry.Address + entry.Length)
            && !tables.Map.Any(
                entry => entry.Type != 1 && entry.Address < low + Page && low < entry.Address + entry.Length)
            && low >= BootEnd && (low < 0x20_0000 || low >= ImageEnd);

        FramePool pool = Read(tables, out _);
        for (ulong frame = 0; frame < Frames + 200; frame++)
        {
            if (IsFree(frame * Page))
            {
                Assert.Equal(FramePoolResult.Done, pool.Take(1, ulong.MaxValue, out ulong physical));
                Assert.Equal(frame * Page, physical);
            }
        }

        Assert.Equal(0UL, pool.FreeFrames);
    });

    /// <summary>Random words in place of every table: an answer, never an exception.</summary>
    [Fact]
    public void Garbage_IsAnswered() => Seeds.ForEach(500, random =>
    {
        LoaderTables tables = Pc();
        tables.Modules.Add((0x100_0000, 0x1000));
        FirmwareRegions regions = tables.Place();
        foreach (byte[] bytes in regions.Contents)
        {
            for (int i = random.Next(3); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
        }

        FramePool pool = default;
        Assert.True(Enum.IsDefined(Result(regions, ref pool, out _)));
    });

    // Types of ACPI, "Address Range Types": 1 memory, 2 reserved, 3 and 4 ACPI's, 5 unusable. Only what is reserved may be no memory.
    [Theory]
    [InlineData(0x1000_0000, 0x1000, 1, 0x1000_1000)]
    [InlineData(0x1000_0000, 0x1000, 3, 0x1000_1000)]
    [InlineData(0x1000_0000, 0x1000, 4, 0x1000_1000)]
    [InlineData(0x1000_0000, 0x1000, 5, 0x1000_1000)]
    [InlineData(0xB000_0000, 0x1000_0000, 2, 0)]
    [InlineData(0x1_0000_0000, 0x4000_0000, 1, 0)]
    [InlineData(0xF000_0000, 0xF000_0000, 1, 0x1_0000_0000)]
    [InlineData(0x9000_0000, ulong.MaxValue, 1, 0x1_0000_0000)]
    [InlineData(0x9000_0000, 0, 1, 0)]
    public void MemoryEnd_IsThatOfTheLastMemoryBelowFourGibibytes(ulong address, ulong length, uint type, ulong end)
    {
        LoaderTables tables = Pc();
        ulong before = MemoryEnd(tables);
        tables.Map.Add((address, length, type));

        Assert.Equal(end == 0 ? before : end, MemoryEnd(tables));
    }

    private static ulong MemoryEnd(LoaderTables tables)
    {
        FramePool pool = default;
        var memory = new FirmwareMemory(tables.Place());
        ImageInfo image = default;
        _ = FirmwareMap.Read(ref memory, LoaderTables.StartInfoAddress, in image, out StartInfo info, ref pool, out _);
        return FirmwareMap.MemoryEnd(ref memory, in info);
    }

    private static LoaderTables WithModules(uint claimed)
    {
        LoaderTables tables = Pc();
        tables.Modules.Add((0x100_0000, 0x1000));
        tables.ClaimedModules = claimed;
        return tables;
    }

    private static FramePool Read(LoaderTables tables, out ulong usable)
    {
        FramePool pool = default;
        Assert.Equal(FirmwareMapResult.Read, Result(tables.Place(), ref pool, out usable));
        return pool;
    }

    private static FirmwareMapResult Result(LoaderTables tables)
    {
        FramePool pool = default;
        return Result(tables.Place(), ref pool, out _);
    }

    private static FirmwareMapResult Result(
        FirmwareRegions regions, ref FramePool pool, out ulong usable, ulong startInfo = LoaderTables.StartInfoAddress)
    {
        var memory = new FirmwareMemory(regions);
        ImageInfo image = new()
        {
            TextStart = ImageLayout.ImageBase,
            DataEnd = ImageLayout.ImageBase + (ImageEnd - ImageLayout.ImagePhysicalBase),
            BootSegmentEnd = BootEnd,
        };
        return FirmwareMap.Read(ref memory, startInfo, in image, out _, ref pool, out usable);
    }

    private static void AssertRuns(FramePool pool, params (ulong Start, ulong End)[] runs)
    {
        Assert.Equal(runs.Length, pool.RangeCount);
        foreach ((ulong start, ulong end) in runs)
        {
            Assert.Equal(FramePoolResult.Done, pool.Take((end - start) / Page, end, out ulong physical));
            Assert.Equal(start, physical);
        }

        Assert.Equal(0UL, pool.FreeFrames);
    }
}
