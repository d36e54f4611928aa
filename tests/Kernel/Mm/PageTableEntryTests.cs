using Atoll.Arch;
using Atoll.Mm;

namespace Atoll.Kernel.Tests.Mm;

/// <summary>Entries bit by bit.</summary>
/// <remarks>
/// Source: Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging", "Format of a Page-Table Entry that Maps a 4-KByte
/// Page":
/// 0 present, 1 writable, 2 user, 3 write-through, 4 cache disable, 5 accessed, 6 dirty, 8 global, 51:12 address, 63
/// execute disable.
/// </remarks>
public sealed class PageTableEntryTests
{
    private const ulong Frame = 0x000F_89AB_CDEF_0000;

    [Theory]
    [InlineData(PageRights.Read, 0x8000_0000_0000_0061UL)]
    [InlineData(PageRights.ReadExecute, 0x0000_0000_0000_0061UL)]
    [InlineData(PageRights.ReadWrite, 0x8000_0000_0000_0063UL)]
    [InlineData(PageRights.Device, 0x8000_0000_0000_007BUL)]
    public void Leaf_HasTheManualsBits(PageRights rights, ulong bits) =>
        Assert.Equal(Frame | bits, PageTableEntry.Leaf(Frame, rights));

    [Fact]
    public void AddressOfAnEntry_IsBits51To12() => Assert.Equal(Frame, PageTableEntry.Leaf(Frame, PageRights.Device) & PageTableEntry.AddressMask);

    /// <summary>Present, writable, accessed; no user bit, no execute disable: the leaf decides.</summary>
    [Fact]
    public void Table_HasTheManualsBits() => Assert.Equal(Frame | 0x23, PageTableEntry.Table(Frame));

    [Fact]
    public void NoRights_GiveWriteAndExecuteTogether_OrAnythingToUserMode()
    {
        for (int rights = 0; rights < 256; rights++)
        {
            ulong entry = PageTableEntry.Leaf(Frame, (PageRights)rights);
            bool isWritable = (entry & 2) != 0;
            bool isExecutable = entry >> 63 == 0;
            Assert.False(isWritable && isExecutable, $"rights {rights}");
            Assert.Equal(0UL, entry & 4);
            Assert.Equal(entry | 4, PageTableEntry.UserLeaf(Frame, (PageRights)rights, 1));
        }
    }

    /// <summary>Bit 2 in every level lets user mode through; bit 7 of a PDPTE or PDE maps 1 GiB or 2 MiB.</summary>
    [Theory]
    [InlineData(1, PageRights.Read, 0x0000_0000_1234_5000UL, 0x8000_0000_0000_0065UL)]
    [InlineData(1, PageRights.ReadExecute, 0x0000_0000_1234_5000UL, 0x0000_0000_0000_0065UL)]
    [InlineData(1, PageRights.ReadWrite, 0x0000_0000_1234_5000UL, 0x8000_0000_0000_0067UL)]
    [InlineData(1, PageRights.Device, 0x0000_0000_FEC0_0000UL, 0x8000_0000_0000_007FUL)]
    [InlineData(2, PageRights.Read, 0x0000_0012_3460_0000UL, 0x8000_0000_0000_00E5UL)]
    [InlineData(2, PageRights.ReadExecute, 0x0000_0012_3460_0000UL, 0x0000_0000_0000_00E5UL)]
    [InlineData(2, PageRights.ReadWrite, 0x0000_0012_3460_0000UL, 0x8000_0000_0000_00E7UL)]
    [InlineData(3, PageRights.ReadWrite, 0x0000_0012_4000_0000UL, 0x8000_0000_0000_00E7UL)]
    [InlineData(3, PageRights.Device, 0x0000_0012_4000_0000UL, 0x8000_0000_0000_00FFUL)]
    public void UserLeaf_HasTheManualsBits(int level, PageRights rights, ulong frame, ulong bits) =>
        Assert.Equal(frame | bits, PageTableEntry.UserLeaf(frame, rights, level));

    [Fact]
    public void UserTable_HasTheManualsBits() => Assert.Equal(Frame | 0x27, PageTableEntry.UserTable(Frame));

    /// <summary>The instance's own memory: 2 MiB pages, supervisor, writable, never executable.</summary>
    [Fact]
    public void LargeLeaf_IsTheKernelsAlone() =>
        Assert.Equal(0x8000_0000_4020_00E3UL, PageTableEntry.Leaf(0x4020_0000, PageRights.ReadWrite, 2));

    /// <summary>Bits below the page's size are reserved, but for PAT, which nothing uses.</summary>
    [Theory]
    [InlineData(2, 0x0010_0000UL)]
    [InlineData(2, 0x0000_1000UL)]
    [InlineData(3, 0x0020_0000UL)]
    [InlineData(3, 0x2000_0000UL)]
    [InlineData(0, 0x0000_1000UL)]
    [InlineData(4, 0x0000_0000UL)]
    public void PageThatIsNotAligned_OrOfNoLevel_IsABug(int level, ulong frame)
    {
        Assert.Throws<CheckFailedException>(() => PageTableEntry.Leaf(frame, PageRights.Read, level));
        Assert.Throws<CheckFailedException>(() => PageTableEntry.UserLeaf(frame, PageRights.Read, level));
    }

    /// <summary>Bit 7 is PS in levels 2 and 3, PAT in level 1, reserved in level 4.</summary>
    [Theory]
    [InlineData(1, 0x61UL, true)]
    [InlineData(1, 0xE1UL, true)]
    [InlineData(2, 0x23UL, false)]
    [InlineData(2, 0xE3UL, true)]
    [InlineData(3, 0x23UL, false)]
    [InlineData(3, 0xE3UL, true)]
    [InlineData(4, 0x23UL, false)]
    [InlineData(4, 0xA3UL, false)]
    public void Leaf_IsToldFromTable(int level, ulong entry, bool isLeaf) =>
        Assert.Equal(isLeaf, PageTableEntry.IsLeaf(entry, level));

    [Theory]
    [InlineData(0x8007_89AB_CDEF_0067UL, true, 0x0007_89AB_CDEF_0000UL)]
    [InlineData(0x8007_89AB_CDEF_0066UL, false, 0x0007_89AB_CDEF_0000UL)]
    public void EntryIsTakenApart(ulong entry, bool isPresent, ulong address)
    {
        Assert.Equal(isPresent, PageTableEntry.IsPresent(entry));
        Assert.Equal(address, PageTableEntry.Address(entry));
    }

    [Theory]
    [InlineData(1, 4096UL)]
    [InlineData(2, 2097152UL)]
    [InlineData(3, 1073741824UL)]
    [InlineData(4, 549755813888UL)]
    public void PageBytes_AreThoseOfTheLevel(int level, ulong bytes) => Assert.Equal(bytes, PageTableEntry.PageBytes(level));

    [Theory]
    [InlineData(0x1001UL)]
    [InlineData(0x0010_0000_0000_0000UL)]
    [InlineData(0x8000_0000_0000_0000UL)]
    public void AddressesThatNoFrameHas_AreABug(ulong physical)
    {
        Assert.Throws<CheckFailedException>(() => PageTableEntry.Leaf(physical, PageRights.Read));
        Assert.Throws<CheckFailedException>(() => PageTableEntry.Table(physical));
    }

    /// <summary>
    /// PML4 47:39, PDPT 38:30, PD 29:21, PT 20:12 ("Linear-Address Translation to a 4-KByte Page using 4-Level
    /// Paging").
    /// </summary>
    [Theory]
    [InlineData(0x0000_0000_0000_0000UL, 0, 0, 0, 0)]
    [InlineData(0x0000_0000_0000_8000UL, 0, 0, 0, 8)]
    [InlineData(0xFFFF_FFFF_8020_0000UL, 511, 510, 1, 0)]
    [InlineData(0xFFFF_FFFF_803F_FFFFUL, 511, 510, 1, 511)]
    [InlineData(0xFFFF_FFFF_8040_0000UL, 511, 510, 2, 0)]
    [InlineData(0x0000_7FFF_FFFF_FFFFUL, 255, 511, 511, 511)]
    public void Index_IsNineBitsOfEachLevel(ulong address, int pml4, int pdpt, int pd, int pt) => Assert.Equal(
        (pml4, pdpt, pd, pt),
        (PageTableEntry.Index(address, 4), PageTableEntry.Index(address, 3), PageTableEntry.Index(address, 2),
            PageTableEntry.Index(address, 1)));
}
