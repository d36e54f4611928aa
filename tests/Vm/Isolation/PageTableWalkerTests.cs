using System.Buffers.Binary;
using Atoll.TestVm.Isolation;

namespace Atoll.Vm.Tests.Isolation;

/// <summary>The walker reads tables as a CPU does (Intel SDM Vol. 3A, "4-Level Paging").</summary>
public sealed class PageTableWalkerTests
{
    private const ulong Nx = 0x8000_0000_0000_0000;
    private readonly byte[] _memory = new byte[0x10000];

    [Fact]
    public void FourKilobytePage_HasAddressAndRights()
    {
        Chain(pml4Flags: 3, pdptFlags: 3, pdFlags: 3);
        Put(0x4000, 7, 0x0000_0012_3456_7003 | Nx);

        Mapping mapping = Assert.Single(PageTableWalker.Walk(new PhysicalMemory(_memory), 0x1000).Mappings);

        // PML4 511, PDPT 510, PD 1, PT 7.
        Assert.Equal(0xFFFF_FFFF_8020_7000, mapping.Virtual);
        Assert.Equal(0x12_3456_7000UL, mapping.Physical);
        Assert.Equal(4096UL, mapping.SizeBytes);
        Assert.Equal("RW-", mapping.Rights);
        Assert.Equal(0x4038UL, mapping.EntryAddress);
    }

    [Theory]
    [InlineData(1, 3, 3, 3, "R-X")]
    [InlineData(3, 1, 3, 3, "R-X")]
    [InlineData(3, 3, 1, 3, "R-X")]
    [InlineData(3, 3, 3, 1, "R-X")]
    [InlineData(3, 3, 3, 3, "RWX")]
    public void Write_NeedsEveryLevel(ulong pml4, ulong pdpt, ulong pd, ulong pt, string rights)
    {
        Chain(pml4, pdpt, pd);
        Put(0x4000, 0, 0x8000 | pt);

        Assert.Equal(rights, Assert.Single(PageTableWalker.Walk(new PhysicalMemory(_memory), 0x1000).Mappings).Rights);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void NoExecute_AtAnyLevelIsEnough(int level)
    {
        ulong At(int wanted) => 3 | (level == wanted ? Nx : 0);
        Chain(At(0), At(1), At(2));
        Put(0x4000, 0, 0x8000 | At(3));

        Assert.False(Assert.Single(PageTableWalker.Walk(new PhysicalMemory(_memory), 0x1000).Mappings).IsExecutable);
    }

    [Fact]
    public void LargePages_AreReportedInTheirSize()
    {
        Put(0x1000, 0, 0x2003);
        Put(0x2000, 0, 0x3003);
        Put(0x2000, 1, 0x4000_0083);
        Put(0x3000, 5, 0x00A0_0083);

        IReadOnlyList<Mapping> mappings = PageTableWalker.Walk(new PhysicalMemory(_memory), 0x1000).Mappings;

        Assert.Equal([(0x00A0_0000UL, 2UL << 20), (0x4000_0000UL, 1UL << 30)], mappings.Select(m => (m.Physical, m.SizeBytes)));
    }

    [Fact]
    public void TableOutsideMemory_IsADefectAndEndsThere()
    {
        Put(0x1000, 0, 0x00F0_0000_0003);

        AddressSpace space = PageTableWalker.Walk(new PhysicalMemory(_memory), 0x1000);

        Assert.Empty(space.Mappings);
        Assert.Contains("0xf00000", Assert.Single(space.Defects));
    }

    [Fact]
    public void TableThatPointsToItself_EndsToo()
    {
        for (ulong index = 0; index < 512; index++)
        {
            Put(0x1000, index, 0x1003);
        }

        Assert.NotEmpty(PageTableWalker.Walk(new PhysicalMemory(_memory), 0x1000).Mappings);
    }

    private void Chain(ulong pml4Flags, ulong pdptFlags, ulong pdFlags)
    {
        Put(0x1000, 511, 0x2000 | pml4Flags);
        Put(0x2000, 510, 0x3000 | pdptFlags);
        Put(0x3000, 1, 0x4000 | pdFlags);
    }

    private void Put(ulong table, ulong index, ulong entry) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_memory.AsSpan((int)(table + (index * 8))), entry);
}
