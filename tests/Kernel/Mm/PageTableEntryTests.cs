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
    private const ulong Frame = 0x0007_89AB_CDEF_0000;

    [Theory]
    [InlineData(PageRights.Read, 0x8000_0000_0000_0061UL)]
    [InlineData(PageRights.ReadExecute, 0x0000_0000_0000_0061UL)]
    [InlineData(PageRights.ReadWrite, 0x8000_0000_0000_0063UL)]
    [InlineData(PageRights.Device, 0x8000_0000_0000_007BUL)]
    public void Leaf_HasTheManualsBits(PageRights rights, ulong bits) =>
        Assert.Equal(Frame | bits, PageTableEntry.Leaf(Frame, rights));

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
        }
    }

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
