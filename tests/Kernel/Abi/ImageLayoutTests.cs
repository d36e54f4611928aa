using Atoll.Abi;

namespace Atoll.Kernel.Tests.Abi;

/// <summary>The address map: windows apart, guards in place, everything where its table can map it.</summary>
public sealed class ImageLayoutTests
{
    private const ulong Page = 4096;
    private const ulong TwoMebibytes = 2 << 20;

    private static readonly (string Name, ulong Start, ulong End)[] s_windows =
    [
        ("image", ImageLayout.ImageBase, ImageLayout.ImageLimit),
        ("stack", ImageLayout.StackBase, ImageLayout.StackTop),
        ("double fault stack", ImageLayout.DoubleFaultStackBase, ImageLayout.DoubleFaultStackBase + Page),
        ("nmi stack", ImageLayout.NmiStackBase, ImageLayout.NmiStackBase + Page),
        ("machine check stack", ImageLayout.MachineCheckStackBase, ImageLayout.MachineCheckStackBase + Page),
        ("state", ImageLayout.StatePage, ImageLayout.StatePage + Page),
        ("crash", ImageLayout.CrashPage, ImageLayout.CrashPage + Page),
        ("status", ImageLayout.StatusPage, ImageLayout.StatusPage + Page),
        ("wake", ImageLayout.WakePage, ImageLayout.WakePage + Page),
        ("local APIC", ImageLayout.LocalApicPage, ImageLayout.LocalApicPage + Page),
        ("peer tables", ImageLayout.PeerTablesBase, ImageLayout.PeerTablesBase + (ImageLayout.PeerTablesMax * Page)),
        ("coordinator", ImageLayout.CoordinatorBase,
            ImageLayout.CoordinatorBase + (ImageLayout.CoordinatorPagesMax * Page)),
        ("peers", ImageLayout.PeerBase, ImageLayout.PeerBase + (ImageLayout.PeerTablesMax * TwoMebibytes)),
    ];

    [Fact]
    public void WindowsAreDisjointAndPageAligned()
    {
        foreach ((string name, ulong start, ulong end) in s_windows)
        {
            Assert.True(start % Page == 0 && end % Page == 0 && start < end, name);
            foreach ((string other, ulong otherStart, ulong otherEnd) in s_windows.Where(window => window.Name != name))
            {
                Assert.True(end <= otherStart || otherEnd <= start, $"{name} overlaps {other}");
            }
        }
    }

    [Theory]
    [InlineData("stack")]
    [InlineData("double fault stack")]
    [InlineData("nmi stack")]
    [InlineData("machine check stack")]
    [InlineData("state")]
    [InlineData("crash")]
    public void GuardedWindow_HasAnEmptyPageBelowAndAbove(string guarded)
    {
        (_, ulong start, ulong end) = s_windows.Single(window => window.Name == guarded);

        Assert.DoesNotContain(s_windows, window => window.Start <= start - Page && start - Page < window.End);
        Assert.DoesNotContain(s_windows, window => window.Start <= end && end < window.End);
    }

    /// <summary>
    /// The image and every private page hang on one page table, peers on others that may be mapped writable.
    /// </summary>
    [Fact]
    public void PrivateWindowsShareOneTable_PeersHaveTheirOwn()
    {
        ulong table = ImageLayout.ImageBase / TwoMebibytes;

        Assert.All(s_windows.Where(window => window.Name != "peers"), window =>
        {
            Assert.Equal(table, window.Start / TwoMebibytes);
            Assert.Equal(table, (window.End - 1) / TwoMebibytes);
        });
        Assert.Equal(0UL, ImageLayout.PeerBase % TwoMebibytes);
        Assert.False(table == ImageLayout.PeerBase / TwoMebibytes, "peers hang on the private table");
    }

    /// <summary>
    /// IA32_STAR (Intel SDM Vol. 3A, "Fast System Calls in 64-Bit Mode"): SYSCALL loads CS = base and SS = base + 8.
    /// </summary>
    [Fact]
    public void KernelSelectors_AreInTheOrderOfSyscall()
    {
        Assert.Equal(0x08, ImageLayout.KernelCodeSelector);
        Assert.Equal(ImageLayout.KernelCodeSelector + 8, ImageLayout.KernelDataSelector);
    }

    /// <summary>
    /// SYSRET to 64-bit code loads SS = base + 8 and CS = base + 16: three user entries lie between kernel data and
    /// TSS.
    /// </summary>
    [Fact]
    public void UserSelectors_FitBetweenKernelDataAndTaskState()
    {
        const int NullEntry = 0x18;
        const int UserData = NullEntry + 8;
        const int UserCode = NullEntry + 16;

        Assert.Equal(ImageLayout.KernelDataSelector + 8, NullEntry);
        Assert.Equal(0x20, UserData);
        Assert.Equal(UserCode + 8, ImageLayout.TaskStateSelector);
        Assert.Equal(ImageLayout.TaskStateSelector + 16, ImageLayout.GlobalDescriptorTableBytes);
    }

    [Fact]
    public void InterruptStacks_HaveIndicesOfTheirOwn()
    {
        byte[] indices =
            [ImageLayout.DoubleFaultStackIndex, ImageLayout.NmiStackIndex, ImageLayout.MachineCheckStackIndex];

        // The TSS has IST 1 to 7; 0 in a gate means the stack in use (Intel SDM Vol. 3A, "Interrupt Stack Table").
        Assert.All(indices, index => Assert.InRange(index, (byte)1, (byte)7));
        Assert.Equal(3, indices.Distinct().Count());
    }

    /// <summary>
    /// A start-up interrupt carries a page number of one byte (Intel SDM Vol. 3A, "Interrupt Command Register").
    /// </summary>
    [Fact]
    public void StartPage_CanBeNamedByAStartupInterrupt()
    {
        Assert.Equal(0UL, ImageLayout.ApStartPage % Page);
        Assert.InRange(ImageLayout.ApStartPage / Page, 1UL, 0xFFUL);
        Assert.True(ImageLayout.ApStartParametersOffset + ApStartParameters.SizeBytes <= (int)Page);
    }

    /// <summary>
    /// isa-debug-exit ends the emulator with twice the value plus one (docs/image.md: 0x21 and 0x23).
    /// </summary>
    [Fact]
    public void ExitCodes_AreThoseTheHarnessKnows()
    {
        Assert.Equal(0x21, (ImageLayout.ExitPassed << 1) | 1);
        Assert.Equal(0x23, (ImageLayout.ExitFailed << 1) | 1);
    }

    [Fact]
    public void PhysicalSegments_DoNotOverlapTheStartPage()
    {
        Assert.True(ImageLayout.ApStartPage + Page <= ImageLayout.BootSegmentBase);
        Assert.True(ImageLayout.BootSegmentLimit <= ImageLayout.ImagePhysicalBase);
        Assert.Equal(0UL, ImageLayout.ImagePhysicalBase % TwoMebibytes);
    }
}
