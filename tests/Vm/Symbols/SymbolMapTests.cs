using Atoll.TestVm.Symbols;

namespace Atoll.Vm.Tests.Symbols;

/// <summary>Addresses get the names that the linker's map gives them.</summary>
public sealed class SymbolMapTests
{
    private static readonly SymbolMap s_map = SymbolMap.Parse(
    [
        "# symbols: address size segment name",
        "0xffffffff80200040 0x30 text Kernel_Run",
        "0xffffffff80200000 0x40 text Kernel_Start(int, int)",
        "0xffffffff80202000 0x8 read-only Table",
        "# lines: address file:line",
        "0xffffffff80200000 /_/kernel/Kernel.cs:10",
        "0xffffffff80200048 /_/kernel/Kernel.cs:22",
    ]);

    [Theory]
    [InlineData(0xFFFF_FFFF_8020_0000, "Kernel_Start(int, int)")]
    [InlineData(0xFFFF_FFFF_8020_003F, "Kernel_Start(int, int)")]
    [InlineData(0xFFFF_FFFF_8020_0040, "Kernel_Run")]
    [InlineData(0xFFFF_FFFF_8020_0070, null)]
    [InlineData(0xFFFF_FFFF_8020_2007, "Table")]
    [InlineData(0UL, null)]
    [InlineData(ulong.MaxValue, null)]
    public void Address_HasItsName(ulong address, string? name) => Assert.Equal(name, s_map.NameOf(address));

    [Fact]
    public void Description_HasOffsetAndLine() =>
        Assert.Equal("0xffffffff80200050 Kernel_Run+0x10 (/_/kernel/Kernel.cs:22)", s_map.Describe(0xFFFF_FFFF_8020_0050));

    [Fact]
    public void LineOfTheMethodBefore_IsNotUsed() =>
        Assert.Equal("0xffffffff80200042 Kernel_Run+0x2", s_map.Describe(0xFFFF_FFFF_8020_0042));

    [Fact]
    public void ReturnAddressAfterTheLastCall_BelongsToTheCaller() =>
        Assert.Equal("0xffffffff8020003f Kernel_Start(int, int)+0x3f (/_/kernel/Kernel.cs:10)", s_map.DescribeReturn(0xFFFF_FFFF_8020_0040));

    [Fact]
    public void ImageWithoutMap_HasNoNames() => Assert.Equal("0x1000", SymbolMap.BesideImage("no/such/atoll.elf").Describe(0x1000));
}
