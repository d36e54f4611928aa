using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Proof;

/// <summary>One image for each reason for which nothing of it can be proved, and for what tables and claims must say.</summary>
public sealed class ReaderConditionTests
{
    private static readonly LinkedImage s_image = LinkedImage.Of(
        ProofSubject.Kernel([0x50, .. LinkedImage.CallBytes, 0x58, 0xC3], Fixup.Call("leaf") with { Offset = 2 })
            .Code("leaf", [0xC3]).WithFrames(("atoll_boot_main", 8, 1), ("leaf", 1, null)));

    private static int Sections => (int)BitConverter.ToUInt64(s_image.Bytes, 40);

    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "program header 2 is outside the file", Patched(SizeOfEhdr + (2 * SizeOfPhdr) + 8, BitConverter.GetBytes(ulong.MaxValue)) },
        { "section 1 is outside the file", Patched(Section(1) + 24, BitConverter.GetBytes(ulong.MaxValue)) },
        { "section 1 has no name", Patched(Section(1), BitConverter.GetBytes(uint.MaxValue)) },
        { "its symbol table is damaged", Patched(Section(".symtab") + 40, [0xFF]) },
        { "its symbol table is damaged", Patched(Section(".symtab") + 32, BitConverter.GetBytes(BitConverter.ToUInt64(s_image.Bytes, Section(".symtab") + 32) - 1)) },
        { "a symbol has no name or no place", Patched(Symbol("leaf"), [0xFF, 0xFF, 0xFF, 0x7F]) },
        { "a symbol has no name or no place", Patched(Symbol("leaf") + 16, BitConverter.GetBytes(ulong.MaxValue)) },
        { "has bytes that are no whole instruction", s_image.Patched(s_image.AddressOf("leaf"), 0x06) },
        { "has bytes that are no whole instruction", Patched(Symbol("leaf") + 16, [0xFF, 0xFF]) },
        { "begins inside", Patched(Symbol("atoll_boot_main") + 16, [0x9]) },
        { "damaged call frame information", Patched(Frames, [0xFF, 0xFF]) },
        { "damaged call frame information", Patched(Frames + 4, [0x77, 0x77, 0x77, 0x77]) },
        { "damaged call frame information", Patched(SecondDescription + 8, BitConverter.GetBytes(s_image.AddressOf("atoll_boot_main"))) },
        { "damaged call frame information", Patched(SecondDescription + 24, [0x3F]) },
    };

    private static int Frames => (int)s_image.Section(".debug_frame").FileOffset;

    /// <summary>Where the description of <c>leaf</c> begins: behind the CIE and the first.</summary>
    private static int SecondDescription
    {
        get
        {
            int position = s_image.Bytes.AsSpan(Frames).IndexOf(BitConverter.GetBytes(s_image.AddressOf("leaf")));
            return Frames + position - 8;
        }
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void ImageThatCannotBeReadIsNotProved(string why, byte[] image) =>
        Assert.Contains(
            ProofSubject.Findings(image, "ATL9050"),
            finding => finding.Message.Contains(why, StringComparison.Ordinal));

    [Fact]
    public void ImageItselfIsProved() => Assert.Empty(ProofSubject.Prove(s_image.Bytes).Findings);

    [Fact]
    public void NameWithoutAPlaceIsFound()
    {
        // st_shndx of 'leaf' becomes SHN_UNDEF.
        Diagnostic finding = Assert.Single(ProofSubject.Findings(Patched(Symbol("leaf") + 6, [0, 0]), "ATL9053"));

        Assert.Contains("refers to 'leaf', which it does not define", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void VirtualPageOfTwoSegmentsIsFound()
    {
        ulong data = s_image.AddressOf("__data_start");
        byte[] patched = s_image.WithHeader(data, 16, s_image.AddressOf("__readonly_start"));

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9059"),
            finding => finding.Message.Contains("share the virtual page", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("traps idt tss 2", "traps nowhere tss 2", "interrupt tables that the image claims are not there")]
    [InlineData("traps idt tss 2", "traps idt nowhere 2", "runs on a stack at 0x, which")]
    public void TablesOfInterruptsAreThere(string claim, string other, string says)
    {
        IEnumerable<string> claims = ProofSubject.ClaimsOf(s_image).Select(line => line == claim ? other : line);

        Assert.Contains(
            ProofSubject.Prove(s_image.WithClaims(claims)).Findings,
            finding => finding.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void StacksAreFew()
    {
        IEnumerable<string> many = Enumerable.Range(1, 64).Select(index => $"stack more{index} {index:x}000 {index + 1:x}000");

        Assert.Equal("ATL9050", ProofSubject.Finding(s_image.WithClaims([.. ProofSubject.ClaimsOf(s_image), .. many])).Id);
    }

    [Fact]
    public void InterruptThatReturnsAsACallIsFound()
    {
        ulong common = s_image.AddressOf("interrupt_common");
        int iret = s_image.At(common, 0x180).IndexOf((byte[])[0x48, 0xCF]);

        // nop; ret
        Assert.Contains(
            ProofSubject.Findings(s_image.Patched(common + (ulong)iret, 0x90, 0xC3), "ATL9057"),
            finding => finding.Message.Contains("returns with", StringComparison.Ordinal));
    }

    private static int Section(int index) => Sections + (index * SizeOfShdr);

    private static int Section(string name) => Section(s_image.File.Sections.FindIndex(section => section.Name == name));

    private static int Symbol(string name) =>
        (int)s_image.Section(".symtab").FileOffset + (SizeOfSym * s_image.File.Symbols.FindIndex(symbol => symbol.Name == name));

    private static byte[] Patched(int offset, byte[] bytes)
    {
        byte[] copy = [.. s_image.Bytes];
        bytes.CopyTo(copy, offset);
        return copy;
    }
}
