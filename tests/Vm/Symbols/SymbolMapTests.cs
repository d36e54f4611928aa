using Atoll.TestVm.Symbols;

namespace Atoll.Vm.Tests.Symbols;

/// <summary>Addresses get the names that the linker's map gives them.</summary>
public sealed class SymbolMapTests
{
    private static readonly SymbolMap s_map = SymbolMap.Parse(
    [
        "# Atoll map. Numbers are hexadecimal without prefix; addresses are virtual.",
        "# symbols: address size segment name        (ascending; several names of one place share its address)",
        "# lines: address file:line                  (ascending; holds up to the next line)",
        "symbols",
        "ffffffff80200000 40 text atoll_start",
        "ffffffff80200000 40 text Kernel.Start(int, int)",
        "ffffffff80200040 30 text Kernel.Run",
        "ffffffff80202000 8 rodata Table",
        "ffffffff80202000 0 rodata table_start",
        "lines",
        "ffffffff80200000 /_/kernel/Kernel.cs:10",
        "ffffffff80200048 /_/kernel/Kernel.cs:22",
        "ffffffff80200060 -:0",
    ]);

    [Theory]
    [InlineData(0xFFFF_FFFF_8020_0000, "Kernel.Start(int, int)")]
    [InlineData(0xFFFF_FFFF_8020_003F, "Kernel.Start(int, int)")]
    [InlineData(0xFFFF_FFFF_8020_0040, "Kernel.Run")]
    [InlineData(0xFFFF_FFFF_8020_0070, null)]
    [InlineData(0xFFFF_FFFF_8020_2007, "Table")]
    [InlineData(0UL, null)]
    [InlineData(ulong.MaxValue, null)]
    public void Address_HasItsName(ulong address, string? name) => Assert.Equal(name, s_map.NameOf(address));

    [Fact]
    public void Description_HasOffsetAndLine() =>
        Assert.Equal("0xffffffff80200050 Kernel.Run+0x10 (/_/kernel/Kernel.cs:22)", s_map.Describe(0xFFFF_FFFF_8020_0050));

    [Theory]
    [InlineData(0xFFFF_FFFF_8020_0042, "0xffffffff80200042 Kernel.Run+0x2")]
    [InlineData(0xFFFF_FFFF_8020_0062, "0xffffffff80200062 Kernel.Run+0x22")]
    public void CodeWithoutSource_HasNoLine(ulong address, string description) => Assert.Equal(description, s_map.Describe(address));

    [Fact]
    public void ReturnAddressAfterTheLastCall_BelongsToTheCaller() =>
        Assert.Equal(
            "0xffffffff8020003f Kernel.Start(int, int)+0x3f (/_/kernel/Kernel.cs:10)",
            s_map.DescribeReturn(0xFFFF_FFFF_8020_0040));

    [Theory]
    [InlineData("Kernel.Start(int, int)", "/_/kernel/Kernel.cs:10")]
    [InlineData("Kernel.Run", null)]
    [InlineData("Kernel.Stop", null)]
    public void Method_HasItsFirstLine(string method, string? place) => Assert.Equal(place, s_map.FirstLineOf(method));

    [Fact]
    public void ImageWithoutMap_HasNoNames() => Assert.Equal("0x1000", SymbolMap.BesideImage("no/such/atoll.elf").Describe(0x1000));
}
