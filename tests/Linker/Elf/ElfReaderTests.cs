using System.Buffers.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Elf;

/// <summary>Offsets in files are those of the System V ABI, "Object Files": Elf64_Ehdr, Elf64_Shdr,
/// Elf64_Sym.</summary>
public sealed class ElfReaderTests
{
    private const int SectionOffsetField = 0x28;
    private const int SectionCountField = 0x3C;
    private const int NameSectionField = 0x3E;

    private static readonly byte[] s_good = Sample().BuildBytes();

    [Fact]
    public void HeaderIsThatOfTheAbi()
    {
        byte[] identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        Assert.Equal(identification, s_good[..16]);
        Assert.Equal(1, s_good[0x10]);
        Assert.Equal(62, s_good[0x12]);
        Assert.Equal(64, s_good[0x34]);
        Assert.Equal(64, s_good[0x3A]);
    }

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        ElfFile first = Read(s_good);
        ElfFile second = Read(ElfOutput.Write(first));

        Assert.Equal(first.Sections.Select(Describe), second.Sections.Select(Describe));
        Assert.Equal(first.Symbols, second.Symbols);
        Assert.Equal(
            first.Sections.SelectMany(section => section.Relocations),
            second.Sections.SelectMany(section => section.Relocations));
        Assert.Equal(ElfOutput.Write(first), ElfOutput.Write(second));
    }

    [Fact]
    public void FinishedImageIsReadAgain()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ElfFile again = Read(ElfOutput.Write(image.File));

        Assert.Equal(image.File.Segments, again.Segments);
        Assert.Equal(image.File.Symbols, again.Symbols);
        Assert.Equal(image.File.EntryAddress, again.EntryAddress);
    }

    [Fact]
    public void LocalSymbolsComeFirstAndRelocationsFollowThem()
    {
        ElfFile file = Read(s_good);
        ElfSection code = file.FindSection(ObjectBuilder.CodeSection)!;

        int firstGlobal = file.Symbols.FindIndex(symbol => symbol.Binding != STB_LOCAL);
        Assert.DoesNotContain(file.Symbols.Skip(firstGlobal), symbol => symbol.Binding == STB_LOCAL);
        Assert.Equal("callee", file.Symbols[code.Relocations[0].SymbolIndex].Name);
        Assert.Equal(STT_SECTION, file.Symbols[file.FindSection(".data")!.Relocations[0].SymbolIndex].Type);
    }

    [Fact]
    public void FileCutOffAnywhereIsADiagnostic()
    {
        for (int length = 0; length < s_good.Length; length++)
        {
            Assert.StartsWith("ATL902", IdOf(s_good[..length]), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0x00, 0x7E)] // magic
    [InlineData(0x04, 1)] // 32 bit
    [InlineData(0x05, 2)] // big-endian
    [InlineData(0x10, 3)] // shared object
    [InlineData(0x12, 40)] // ARM
    public void OtherKindsOfFilesAreRefused(int offset, byte value) =>
        Assert.Equal("ATL9020", IdOf(With(offset, value)));

    [Fact]
    public void SectionHeadersBeyondTheFileAreRefused() =>
        Assert.Equal("ATL9021", IdOf(With64(SectionOffsetField, ulong.MaxValue - 8)));

    [Fact]
    public void AbsurdSectionCountIsRefused() => Assert.Equal("ATL9021", IdOf(With(SectionCountField, 0xFF, 0xFF)));

    [Fact]
    public void NamesWithoutAStringTableAreRefused() =>
        Assert.Equal("ATL9021", IdOf(With(NameSectionField, 0xF0, 0xFF)));

    // Fields of Elf64_Shdr of section 1: offset 0x18, size 0x20, alignment 0x30.
    [Theory]
    [InlineData(0x18, 0x7FFF_FFFF_FFFF_FFFFUL)]
    [InlineData(0x18, 0UL)] // overlaps the header
    [InlineData(0x20, 0xFFFF_FFFF_FFFF_FFFFUL)]
    [InlineData(0x20, 0x4000_0000UL)]
    [InlineData(0x30, 3UL)]
    [InlineData(0x30, 0x8000_0000_0000_0000UL)]
    public void AbsurdSectionIsRefused(int field, ulong value) =>
        Assert.Equal("ATL9021", IdOf(With64(SectionHeader(1) + field, value)));

    [Fact]
    public void ZeroSectionOfAbsurdSizeIsRefusedWithoutBeingAllocated()
    {
        ElfFile file = new()
        {
            Type = ET_REL,
            Sections =
            [
                new ElfSection { Name = "", Type = SHT_NULL },
                new ElfSection
                {
                    Name = ".bss",
                    Type = SHT_NOBITS,
                    Flags = SHF_ALLOC | SHF_WRITE,
                    SizeBytes = 1UL << 60,
                },
            ],
            Symbols = [ElfSymbol.Null],
        };

        Assert.Equal("ATL9021", IdOf(ElfOutput.Write(file)));
    }

    [Fact]
    public void NameWithoutAnEndIsRefused()
    {
        ElfFile file = Read(s_good);
        ElfSection names = file.FindSection(".strtab")!;
        byte[] damaged = [.. s_good];
        damaged[(int)names.FileOffset + (int)names.SizeBytes - 1] = (byte)'x';

        Assert.Equal("ATL9021", IdOf(damaged));
    }

    // Fields of Elf64_Sym of the last symbol: name 0, section 6, value 8, size 16.
    [Theory]
    [InlineData(0, 0xFFFF_FF00UL, 4)]
    [InlineData(6, 0x1234UL, 2)]
    [InlineData(6, (ulong)SHN_COMMON, 2)]
    [InlineData(8, 0x1_0000_0000UL, 8)]
    [InlineData(16, ulong.MaxValue, 8)]
    public void AbsurdSymbolIsRefused(int field, ulong value, int width)
    {
        ElfSection table = Read(s_good).FindSection(".symtab")!;
        int lastDefined = Read(s_good).Symbols.FindLastIndex(symbol => symbol.IsDefinedInSection);
        byte[] damaged = [.. s_good];
        BitConverter.GetBytes(value).AsSpan(0, width)
            .CopyTo(damaged.AsSpan((int)table.FileOffset + (24 * lastDefined) + field));

        Assert.Equal("ATL9021", IdOf(damaged));
    }

    // Fields of Elf64_Rela: offset 0, type 8, symbol 12.
    [Theory]
    [InlineData(0, 0xFFFF_FFFF_FFFF_FFFEUL, 8)]
    [InlineData(12, 0x00FF_FFFFUL, 4)]
    public void AbsurdRelocationIsRefused(int field, ulong value, int width)
    {
        ElfSection table = Read(s_good).FindSection(".rela" + ObjectBuilder.CodeSection)!;
        byte[] damaged = [.. s_good];
        BitConverter.GetBytes(value).AsSpan(0, width).CopyTo(damaged.AsSpan((int)table.FileOffset + field));

        Assert.Equal("ATL9021", IdOf(damaged));
    }

    /// <summary>Thousands of symbols that share the tail of one long name must not cost its length each.</summary>
    [Fact]
    public void NamesThatShareALongTailAreBounded()
    {
        const int Count = 4000;
        ObjectBuilder builder = new();
        builder.AddSection(".names", SHT_PROGBITS, 0, [1]);
        builder.Code(new string('n', 100_000), [0xC3]);
        for (int index = 0; index < Count; index++)
        {
            builder.Symbol($"s{index}", ObjectBuilder.CodeSection, 0);
        }

        byte[] bytes = builder.BuildBytes();
        ElfFile file = Read(bytes);
        int table = (int)file.FindSection(".symtab")!.FileOffset;
        int longName = file.Symbols.FindIndex(symbol => symbol.Name.Length == 100_000);
        uint nameOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(table + (24 * longName)));
        for (int index = 1; index < file.Symbols.Count; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(table + (24 * index)), nameOffset + (uint)index);
        }

        Assert.Equal("ATL9021", IdOf(bytes));
    }

    internal static ObjectBuilder Sample() => ObjectBuilder.WithRoots()
        .Code("caller", LinkedImage.CallBytes, Fixup.Call("callee"))
        .Code("callee", [0xC3])
        .Data("datum", new byte[16], new Fixup(8, R_X86_64_64, "@.rodata", 4))
        .Constant("constant", [1, 2, 3, 4, 5, 6, 7, 8])
        .Zero("zero", 32);

    private static object Describe(ElfSection section) =>
        (section.Name, section.Type, section.Flags, section.AlignmentBytes, Convert.ToHexString(section.Content.Span));

    private static int SectionHeader(int index) =>
        (int)BinaryPrimitives.ReadUInt64LittleEndian(s_good.AsSpan(SectionOffsetField)) + (64 * index);

    private static byte[] With(int offset, params byte[] values)
    {
        byte[] changed = [.. s_good];
        values.CopyTo(changed, offset);
        return changed;
    }

    private static byte[] With64(int offset, ulong value) => With(offset, BitConverter.GetBytes(value));

    private static ElfFile Read(byte[] bytes)
    {
        DiagnosticBag diagnostics = new();
        ElfFile? file = ElfReader.Read(bytes, "test.o", diagnostics);
        Assert.Empty(diagnostics.Found);
        return file!;
    }

    private static string IdOf(byte[] bytes)
    {
        DiagnosticBag diagnostics = new();
        Assert.Null(ElfReader.Read(bytes, "test.o", diagnostics));
        return Assert.Single(diagnostics.Found).Id;
    }
}
