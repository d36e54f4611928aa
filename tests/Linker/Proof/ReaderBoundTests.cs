using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Proof.Reading;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Proof;

/// <summary>The first and the last of what is inside: addresses, tables, the file.</summary>
public sealed class ReaderBoundTests
{
    private const ulong AddressLimit = 0x8000_0000_0000;
    private const ulong Page = 4096;

    // Multiboot2 Specification 2.0, 3.1 and 3.1.1: looked for in so many bytes, at multiples of 8; the checksum is the last word.
    private const int Multiboot2Searched = 32768;
    private const uint Multiboot2Magic = 0xE852_50D6;

    private static readonly LinkedImage s_kernel = LinkedImage.Of(ObjectBuilder.WithRoots());
    private static readonly LinkedImage s_program = Program(0x40_0000);

    private static int SectionHeaders => (int)BitConverter.ToUInt64(s_kernel.Bytes, 40);

    [Theory]
    [InlineData(0xFFFul, "0xfff")]
    [InlineData(0x1000ul, "'first'")]
    [InlineData(0x100Ful, "'first'+0xf")]
    [InlineData(0x1010ul, "0x1010")]
    [InlineData(0x1021ul, "'second'+0x1")]
    public void AddressIsDescribedByTheSymbolThatHoldsIt(ulong address, string text)
    {
        WrittenSymbol[] symbols = [new("first", 0x1000, 0x10, true, true), new("second", 0x1020, 2, true, true)];

        Assert.Equal(text, new WrittenImage(default, null!, [], [], symbols, []).Describe(address));
    }

    [Theory]
    [InlineData(0xFFFul, false)]
    [InlineData(0x1000ul, true)]
    [InlineData(0x100Ful, true)]
    [InlineData(0x1010ul, false)]
    public void SegmentHoldsWhatIsInIt(ulong address, bool holds) =>
        Assert.Equal(holds, new WrittenSegment(PT_LOAD, PF_R, 0, 0x1000, 0x1000, 0, 0x10, Page).Holds(address));

    /// <summary>System V ABI, "Special Sections Indexes": from SHN_LORESERVE on there are none.</summary>
    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE }, true)]
    [InlineData(new byte[] { 0x00, 0xFF }, false)]
    [InlineData(new byte[] { 0xF1, 0xFF }, false)]
    public void SymbolOfAReservedIndexIsInNoSection(byte[] index, bool isInSection)
    {
        byte[] copy = [.. s_kernel.Bytes];
        int symbol = s_kernel.File.Symbols.FindIndex(symbol => symbol.Name == "atoll_trap");
        index.CopyTo(copy, (int)s_kernel.Section(".symtab").FileOffset + (SizeOfSym * symbol) + 6);

        Assert.Equal(isInSection, WrittenImageReader.Read(copy, out _)!.Find("atoll_trap")!.IsInSection);
    }

    [Fact]
    public void SectionBehindTheLastHoldsNoNames()
    {
        byte[] copy = [.. s_kernel.Bytes];
        copy.AsSpan(60, 2).CopyTo(copy.AsSpan(62));

        Assert.Null(WrittenImageReader.Read(copy, out string why));
        Assert.Equal("it has no names of sections", why);
    }

    [Fact]
    public void SymbolsOfASectionBehindTheLastHaveNoNames()
    {
        byte[] copy = [.. s_kernel.Bytes];
        int table = s_kernel.File.Sections.FindIndex(section => section.Name == ".symtab");
        BitConverter.TryWriteBytes(copy.AsSpan(SectionHeaders + (table * SizeOfShdr) + 40), s_kernel.File.Sections.Count);

        Assert.Null(WrittenImageReader.Read(copy, out string why));
        Assert.Equal("its symbol table is damaged", why);
    }

    /// <summary>Page 0 is nobody's, and the lower half ends where the next address is not canonical.</summary>
    [Fact]
    public void ProgramMayBeginInTheFirstPageThatIsAnybodys()
    {
        LinkedImage low = Program(Page);

        Assert.Equal(Page, low.Loads.First().VirtualAddress);
        Assert.Empty(ProofSubject.Prove(low.Bytes).Findings);
    }

    [Theory]
    [InlineData(AddressLimit - Page, Page, false)]
    [InlineData(AddressLimit - Page, Page + 1, true)]
    [InlineData(AddressLimit - Page, 2 * Page, true)]
    [InlineData(AddressLimit, 0ul, true)]
    public void ProgramMayEndWhereTheLowerHalfEnds(ulong address, ulong bytes, bool isFound)
    {
        ulong data = s_program.AddressOf("__data_start");
        byte[] patched = s_program.WithHeader(data, 16, address);
        int header = SizeOfEhdr + (SizeOfPhdr * s_program.File.Segments.FindIndex(segment => segment.Type == PT_LOAD && segment.VirtualAddress == data));
        BitConverter.TryWriteBytes(patched.AsSpan(header + 32), 0ul);
        BitConverter.TryWriteBytes(patched.AsSpan(header + 40), bytes);

        Assert.Equal(
            isFound,
            ProofSubject.Prove(patched).Findings.Any(finding => finding.Message.Contains("lies where no program may", StringComparison.Ordinal)));
    }

    [Fact]
    public void HeaderInTheFilesLastBytesIsFound()
    {
        byte[] file = [.. s_program.Bytes, .. new byte[-s_program.Bytes.Length & 7], .. Header()];
        Assert.InRange(file.Length, 1, Multiboot2Searched);

        Assert.Contains(ProofSubject.Prove(file).Findings, finding => finding.Message.Contains("header for Multiboot 2", StringComparison.Ordinal));
    }

    /// <summary>What is cut off is no header, and nothing is read behind the file.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(14)]
    public void HeaderThatIsCutOffIsNone(int bytes)
    {
        byte[] file = [.. s_program.Bytes, .. new byte[-s_program.Bytes.Length & 7], .. Header()[..bytes]];

        Assert.DoesNotContain(ProofSubject.Prove(file).Findings, finding => finding.Message.Contains("header for", StringComparison.Ordinal));
    }

    private static byte[] Header() =>
        [.. ((uint[])[Multiboot2Magic, 0, 16, unchecked((uint)-(Multiboot2Magic + 16))]).SelectMany(BitConverter.GetBytes)];

    private static LinkedImage Program(ulong at) => LinkedImage.Of(new LinkRequest
    {
        Objects = [new ObjectBuilder().Code("atoll_program_main", [0x0F, 0x0B]).Data("datum", new byte[8]).Build()],
        Profile = ProgramProfile.Of(new ProgramRequest("bounded", 4096, at)),
        Roots = ["datum"],
    });
}
