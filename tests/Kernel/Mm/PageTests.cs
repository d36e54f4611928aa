using System.Runtime.InteropServices;
using Atoll.Arch;
using Atoll.Kernel.Tests.Machine;
using Atoll.Mm;

namespace Atoll.Kernel.Tests.Mm;

/// <summary>Whole pages: exactly one is cleared, exactly so many bytes are copied.</summary>
public sealed unsafe class PageTests
{
    [Fact]
    public void Clear_ZeroesOnePageAndNoMore()
    {
        using var pages = new HostPages(3);
        pages.Bytes.Fill(0xC7);

        Page.Clear((Page*)pages.Page(1));

        Assert.Equal(4096, pages.Bytes.IndexOf((byte)0));
        Assert.Equal(-1, pages.Bytes.Slice(4096, 4096).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, pages.Bytes[8192..].IndexOfAnyExcept((byte)0xC7));
    }

    [Fact]
    public void Copy_CopiesExactlyTheBytesAskedFor()
    {
        using var pages = new HostPages(4);
        Random.Shared.NextBytes(new Span<byte>(pages.Page(0), 4096));
        foreach (int bytes in Enumerable.Range(0, 200).Append(4032).Append(4033).Append(4095).Append(4096))
        {
            Span<byte> target = new(pages.Page(2), 4096);
            target.Fill(0x3C);

            Page.Copy((Page*)pages.Page(2), Page.Bytes((Page*)pages.Page(0), (ulong)bytes));

            Assert.True(target[..bytes].SequenceEqual(new ReadOnlySpan<byte>(pages.Page(0), bytes)), $"{bytes} bytes");
            Assert.Equal(-1, target[bytes..].IndexOfAnyExcept((byte)0x3C));
        }

        Assert.Equal(0, pages.Bytes[12288]);
    }

    [Fact]
    public void Copy_OfMoreThanAPageIsACheck()
    {
        using var pages = new HostPages(3);
        var page = (nint)pages.Page(0);

        Assert.Throws<CheckFailedException>(() => Page.Copy((Page*)(page + 8192), new ReadOnlySpan<byte>((void*)page, 4097)));
        Assert.Throws<CheckFailedException>(() => Page.Bytes((Page*)page, 4097).Length);
    }

    [Fact]
    public void At_ReachesTheLastWordAndNoFurther()
    {
        using var pages = new HostPages(2);
        var page = (nint)pages.Page(0);

        Page.At<ulong>((Page*)page, 4088) = 7;

        Assert.Equal(7, pages.Bytes[4088]);
        Assert.Throws<CheckFailedException>(() => Page.At<ulong>((Page*)page, 4096));
        Assert.Throws<CheckFailedException>(() => Page.At<ulong>((Page*)page, 4092));
        Assert.Throws<CheckFailedException>(() => Page.At<ulong>((Page*)page, uint.MaxValue));
    }

    /// <summary>What fills a page, such as the coordinator's first page, begins it.</summary>
    [Fact]
    public void At_TakesWhatFillsThePage_AndNothingLarger()
    {
        using var pages = new HostPages(3);
        var page = (nint)pages.Page(0);

        Page.At<WholePage>((Page*)page).First = 9;

        Assert.Equal(9, pages.Bytes[0]);
        Assert.Throws<CheckFailedException>(() => Page.At<WholePage>((Page*)page, 1));
        Assert.Throws<CheckFailedException>(() => Page.At<MoreThanAPage>((Page*)page));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(512)]
    [InlineData(int.MaxValue)]
    public void Entry_OutsideTheTableIsACheck(int index)
    {
        using var pages = new HostPages(1);
        var table = (nint)pages.Page(0);

        Assert.Throws<CheckFailedException>(() => Page.Entry((Page*)table, index));
    }

    [StructLayout(LayoutKind.Sequential, Size = 4096)]
    private struct WholePage
    {
        public ulong First;
    }

    [StructLayout(LayoutKind.Sequential, Size = 4104)]
    private struct MoreThanAPage
    {
        public ulong First;
    }
}
