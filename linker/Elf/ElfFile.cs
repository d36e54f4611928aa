namespace Atoll.Linker.Elf;

/// <summary>An ELF64 file in memory: a relocatable object or a finished image.</summary>
public sealed class ElfFile
{
    /// <summary>ET_REL or ET_EXEC.</summary>
    public required ushort Type { get; init; }

    /// <summary>Where a loader that knows no note starts. 0 in objects.</summary>
    public ulong EntryAddress { get; init; }

    /// <summary>Section headers; index 0 is the null section. The writer adds symbol and string tables.</summary>
    public List<ElfSection> Sections { get; init; } = [];

    /// <summary>Program headers.</summary>
    public List<ElfSegment> Segments { get; init; } = [];

    /// <summary>Symbol table; index 0 is the null symbol.</summary>
    public List<ElfSymbol> Symbols { get; init; } = [];

    /// <summary>The first section of a name, or null.</summary>
    public ElfSection? FindSection(string name) => Sections.Find(section => section.Name == name);
}
