using Atoll.Abi;
using Atoll.Arch;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Provision;
using Atoll.Provision;

namespace Atoll.Kernel.Tests.Instance;

/// <summary>The private block: every page once, and few of them.</summary>
public sealed unsafe class InstancePlanTests
{
    [Fact]
    public void MemberWithOneDataPage_HasSixteenPages()
    {
        ImageInfo image = SampleImage.Info(dataPages: 1);
        InstancePlan plan = InstancePlan.Member(in image);

        // 4 tables, 1 peer table, 1 link table, 1 data, 2 stack, 3 interrupt stacks, state, crash, status, wake: 64 KiB.
        Assert.Equal(16u, plan.PageCount);
        Assert.True(plan.PageCount * 4 <= 64, "more than 64 KiB for an idle instance");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pages_AreConsecutiveAndDisjoint(bool isCoordinator)
    {
        ImageInfo image = SampleImage.Info(dataPages: 3);
        InstancePlan plan = isCoordinator
            ? InstancePlan.Coordinator(in image, 255, 5000, StartTables.PageCount)
            : InstancePlan.Member(in image);
        plan.Base = 0x70_0000;
        List<ulong> pages = [];
        for (PageKind kind = PageKind.Pml4; kind <= PageKind.StartTables; kind++)
        {
            for (uint i = 0; i < plan.Count(kind); i++)
            {
                pages.Add(plan.AddressOf(kind) + (i * 4096));
            }
        }

        Assert.Equal(
            Enumerable.Range(0, (int)plan.PageCount).Select(i => 0x70_0000 + ((ulong)i * 4096)), pages.Order());
    }

    /// <summary>Four pages for each link and two of the window, 512 entries a table (Intel SDM Vol. 3A, "4-Level Paging"): as many as must be, and no more.</summary>
    [Theory]
    [InlineData(0u, 1u)]
    [InlineData(1u, 1u)]
    [InlineData(127u, 1u)]
    [InlineData(128u, 2u)]
    [InlineData(255u, 2u)]
    [InlineData(256u, 3u)]
    public void PeerTables_AreAsManyAsLinksNeed(uint links, uint tables) => Assert.Equal(tables, PeerMap.TablesFor(links));

    /// <summary>A coordinator of so many cores has a link to each, and what does not fit at its place is a failed check.</summary>
    [Fact]
    public void Coordinator_HasALinkToEachCore_AndNoMoreThanFits()
    {
        ImageInfo image = SampleImage.Info();
        const uint PeerTableLinks = ((ImageLayout.PeerTablesMax * 512) - 2) / 4;
        uint most = uint.Min(LinkEntry.CapacityOf(ImageLayout.LinkTablePagesMax), PeerTableLinks);
        foreach (uint cores in (uint[])[1, 64, 255, most])
        {
            InstancePlan plan = InstancePlan.Coordinator(in image, cores, 4096, StartTables.PageCount);
            Assert.InRange(LinkEntry.CapacityOf(plan.LinkPages), cores, uint.MaxValue);
            Assert.InRange(LinkEntry.CapacityOf(plan.LinkPages - 1), 0u, cores - 1);
            Assert.Equal(PeerMap.TablesFor(cores), plan.PeerTables);
        }

        Assert.Equal(ImageLayout.CoordinatorPagesMax, (int)InstancePlan.Coordinator(in image, 1, ImageLayout.CoordinatorPagesMax * 4096, 7).CoordinatorPages);
        Assert.Throws<CheckFailedException>(() => InstancePlan.Coordinator(in image, most + 1, 4096, 7));
        Assert.Throws<CheckFailedException>(() => InstancePlan.Coordinator(in image, 1, (ImageLayout.CoordinatorPagesMax * 4096) + 1, 7));
    }

    [Fact]
    public void Coordinator_HasRoomForItsStateAndTheStartTables()
    {
        ImageInfo image = SampleImage.Info();
        InstancePlan plan = InstancePlan.Coordinator(in image, 255, (uint)sizeof(CoordinatorState), StartTables.PageCount);

        Assert.True(plan.CoordinatorPages * 4096 >= sizeof(CoordinatorState));
        Assert.True(plan.CoordinatorPages <= ImageLayout.CoordinatorPagesMax);
        Assert.Equal(7u, plan.Count(PageKind.StartTables));
        InstancePlan member = InstancePlan.Member(in image);
        Assert.Equal((0u, 0u), (member.Count(PageKind.Coordinator), member.Count(PageKind.StartTables)));
    }

    [Fact]
    public void CoordinatorStateThatDoesNotFit_IsABug() => Assert.Throws<CheckFailedException>(() =>
        InstancePlan.Coordinator(SampleImage.Info(), 255, (ImageLayout.CoordinatorPagesMax * 4096) + 1, StartTables.PageCount));

    [Fact]
    public void BlocksOfState_FitTheirPages()
    {
        Assert.True(sizeof(InstanceState) <= 4096);
        Assert.True(sizeof(CrashRecord) <= 4096);
        Assert.Equal(4096, sizeof(InstanceStatus));
    }

    /// <summary>
    /// The kinds of @instance-page in docs/serial.md, and two for pages that it maps for its own use.
    /// </summary>
    [Fact]
    public void EveryKind_HasANameOfItsOwn()
    {
        string[] names = [.. Enum.GetValues<PageKind>().Select(kind =>
            System.Text.Encoding.ASCII.GetString(InstancePlan.Name(kind)))];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Superset(
            new HashSet<string>
            {
                "pml4", "pdpt", "pd", "pt", "data", "stack", "double-fault", "nmi", "machine-check", "state", "crash",
                "status", "wake", "coordinator",
            },
            new HashSet<string>(names));
    }
}
