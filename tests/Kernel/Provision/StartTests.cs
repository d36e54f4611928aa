using Atoll.Abi;
using Atoll.Arch;
using Atoll.Kernel.Tests.Machine;
using Atoll.Provision;

namespace Atoll.Kernel.Tests.Provision;

/// <summary>What a starting core finds: the start page and the tables it turns paging on with.</summary>
public sealed unsafe class StartTests
{
    private const ulong Tables = 0x30_0000;
    private const ulong Page = 0x1000;

    /// <summary>The start page one to one and text, read and execute; nothing writable, nothing else.</summary>
    [Fact]
    public void StartTables_MapTheStartPageAndText()
    {
        using HostPages memory = BuildTables();

        List<MappedPage> mapped = new PageWalker(memory).Walk(Tables);

        Assert.Equal(
            [(0x8000UL, 0x8000UL, "RX"), .. Enumerable.Range(0, SampleImage.TextPages).Select(i =>
                (SampleImage.VirtualBase + ((ulong)i * Page), SampleImage.PhysicalBase + ((ulong)i * Page), "RX"))],
            mapped.Select(page => (page.Virtual, page.Physical, page.Rights)));
    }

    /// <summary>
    /// Several cores share them, so no CPU may have a reason to write: accessed (5) everywhere, dirty (6) in leaves.
    /// </summary>
    [Fact]
    public void StartTables_HaveAccessedAndDirtySet()
    {
        using HostPages memory = BuildTables();
        var walker = new PageWalker(memory);

        Assert.All(walker.Walk(Tables), page => Assert.Equal(0x60UL, page.Entry & 0x60));
        Assert.Equal(7, walker.Tables.Count);
        IEnumerable<ulong> entries = walker.Tables.SelectMany(table => Entries(memory, table));
        Assert.All(entries.Where(entry => entry != 0), entry => Assert.NotEqual(0UL, entry & 0x20));
    }

    [Fact]
    public void StartPage_HoldsTheCodeAndThenTheParameters()
    {
        using var memory = new HostPages(16);
        memory.Bytes.Fill(0xCC);
        byte[] code = [.. Enumerable.Range(0, 777).Select(i => (byte)(i * 3))];
        var physical = new ArrayMemory(memory);
        fixed (byte* start = code)
        {
            ImageInfo image = new() { ApStartCode = (ulong)start, ApStartCodeBytes = (ulong)code.Length };
            StartPage.Prepare(ref physical, in image);
        }

        StartPage.Parameters(ref physical) = new ApStartParameters
        {
            StartTables = 0x1122_3000,
            Mode = (uint)ApStartMode.WaitUntil,
            InstanceTables = 0x3_4455_6000,
            ApicId = 0xA1A2_A3A4,
            WaitUntilTsc = 0x0102_0304_0506_0708,
        };

        Span<byte> page = memory.Bytes.Slice(0x8000, 0x1000);
        Assert.Equal(code, page[..code.Length].ToArray());
        Assert.Equal(-1, page[code.Length..0xF00].IndexOfAnyExcept((byte)0));
        Assert.Equal(
            Convert.FromHexString(
                "00302211" + "03000000" + "0060554403000000" + "A4A3A2A1" + "00000000" + "0807060504030201"),
            page.Slice(0xF00, 32).ToArray());
        Assert.Equal(0xCC, memory.Bytes[0x7FFF]);
        Assert.Equal(0xCC, memory.Bytes[0x9000]);
    }

    [Fact]
    public void StartCodeThatWouldReachTheParameters_IsABug()
    {
        using var memory = new HostPages(16);
        var physical = new ArrayMemory(memory);
        ImageInfo image = new() { ApStartCode = (ulong)memory.Start, ApStartCodeBytes = 0xF01 };

        Assert.Throws<CheckFailedException>(() => StartPage.Prepare(ref physical, in image));
    }

    private static HostPages BuildTables()
    {
        HostPages memory = SampleImage.Load();
        memory.Bytes.Slice((int)Tables, 7 * (int)Page).Clear();
        ImageInfo image = SampleImage.Info();
        var physical = new ArrayMemory(memory);
        StartTables.Build(ref physical, Tables, in image);
        return memory;
    }

    private static IEnumerable<ulong> Entries(HostPages memory, ulong table) =>
        Enumerable.Range(0, 512).Select(i => ((ulong*)memory.Page((int)(table / Page)))[i]);
}
