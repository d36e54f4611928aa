using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Passes;

/// <summary>Makes objects of the shape that ILC gives them: one section of code, one of each kind of data.</summary>
internal sealed class ObjectBuilder
{
    public const string CodeSection = "__managedcode";

    private readonly List<Section> _sections =
    [
        new(CodeSection, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 32),
        new(".rodata", SHT_PROGBITS, SHF_ALLOC, 64),
        new(".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 64),
        new(".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 64),
    ];

    private readonly List<ElfSymbol> _symbols = [ElfSymbol.Null];

    public static ObjectBuilder WithRoots() => new ObjectBuilder()
        .Code("atoll_boot_main", [0xC3]).Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3]);

    /// <summary>A function, aligned to 16 as ILC does.</summary>
    public ObjectBuilder Code(string name, byte[] bytes, params Fixup[] fixups) =>
        Add(CodeSection, name, bytes, bytes.Length, 16, STT_FUNC, fixups);

    /// <summary>A datum without a size, as ILC leaves it.</summary>
    public ObjectBuilder Data(string name, byte[] bytes, params Fixup[] fixups) =>
        Add(".data", name, bytes, 0, 8, STT_NOTYPE, fixups);

    public ObjectBuilder Constant(string name, byte[] bytes, params Fixup[] fixups) =>
        Add(".rodata", name, bytes, 0, 8, STT_NOTYPE, fixups);

    public ObjectBuilder Zero(string name, int sizeBytes) =>
        Add(".bss", name, new byte[sizeBytes], 0, 8, STT_NOTYPE, []);

    public ObjectBuilder AddSection(string name, uint type, ulong flags, byte[] content, params Fixup[] fixups)
    {
        Section section = new(name, type, flags, 1);
        section.Bytes.AddRange(content);
        section.Fixups.AddRange(fixups);
        _sections.Add(section);
        return this;
    }

    public ObjectBuilder Symbol(
        string name, string section, ulong value, ulong size = 0, byte type = STT_NOTYPE, byte visibility = STV_DEFAULT)
    {
        _symbols.Add(new ElfSymbol(name, value, size, STB_GLOBAL, type, IndexOf(section), visibility));
        return this;
    }

    public LinkInput Build(string name = "test.o") => new(name, BuildBytes());

    public byte[] BuildBytes()
    {
        List<ElfSymbol> symbols = [.. _symbols];
        ElfFile file = new()
        {
            Type = ET_REL,
            Symbols = symbols,
            Sections = [new ElfSection { Name = "", Type = SHT_NULL }],
        };
        foreach (Section section in _sections)
        {
            bool isZero = section.Type == SHT_NOBITS;
            file.Sections.Add(new ElfSection
            {
                Name = section.Name,
                Type = section.Type,
                Flags = section.Flags,
                AlignmentBytes = section.Alignment,
                SizeBytes = (ulong)section.Bytes.Count,
                Content = isZero ? default(ReadOnlyMemory<byte>) : section.Bytes.ToArray(),
                Relocations = [.. section.Fixups.Select(fixup => ToRelocation(symbols, fixup))],
            });
        }

        return ElfOutput.Write(file);
    }

    public ulong OffsetOf(string symbol) => _symbols.Single(candidate => candidate.Name == symbol).Value;

    private ObjectBuilder Add(
        string sectionName, string name, byte[] bytes, int size, int alignment, byte type, Fixup[] fixups)
    {
        Section section = _sections.Single(candidate => candidate.Name == sectionName);
        while (section.Bytes.Count % alignment != 0)
        {
            section.Bytes.Add(sectionName == CodeSection ? (byte)0x90 : (byte)0);
        }

        ulong start = (ulong)section.Bytes.Count;
        section.Bytes.AddRange(bytes);
        section.Fixups.AddRange(fixups.Select(fixup => fixup with { Offset = fixup.Offset + start }));
        return Symbol(name, sectionName, start, (ulong)size, type);
    }

    private ushort IndexOf(string section) => (ushort)(_sections.FindIndex(candidate => candidate.Name == section) + 1);

    /// <summary>A symbol that begins with @ is a section; one that nobody defined becomes undefined.</summary>
    private ElfRelocation ToRelocation(List<ElfSymbol> symbols, Fixup fixup)
    {
        ElfSymbol wanted = fixup.Symbol.StartsWith('@')
            ? new ElfSymbol("", 0, 0, STB_LOCAL, STT_SECTION, IndexOf(fixup.Symbol[1..]))
            : new ElfSymbol(fixup.Symbol, 0, 0, STB_GLOBAL, STT_NOTYPE, SHN_UNDEF);
        int index = symbols.FindIndex(symbol => wanted.Name.Length > 0 ? symbol.Name == wanted.Name : symbol == wanted);
        if (index < 0)
        {
            index = symbols.Count;
            symbols.Add(wanted);
        }

        return new ElfRelocation(fixup.Offset, fixup.Type, index, fixup.Addend);
    }

    private sealed record Section(string Name, uint Type, ulong Flags, ulong Alignment)
    {
        public List<byte> Bytes { get; } = [];

        public List<Fixup> Fixups { get; } = [];
    }
}

/// <summary>A relocation by name.</summary>
internal readonly record struct Fixup(ulong Offset, uint Type, string Symbol, long Addend = 0)
{
    /// <summary>The operand of a CALL at the very start: relative to the next instruction.</summary>
    public static Fixup Call(string symbol) => new(1, R_X86_64_PLT32, symbol, -4);
}

/// <summary>A finished image taken apart, by addresses.</summary>
internal sealed class LinkedImage
{
    private LinkedImage(LinkResult result)
    {
        Result = result;
        Assert.Empty(result.Diagnostics);
        Bytes = result.Image!;
        File = ElfReader.Read(Bytes, "atoll.elf", new())
            ?? throw new InvalidOperationException("the image cannot be read");
    }

    public LinkResult Result { get; }

    public byte[] Bytes { get; }

    public ElfFile File { get; }

    public IEnumerable<ElfSegment> Loads => File.Segments.Where(segment => segment.Type == PT_LOAD);

    public static byte[] CallBytes => [0xE8, 0, 0, 0, 0];

    public static LinkedImage Of(params ObjectBuilder[] objects) => Of(new LinkRequest
    {
        Objects = [.. objects.Select((builder, index) => builder.Build($"object{index}.o"))],
    });

    public static LinkedImage Of(LinkRequest request) => new(Link.Run(request));

    public bool Has(string symbol) => File.Symbols.Exists(candidate => candidate.Name == symbol);

    public ulong AddressOf(string symbol) => File.Symbols.Single(candidate => candidate.Name == symbol).Value;

    public ReadOnlySpan<byte> At(ulong address, int count)
    {
        ElfSegment segment =
            Loads.Single(load => address >= load.VirtualAddress && address - load.VirtualAddress < load.FileBytes);
        return Bytes.AsSpan((int)(segment.FileOffset + (address - segment.VirtualAddress)), count);
    }

    public ElfSection Section(string name) => File.FindSection(name)!;
}
