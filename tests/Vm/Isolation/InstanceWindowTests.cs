using Atoll.Abi;
using Atoll.TestVm.Isolation;

namespace Atoll.Vm.Tests.Isolation;

/// <summary>The addresses that the checker has of its own are those of docs/image.md, and the kernel's have not moved.</summary>
public sealed class InstanceWindowTests
{
    private static readonly InstanceWindow s_window = new(HandMadeMachine.Segments);

    [Theory]
    [InlineData(ImageLayout.StackBase, WindowRegion.Stack)]
    [InlineData(ImageLayout.StackTop - 1, WindowRegion.Stack)]
    [InlineData(ImageLayout.DoubleFaultStackBase, WindowRegion.DoubleFaultStack)]
    [InlineData(ImageLayout.NmiStackBase, WindowRegion.NmiStack)]
    [InlineData(ImageLayout.MachineCheckStackBase, WindowRegion.MachineCheckStack)]
    [InlineData(ImageLayout.StatePage, WindowRegion.State)]
    [InlineData(ImageLayout.CrashPage, WindowRegion.Crash)]
    [InlineData(ImageLayout.StatusPage, WindowRegion.Status)]
    [InlineData(ImageLayout.WakePage, WindowRegion.Wake)]
    [InlineData(ImageLayout.LocalApicPage, WindowRegion.LocalApic)]
    [InlineData(ImageLayout.PeerTablesBase, WindowRegion.PeerTables)]
    [InlineData(ImageLayout.LinkTableBase, WindowRegion.LinkTable)]
    [InlineData(ImageLayout.LinkTableBase + (ImageLayout.LinkTablePagesMax * ImageLayout.PageSizeBytes) - 1, WindowRegion.LinkTable)]
    [InlineData(ImageLayout.CoordinatorBase, WindowRegion.Coordinator)]
    [InlineData(ImageLayout.PeerBase, WindowRegion.Peer)]
    [InlineData(ImageLayout.ImageBase, WindowRegion.Text)]
    public void KernelAddress_HasItsRegion(ulong address, WindowRegion region) =>
        Assert.Equal(region, s_window.RegionOf(address));

    [Theory]
    [InlineData(0UL)]
    [InlineData(ImageLayout.StackBase - 1)]
    [InlineData(ImageLayout.StackTop)]
    [InlineData(ImageLayout.DoubleFaultStackBase - 1)]
    [InlineData(ImageLayout.NmiStackBase - 1)]
    [InlineData(ImageLayout.StatePage - 1)]
    [InlineData(ImageLayout.StatePage + ImageLayout.PageSizeBytes)]
    [InlineData(ImageLayout.CrashPage + ImageLayout.PageSizeBytes)]
    [InlineData(0xFFFF_FFFF_8020_4000UL)]
    public void Guard_BelongsToNothing(ulong address) =>
        Assert.Equal(WindowRegion.Nothing, s_window.RegionOf(address));

    [Fact]
    public void Required_ListsEveryPageOnce()
    {
        ulong[] pages = [.. s_window.Required.Select(page => page.Virtual)];

        // 2 text, 1 read-only, 1 data, 2 stack, 3 exception stacks, state, crash, status, wake, local APIC, link table.
        Assert.Equal(15, pages.Length);
        Assert.Equal(15, pages.Distinct().Count());
    }
}
