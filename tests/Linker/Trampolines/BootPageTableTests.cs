using Atoll.Abi;
using Atoll.Linker.Trampolines;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>What the boot tables map, by docs/image.md.</summary>
public class BootPageTableTests
{
    private const ulong FourGiB = 0x1_0000_0000;
    private const ulong LocalApic = 0xFEE0_0000;

    private readonly TrampolineImage _image = new();
    private readonly MappedPage[] _pages;

    public BootPageTableTests() => _pages = [.. new PageTableWalker(_image).Walk(_image["boot_pml4"])];

    private IEnumerable<MappedPage> Low => _pages.Where(page => page.Virtual < FourGiB);

    private IEnumerable<MappedPage> High => _pages.Where(page => page.Virtual >= FourGiB);

    [Theory]
    [InlineData(0xFFFF_FFFF_8030_1000, "boot_stack", 2)]
    [InlineData(0xFFFF_FFFF_8030_4000, "boot_double_fault_stack", 1)]
    [InlineData(0xFFFF_FFFF_8030_6000, "boot_nmi_stack", 1)]
    [InlineData(0xFFFF_FFFF_8030_8000, "boot_machine_check_stack", 1)]
    [InlineData(0xFFFF_FFFF_8030_A000, "boot_state", 1)]
    [InlineData(0xFFFF_FFFF_8030_C000, "boot_crash", 1)]
    [InlineData(0xFFFF_FFFF_8030_E000, "boot_status", 1)]
    [InlineData(0xFFFF_FFFF_8030_F000, "boot_wake", 1)]
    public void PrivatePageIsMappedForDataWithTheBootPagesBehindIt(ulong address, string symbol, int pageCount)
    {
        for (ulong offset = 0; offset < (ulong)pageCount * 4096; offset += 4096)
        {
            MappedPage page = At(address + offset);
            Assert.Equal(_image[symbol] + offset, page.Physical);
            AssertRights(page, writable: true, executable: false);
        }
    }

    [Theory]
    [InlineData("__text_start", "__text_end", true)]
    [InlineData("__readonly_start", "__readonly_end", false)]
    public void ImageIsMappedWhereItIsLoaded(string start, string end, bool executable)
    {
        for (ulong address = _image[start]; address < _image[end]; address += 4096)
        {
            MappedPage page = At(address);
            Assert.Equal(TrampolineImage.ToPhysical(address), page.Physical);
            AssertRights(page, writable: false, executable);
        }
    }

    [Fact]
    public void DataIsTheBootCopyAndNeverThePristineOne()
    {
        for (ulong offset = 0; offset < TrampolineImage.DataPages * 4096; offset += 4096)
        {
            MappedPage page = At(_image["__data_start"] + offset);
            Assert.Equal(_image["boot_data_copy"] + offset, page.Physical);
            AssertRights(page, writable: true, executable: false);
        }
    }

    [Fact]
    public void LocalApicIsUncachedWhereverItIsMapped()
    {
        MappedPage page = At(ImageLayout.LocalApicPage);
        Assert.Equal(LocalApic, page.Physical);
        AssertRights(page, writable: true, executable: false);
        Assert.All(
            _pages.Where(mapped => mapped.Physical <= LocalApic && LocalApic < mapped.Physical + mapped.Bytes),
            mapped => Assert.True(mapped.Uncached));
    }

    [Fact]
    public void NothingElseIsUncached() =>
        Assert.Equal(2, _pages.Count(page => page.Uncached));

    [Fact]
    public void HighHalfHoldsNothingElse()
    {
        ulong imagePages = (_image["__data_end"] - _image["__text_start"]) / 4096;
        const ulong PrivatePages = 2 + 3 + 4; // stack, IST stacks, state, crash, status, wake
        Assert.Equal(imagePages + PrivatePages + 1, (ulong)High.Count());
        Assert.All(High, page => Assert.Equal(4096UL, page.Bytes));
    }

    [Theory]
    [InlineData(0xFFFF_FFFF_8030_0000)] // below the stack
    [InlineData(0xFFFF_FFFF_8030_3000)] // above it
    [InlineData(0xFFFF_FFFF_8030_5000)]
    [InlineData(0xFFFF_FFFF_8030_7000)]
    [InlineData(0xFFFF_FFFF_8030_9000)]
    [InlineData(0xFFFF_FFFF_8030_B000)]
    [InlineData(0xFFFF_FFFF_8030_D000)]
    public void GuardPageIsNotMapped(ulong address) => Assert.DoesNotContain(_pages, page => page.Virtual == address);

    [Fact]
    public void FirstFourGiBAreMappedOneToOneWithoutAGap()
    {
        ulong next = 0;
        foreach (MappedPage page in Low)
        {
            Assert.Equal(next, page.Virtual);
            Assert.Equal(page.Virtual, page.Physical);
            next += page.Bytes;
        }

        Assert.Equal(FourGiB, next);
    }

    [Fact]
    public void OnlyBootCodeIsExecutableOneToOne() =>
        Assert.Equal(
            Pages(_image["__boot_code_start"], _image["__boot_code_end"]),
            Low.Where(page => page.Executable).Select(page => page.Virtual));

    [Fact]
    public void OneToOneOnlyBootConstantsAndTheImageAreReadOnly()
    {
        ulong pristineEnd = TrampolineImage.ToPhysical(_image["__data_file_end"] + 4095) & ~4095UL;
        Assert.Equal(
            Pages(_image["__boot_code_start"], _image["boot_data_copy"]).Concat(Pages(0x0020_0000, pristineEnd)),
            Low.Where(page => !page.Writable).Select(page => page.Virtual));
    }

    [Fact]
    public void BootTablesLieInWhatIsReadOnly() =>
        Assert.All(BootPageTables.All, table => Assert.False(
            Low.Single(page => page.Virtual == _image[table.Name]).Writable));

    [Fact]
    public void NothingIsWritableAndExecutable() =>
        Assert.DoesNotContain(_pages, page => page.Writable && page.Executable);

    [Fact]
    public void NoFrameIsWritableHereAndExecutableThere()
    {
        HashSet<ulong> executable = [.. _pages.Where(page => page.Executable).Select(page => page.Physical)];
        Assert.NotEmpty(executable);
        Assert.DoesNotContain(_pages.Where(page => page.Writable), page =>
            executable.Any(frame => frame >= page.Physical && frame < page.Physical + page.Bytes));
    }

    [Fact]
    public void NothingIsForUserMode() => Assert.DoesNotContain(_pages, page => page.User);

    [Fact]
    public void ProcessorHasNoBitToSet() => Assert.All(_pages, page => Assert.True(page.NeverWritten));

    private MappedPage At(ulong address) => _pages.Single(page => page.Virtual == address);

    private static IEnumerable<ulong> Pages(ulong start, ulong end)
    {
        for (ulong page = start; page < end; page += 4096)
        {
            yield return page;
        }
    }

    private static void AssertRights(MappedPage page, bool writable, bool executable)
    {
        Assert.Equal(writable, page.Writable);
        Assert.Equal(executable, page.Executable);
        Assert.Equal(4096UL, page.Bytes);
    }
}
