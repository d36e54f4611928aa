using Atoll.Linker.Diagnostics;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Dwarf;

public sealed class DebugInfoTests
{
    private static readonly LinkedImage s_image = LinkedImage.Of(DebugObject.Sample());

    [Fact]
    public void LinesAreThoseOfKeptFunctionsAtTheirAddresses()
    {
        ulong boot = s_image.AddressOf("atoll_boot_main");
        ulong instance = s_image.AddressOf("atoll_instance_main");
        ulong trap = s_image.AddressOf("atoll_trap");
        LineUnit unit = Assert.Single(LineProgramReader.Read(s_image.Section(".debug_line").Content, out _)!);

        Assert.Equal(
            [
                (boot, 10u, false), (boot + 8, 11u, false), (boot + 16, 11u, true),
                (instance, 30u, false), (instance + 12, 31u, false), (instance + 16, 31u, true),
                (trap, 40u, false), (trap + 16, 40u, true),
            ],
            unit.Rows.Select(row => (unit.AddressOf(row), row.Line, row.IsEnd)));
        Assert.Equal("/_/kernel/Boot/Main.cs", unit.FileOf(unit.Rows[0]));
        Assert.Equal("Other.cs", unit.FileOf(unit.Rows[3]));
    }

    [Fact]
    public void DroppedCodeHasNoAddress()
    {
        ReadOnlySpan<byte> info = s_image.Section(".debug_info").Content.Span;

        Assert.Equal(0u, BitConverter.ToUInt32(info));
        Assert.Equal(0UL, BitConverter.ToUInt64(info[8..]));
        Assert.Equal(s_image.AddressOf("atoll_instance_main"), BitConverter.ToUInt64(info[16..]));
    }

    [Fact]
    public void RangesAreCutToWhatIsKept()
    {
        ReadOnlySpan<byte> ranges = s_image.Section(".debug_ranges").Content.Span;
        ulong boot = s_image.AddressOf("atoll_boot_main");
        ulong instance = s_image.AddressOf("atoll_instance_main");

        // The whole section; part of the dropped function; part of a kept one; the end of the list.
        Assert.Equal((boot, s_image.AddressOf("atoll_trap") + 16), PairAt(ranges, 0));
        Assert.Equal((1UL, 1UL), PairAt(ranges, 16));
        Assert.Equal((instance + 2, instance + 16), PairAt(ranges, 32));
        Assert.Equal((0UL, 0UL), PairAt(ranges, 48));
    }

    [Fact]
    public void MapNamesAddressesAndLines()
    {
        string[] lines = s_image.Result.Map!.Split('\n');
        int symbols = Array.IndexOf(lines, "symbols");
        int sources = Array.IndexOf(lines, "lines");
        ulong trap = s_image.AddressOf("atoll_trap");

        Assert.All(lines[..symbols], line => Assert.StartsWith("#", line, StringComparison.Ordinal));
        Assert.Contains($"{trap:x16} 10 text atoll_trap", lines[symbols..sources]);
        Assert.Contains($"{trap:x16} Other.cs:40", lines[sources..]);
        Assert.DoesNotContain(lines, line => line.Contains("Dropped", StringComparison.Ordinal));
        string[] addresses = [.. lines[(symbols + 1)..sources].Select(line => line[..16])];
        Assert.Equal(addresses.Order(StringComparer.Ordinal), addresses);
    }

    [Theory]
    [InlineData("Atoll_Boot_Atoll_Boot_EventLoop__Run", "Atoll.Boot.EventLoop.Run")]
    [InlineData("Atoll_CoreLib_System_SpanHelpers__Fill_1", "Atoll.CoreLib.System.SpanHelpers.Fill_1")]
    [InlineData("k_Box_1<k_Pair__Nested>__Get", "k.Box_1<k.Pair__Nested>.Get")]
    [InlineData("k_Late___cctor", "k.Late._cctor")]
    [InlineData("interrupt_entry_3", "interrupt_entry_3")]
    [InlineData("__text_start", "__text_start")]
    public void MangledNamesAreMadeReadable(string mangled, string readable) =>
        Assert.Equal(readable, Atoll.Linker.Map.MethodNames.Readable(mangled));

    [Fact]
    public void NamesThatWouldReadAlikeStayAsTheyAre()
    {
        LinkedImage image = LinkedImage.Of(new ObjectBuilder()
            .Code(
                "atoll_instance_main",
                [.. LinkedImage.CallBytes, .. LinkedImage.CallBytes],
                Fixup.Call("k_A__M"),
                new Fixup(6, ElfNative.R_X86_64_PLT32, "k.A.M", -4))
            .Code("atoll_boot_main", [0xC3]).Code("atoll_trap", [0xC3])
            .Code("k_A__M", [0xC3]).Code("k.A.M", [0xC3]));

        Assert.Contains(" text k_A__M\n", image.Result.Map!, StringComparison.Ordinal);
        Assert.Contains(" text k.A.M\n", image.Result.Map!, StringComparison.Ordinal);
    }

    [Fact]
    public void FindingsNameFileAndLine()
    {
        // The call is in the second row of the function: line 11.
        ObjectBuilder builder = DebugObject.WithBootMain(
            [.. Enumerable.Repeat((byte)0x90, 9), 0xE8, 0, 0, 0, 0, 0x90, 0xC3],
            new Fixup(10, ElfNative.R_X86_64_PLT32, "RhpNewFast", -4));

        Diagnostic diagnostic = Assert.Single(Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics);

        Assert.Equal(new SourceLine("/_/kernel/Boot/Main.cs", 11), diagnostic.Source);
        Assert.StartsWith(
            "/_/kernel/Boot/Main.cs(11): error ATL9001: ", diagnostic.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedLineTableIsADiagnostic()
    {
        ObjectBuilder builder =
            ObjectBuilder.WithRoots().AddSection(".debug_line", ElfNative.SHT_PROGBITS, 0, [9, 9, 9, 9, 9]);

        Assert.Equal(
            "ATL9023", Assert.Single(Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics).Id);
    }

    [Fact]
    public void TwoObjectsShareSectionsOfDebugInformation()
    {
        ObjectBuilder second = new ObjectBuilder()
            .AddSection(".debug_line", ElfNative.SHT_PROGBITS, 0, DebugObject.Lines)
            .AddSection(
                ".debug_info",
                ElfNative.SHT_PROGBITS,
                0,
                new byte[16],
                new Fixup(4, ElfNative.R_X86_64_32, "@.debug_line"),
                new Fixup(8, ElfNative.R_X86_64_32, "@.debug_info", 12));

        LinkedImage image = LinkedImage.Of(DebugObject.Sample(), second);
        ReadOnlySpan<byte> info = image.Section(".debug_info").Content.Span;
        List<LineUnit> units = LineProgramReader.Read(image.Section(".debug_line").Content, out _)!;

        Assert.Equal(48, info.Length);
        Assert.Equal((uint)units[1].Offset, BitConverter.ToUInt32(info[36..]));
        Assert.Equal(44u, BitConverter.ToUInt32(info[40..]));
    }

    private static (ulong, ulong) PairAt(ReadOnlySpan<byte> bytes, int offset) =>
        (BitConverter.ToUInt64(bytes[offset..]), BitConverter.ToUInt64(bytes[(offset + 8)..]));
}
