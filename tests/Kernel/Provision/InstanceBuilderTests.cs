using Atoll.Abi;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Provision;

namespace Atoll.Kernel.Tests.Provision;

/// <summary>The tables of an instance, walked by a walker of the test's own, against the list of docs/image.md.</summary>
public sealed class InstanceBuilderTests
{
    private const ulong Block = 0x30_0000;
    private const ulong Page = 0x1000;

    // Where ImageLayout puts each kind, typed in. Everything else must be absent: guards, page 0, other instances.
    private static readonly (PageKind Kind, ulong Virtual)[] s_private =
    [
        (PageKind.Stack, 0xFFFF_FFFF_8030_1000), (PageKind.DoubleFaultStack, 0xFFFF_FFFF_8030_4000), (PageKind.NmiStack, 0xFFFF_FFFF_8030_6000),
        (PageKind.MachineCheckStack, 0xFFFF_FFFF_8030_8000), (PageKind.State, 0xFFFF_FFFF_8030_A000), (PageKind.Crash, 0xFFFF_FFFF_8030_C000),
        (PageKind.Status, 0xFFFF_FFFF_8030_E000), (PageKind.Wake, 0xFFFF_FFFF_8030_F000), (PageKind.PeerTable, 0xFFFF_FFFF_8031_1000),
        (PageKind.Links, 0xFFFF_FFFF_8031_D000), (PageKind.Coordinator, 0xFFFF_FFFF_8035_0000), (PageKind.Data, SampleImage.VirtualBase + (8 * Page)),
    ];

    private static readonly PageKind[] s_neverMapped = [PageKind.Pml4, PageKind.Pdpt, PageKind.Pd, PageKind.Pt, PageKind.StartTables];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tables_MapExactlyTheList(bool isCoordinator)
    {
        using HostPages memory = Build(isCoordinator, out InstancePlan plan);

        List<MappedPage> mapped = new PageWalker(memory).Walk(plan.AddressOf(PageKind.Pml4));

        Assert.Equal(
            Expected(plan).OrderBy(page => page.Virtual).Select(page => (page.Virtual, page.Physical, page.Rights)),
            mapped.Select(page => (page.Virtual, page.Physical, page.Rights)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NoPage_IsWritableAndExecutable_OrOpenToUserMode(bool isCoordinator)
    {
        using HostPages memory = Build(isCoordinator, out InstancePlan plan);

        Assert.All(new PageWalker(memory).Walk(plan.AddressOf(PageKind.Pml4)), page =>
            Assert.Contains(page.Rights, (string[])["R", "RX", "RW"]));
    }

    /// <summary>A page reached at two addresses would let one right undo the other.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PrivatePages_AreMappedOnce_AndTheTablesNever(bool isCoordinator)
    {
        using HostPages memory = Build(isCoordinator, out InstancePlan plan);
        List<MappedPage> mapped = new PageWalker(memory).Walk(plan.AddressOf(PageKind.Pml4));

        for (PageKind kind = PageKind.Pml4; kind <= PageKind.StartTables; kind++)
        {
            for (uint i = 0; i < plan.Count(kind); i++)
            {
                ulong physical = plan.AddressOf(kind) + (i * Page);
                Assert.Equal(s_neverMapped.Contains(kind) ? 0 : 1, mapped.Count(page => page.Physical == physical));
            }
        }
    }

    [Fact]
    public void Guards_AndPageZero_AreAbsent()
    {
        using HostPages memory = Build(isCoordinator: true, out InstancePlan plan);
        HashSet<ulong> mapped = [.. new PageWalker(memory).Walk(plan.AddressOf(PageKind.Pml4)).Select(page => page.Virtual)];

        ulong[] guards =
        [
            0, 0xFFFF_FFFF_8030_0000, 0xFFFF_FFFF_8030_3000, 0xFFFF_FFFF_8030_5000, 0xFFFF_FFFF_8030_7000, 0xFFFF_FFFF_8030_9000,
            0xFFFF_FFFF_8030_B000, 0xFFFF_FFFF_8030_D000,
        ];
        Assert.All(guards, guard => Assert.DoesNotContain(guard, mapped));
    }

    /// <summary>PCD and PWT with the reset value of the PAT: uncached (Intel SDM Vol. 3A, "Page Attribute Table").</summary>
    [Fact]
    public void LocalApic_IsTheOnlyUncachedPage()
    {
        using HostPages memory = Build(isCoordinator: false, out InstancePlan plan);

        MappedPage device = Assert.Single(
            new PageWalker(memory).Walk(plan.AddressOf(PageKind.Pml4)), page => (page.Entry & 0x18) != 0);
        Assert.Equal((0xFFFF_FFFF_8031_0000, 0xFEE0_0000UL, 0x18UL), (device.Virtual, device.Physical, device.Entry & 0x18));
    }

    [Fact]
    public void TablesAreThePlansOwn()
    {
        using HostPages memory = Build(isCoordinator: false, out InstancePlan plan);
        var walker = new PageWalker(memory);
        walker.Walk(plan.AddressOf(PageKind.Pml4));

        Assert.Equal(
            [plan.AddressOf(PageKind.Pml4), plan.AddressOf(PageKind.Pdpt), plan.AddressOf(PageKind.Pd), plan.AddressOf(PageKind.Pt), plan.AddressOf(PageKind.PeerTable)],
            walker.Tables);
    }

    /// <summary>Memory is zeroed before it changes hands; data is copied to the byte, its tail is zero.</summary>
    [Fact]
    public void Contents_AreZero_ButForTablesAndData()
    {
        using HostPages memory = Build(isCoordinator: true, out InstancePlan plan);

        ulong data = plan.AddressOf(PageKind.Data);
        for (ulong i = 0; i < 2 * Page; i++)
        {
            Assert.Equal(i < SampleImage.DataFileBytes ? SampleImage.Pristine(i) : 0, memory.Bytes[(int)(data + i)]);
        }

        foreach (PageKind kind in s_private.Select(row => row.Kind).Append(PageKind.StartTables).Where(kind => kind != PageKind.Data))
        {
            Span<byte> bytes = memory.Bytes.Slice((int)plan.AddressOf(kind), (int)(plan.Count(kind) * Page));
            Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
        }
    }

    [Fact]
    public void NothingOutsideTheBlock_IsWritten()
    {
        using HostPages memory = Build(isCoordinator: true, out InstancePlan plan);
        using HostPages untouched = SampleImage.Load();
        int end = (int)(plan.Base + (plan.PageCount * Page));

        Assert.True(memory.Bytes[..(int)Block].SequenceEqual(untouched.Bytes[..(int)Block]));
        Assert.True(memory.Bytes[end..].SequenceEqual(untouched.Bytes[end..]));
    }

    [Fact]
    public void ImageThatReachesIntoTheInstanceWindow_IsABug()
    {
        using HostPages memory = SampleImage.Load();
        ImageInfo image = SampleImage.Info(dataPages: 250);
        InstancePlan plan = InstancePlan.Member(in image);
        plan.Base = 0x28_0000;
        var physical = new ArrayMemory(memory);

        // 8 + 250 pages from 0x80200000 end behind the first page of the stack, 0x80301000.
        Assert.Throws<CheckFailedException>(() => InstanceBuilder.Build(ref physical, in plan, in image));
    }

    private static HostPages Build(bool isCoordinator, out InstancePlan plan)
    {
        HostPages memory = SampleImage.Load();
        ImageInfo image = SampleImage.Info();
        plan = isCoordinator ? InstancePlan.Coordinator(in image, cores: 128, stateBytes: 30_000, StartTables.PageCount) : InstancePlan.Member(in image);
        plan.Base = Block;
        var physical = new ArrayMemory(memory);
        InstanceBuilder.Build(ref physical, in plan, in image);
        return memory;
    }

    private static IEnumerable<(ulong Virtual, ulong Physical, string Rights)> Expected(InstancePlan plan)
    {
        for (ulong i = 0; i < SampleImage.TextPages + SampleImage.ReadOnlyPages; i++)
        {
            yield return (SampleImage.VirtualBase + (i * Page), SampleImage.PhysicalBase + (i * Page), i < SampleImage.TextPages ? "RX" : "R");
        }

        yield return (0xFFFF_FFFF_8031_0000, LocalApic.PhysicalBase, "RW");
        foreach ((PageKind kind, ulong address) in s_private)
        {
            for (uint i = 0; i < plan.Count(kind); i++)
            {
                yield return (address + (i * Page), plan.AddressOf(kind) + (i * Page), "RW");
            }
        }
    }
}
