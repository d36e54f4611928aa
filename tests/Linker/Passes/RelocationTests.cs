using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Passes;

/// <summary>Values by hand from the psABI, "Relocation": A addend, P place, S symbol.</summary>
public sealed class RelocationTests
{
    // mov eax, [rip + …]; the field is three bytes in, A = -4 because the CPU counts from the field's end.
    private static readonly byte[] s_load = [0x90, 0x8B, 0x05, 0, 0, 0, 0, 0xC3];

    [Theory]
    [InlineData(R_X86_64_PC32)]
    [InlineData(R_X86_64_PLT32)]
    public void RelativeIsSymbolPlusAddendMinusPlace(uint type)
    {
        LinkedImage image = LinkedImage.Of(WithMain(s_load, new Fixup(3, type, "datum", 8 - 4))
            .Data("before", new byte[24]).Data("datum", new byte[16]));

        ulong place = image.AddressOf("atoll_boot_main") + 3;
        ulong expected = image.AddressOf("datum") + 4 - place;
        Assert.Equal((uint)expected, BitConverter.ToUInt32(image.At(place, 4)));
    }

    [Fact]
    public void AbsoluteIsSymbolPlusAddend()
    {
        LinkedImage image = LinkedImage.Of(WithMain(s_load, new Fixup(3, R_X86_64_PC32, "datum", -4))
            .Data("datum", new byte[16], new Fixup(8, R_X86_64_64, "atoll_trap", 2)));

        Assert.Equal(
            image.AddressOf("atoll_trap") + 2, BitConverter.ToUInt64(image.At(image.AddressOf("datum") + 8, 8)));
    }

    [Fact]
    public void AddendMayPointOutsideTheDatum()
    {
        LinkedImage image = LinkedImage.Of(WithMain(s_load, new Fixup(3, R_X86_64_PC32, "datum", -4))
            .Constant("other", new byte[8])
            .Constant("table", new byte[8])
            .Constant("after", new byte[8])
            .Data(
                "datum", new byte[16], new Fixup(0, R_X86_64_64, "table", 8), new Fixup(8, R_X86_64_64, "table", -8)));

        ulong table = image.AddressOf("table");
        ulong datum = image.AddressOf("datum");
        Assert.Equal(table + 8, BitConverter.ToUInt64(image.At(datum, 8)));
        Assert.Equal(table - 8, BitConverter.ToUInt64(image.At(datum + 8, 8)));
    }

    [Fact]
    public void RelativeAgainstASectionNamesThePlaceAndNotTheSectionsStart()
    {
        // The section symbol of .rodata, A = 16 - 4: the second datum.
        LinkedImage image = LinkedImage.Of(WithMain(s_load, new Fixup(3, R_X86_64_PC32, "@.rodata", 16 - 4))
            .Constant("dropped", new byte[16]).Constant("meant", new byte[8]));

        ulong place = image.AddressOf("atoll_boot_main") + 3;
        Assert.False(image.Has("dropped"));
        Assert.Equal((uint)(image.AddressOf("meant") - 4 - place), BitConverter.ToUInt32(image.At(place, 4)));
    }

    [Theory]
    [InlineData(R_X86_64_32, "R_X86_64_32")]
    [InlineData(R_X86_64_32S, "R_X86_64_32S")]
    [InlineData(9u, "R_X86_64_GOTPCREL")]
    [InlineData(R_X86_64_TLSGD, "R_X86_64_TLSGD")]
    [InlineData(42u, "R_X86_64_REX_GOTPCRELX")]
    [InlineData(43u, "type 43")]
    public void AnyOtherTypeIsAnErrorByName(uint type, string name)
    {
        Diagnostic diagnostic = SingleOf(WithMain(s_load, new Fixup(0, type, "datum")).Data("datum", new byte[8]));

        Assert.Equal("ATL9013", diagnostic.Id);
        Assert.Contains(name, diagnostic.Message, StringComparison.Ordinal);
        Assert.Equal("atoll_boot_main", diagnostic.Referrer);
    }

    [Fact]
    public void RelativeBeyondTwoGibibytesIsAnError()
    {
        Diagnostic diagnostic = SingleOf(
            WithMain(s_load, new Fixup(3, R_X86_64_PC32, "datum", 0x1_0000_0000)).Data("datum", new byte[8]));

        Assert.Equal("ATL9014", diagnostic.Id);
    }

    [Fact]
    public void RelocationThatLeavesItsFunctionIsAnError()
    {
        Diagnostic diagnostic = SingleOf(WithMain([0x90, 0xC3], new Fixup(0, R_X86_64_64, "atoll_trap")));

        Assert.Equal("ATL9021", diagnostic.Id);
    }

    /// <summary>A relative field with an immediate behind it is relative to the end of that: a PC32 cannot say so.</summary>
    [Fact]
    public void FieldThatIsNotTheLastOfItsInstructionIsRefused()
    {
        // mov dword [rip+0x30], 0x12345678: into whatever comes behind the function, without a relocation.
        Diagnostic diagnostic = SingleOf(WithMain([0xC7, 0x05, 0x30, 0, 0, 0, 0x78, 0x56, 0x34, 0x12, 0xC3]));

        Assert.Equal("ATL9021", diagnostic.Id);
        Assert.Contains("reaches into other code in a way that cannot be relocated", diagnostic.Message, StringComparison.Ordinal);
    }

    private static ObjectBuilder WithMain(byte[] main, params Fixup[] fixups) => new ObjectBuilder()
        .Code("atoll_boot_main", main, fixups).Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3]);

    private static Diagnostic SingleOf(ObjectBuilder builder) =>
        Assert.Single(Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics);
}
