using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Elf;

/// <summary>Reads ELF64 files that nobody vouches for: objects of the compiler and finished images.</summary>
/// <remarks>
/// A file that contradicts itself gives a diagnostic, never an exception. Nothing is allocated whose size the file
/// only claims: tables are checked against the file's length first, and contents are views of it.
/// Source: System V ABI, "Object Files".
/// </remarks>
public sealed class ElfReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string _fileName;
    private readonly DiagnosticBag _diagnostics;

    /// <summary>Characters of names that may still be read: many symbols can share the end of one long name.</summary>
    private long _nameBudget;

    private ElfReader(ReadOnlyMemory<byte> bytes, string fileName, DiagnosticBag diagnostics)
    {
        _bytes = bytes;
        _fileName = fileName;
        _diagnostics = diagnostics;
        _nameBudget = NameBudgetPerByte * (long)bytes.Length;
    }

    /// <summary>Characters of names per byte of file. Compilers merge tails of names, but never that often.</summary>
    private const int NameBudgetPerByte = 4;

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Untrusted. Contents of sections are views of it.</param>
    /// <param name="fileName">For diagnostics.</param>
    /// <param name="diagnostics">Takes the reason when there is no result.</param>
    /// <returns>The file, every index, offset and size in it checked; null after a diagnostic.</returns>
    public static ElfFile? Read(ReadOnlyMemory<byte> bytes, string fileName, DiagnosticBag diagnostics) =>
        new ElfReader(bytes, fileName, diagnostics).Read();

    private ElfFile? Read()
    {
        if (ReadHeader() is not { } header || ReadSections(header) is not { } headers)
        {
            return null;
        }

        if (ReadSegments(header) is not { } segments || NameSections(header, headers) is not { } sections)
        {
            return null;
        }

        if (ReadSymbols(header, headers, sections) is not { } symbols
            || !ReadRelocations(header, headers, sections, symbols))
        {
            return null;
        }

        return new ElfFile
        {
            Type = header.Type,
            EntryAddress = header.Entry,
            Sections = sections,
            Segments = segments,
            Symbols = symbols,
        };
    }

    private ElfHeader? ReadHeader()
    {
        ByteCursor cursor = new(_bytes.Span);
        uint magic = cursor.U32();
        byte bits = cursor.U8();
        byte order = cursor.U8();
        cursor.Seek(EI_NIDENT);
        ElfHeader header = ElfHeader.Read(ref cursor);
        if (cursor.Failed)
        {
            _diagnostics.Report(
                DiagnosticCatalogue.WrongFileKind, $"'{_fileName}' has no ELF header.", referrer: _fileName);
            return null;
        }

        bool isRightKind = magic == ELFMAG && bits == ELFCLASS64 && order == ELFDATA2LSB
            && header.Machine == EM_X86_64 && header.Type is ET_REL or ET_EXEC;
        if (!isRightKind)
        {
            _diagnostics.Report(
                DiagnosticCatalogue.WrongFileKind,
                $"'{_fileName}' is no little-endian ELF64 object or executable for x86-64.",
                referrer: _fileName);
            return null;
        }

        bool hasKnownSegments = header.SegmentCount == 0 || header.SegmentEntryBytes == SizeOfPhdr;
        if (header.SectionEntryBytes != SizeOfShdr || !hasKnownSegments)
        {
            return Malformed<ElfHeader>("its header tables have entries of an unknown size");
        }

        return header;
    }

    private List<SectionHeader>? ReadSections(ElfHeader header)
    {
        if (header.SectionCount == 0)
        {
            return MalformedList<SectionHeader>(WhyNoSections(header));
        }

        if (!IsInFile(header.SectionOffset, (ulong)header.SectionCount * SizeOfShdr))
        {
            return MalformedList<SectionHeader>("its section headers are outside the file");
        }

        List<SectionHeader> headers = new(header.SectionCount);
        ByteCursor cursor = new(_bytes.Span);
        cursor.Seek(header.SectionOffset);
        for (int index = 0; index < header.SectionCount; index++)
        {
            SectionHeader section = SectionHeader.Read(ref cursor);
            if (section.HasBytes && !IsInFile(section.Offset, section.Size))
            {
                return MalformedList<SectionHeader>($"section {index} is outside the file");
            }

            bool isPowerOfTwo = (section.Alignment & (section.Alignment - 1)) == 0;
            if ((section.Alignment != 0 && !isPowerOfTwo) || section.Alignment > int.MaxValue)
            {
                return MalformedList<SectionHeader>($"section {index} has an alignment of {section.Alignment}");
            }

            if (section.Size > int.MaxValue)
            {
                return MalformedList<SectionHeader>($"section {index} claims {section.Size} bytes");
            }

            headers.Add(section);
        }

        return CheckOverlap(header, headers);
    }

    /// <summary>A count that does not fit the header stands in the first section (gABI, "Sections").</summary>
    private string WhyNoSections(ElfHeader header)
    {
        ByteCursor cursor = new(_bytes.Span);
        cursor.Seek(header.SectionOffset);
        SectionHeader first = SectionHeader.Read(ref cursor);
        return header.SectionOffset > 0 && !cursor.Failed && first.Size >= SHN_LORESERVE
            ? $"it has {first.Size} sections, and more than {SHN_LORESERVE - 1} are not supported"
            : "it has no section headers";
    }

    /// <summary>No two sections, nor a section and a header table, may share bytes of the file.</summary>
    private List<SectionHeader>? CheckOverlap(ElfHeader header, List<SectionHeader> headers)
    {
        List<(ulong Start, ulong Size, string What)> ranges =
        [
            (0, SizeOfEhdr, "the ELF header"),
            (header.SectionOffset, (ulong)header.SectionCount * SizeOfShdr, "the section headers"),
        ];
        for (int index = 0; index < headers.Count; index++)
        {
            if (headers[index] is { HasBytes: true, Size: > 0 } section)
            {
                ranges.Add((section.Offset, section.Size, $"section {index}"));
            }
        }

        ranges.Sort((left, right) => left.Start.CompareTo(right.Start));
        for (int index = 1; index < ranges.Count; index++)
        {
            if (ranges[index].Start < ranges[index - 1].Start + ranges[index - 1].Size)
            {
                return MalformedList<SectionHeader>($"{ranges[index].What} overlaps {ranges[index - 1].What}");
            }
        }

        return headers;
    }

    private List<ElfSegment>? ReadSegments(ElfHeader header)
    {
        if (!IsInFile(header.SegmentOffset, (ulong)header.SegmentCount * SizeOfPhdr))
        {
            return MalformedList<ElfSegment>("its program headers are outside the file");
        }

        List<ElfSegment> segments = new(header.SegmentCount);
        ByteCursor cursor = new(_bytes.Span);
        cursor.Seek(header.SegmentOffset);
        for (int index = 0; index < header.SegmentCount; index++)
        {
            uint type = cursor.U32();
            uint flags = cursor.U32();
            ElfSegment segment = new(
                type, flags, cursor.U64(), cursor.U64(), cursor.U64(), cursor.U64(), cursor.U64(), cursor.U64());
            bool wraps = segment.VirtualAddress + segment.MemoryBytes < segment.VirtualAddress
                && segment.VirtualAddress + segment.MemoryBytes != 0;
            if (!IsInFile(segment.FileOffset, segment.FileBytes) || segment.FileBytes > segment.MemoryBytes || wraps)
            {
                return MalformedList<ElfSegment>($"program header {index} is outside the file or the address space");
            }

            segments.Add(segment);
        }

        return segments;
    }

    private List<ElfSection>? NameSections(ElfHeader header, List<SectionHeader> headers)
    {
        if (header.NameSection >= headers.Count || headers[header.NameSection].Type != SHT_STRTAB)
        {
            return MalformedList<ElfSection>("its section names have no string table");
        }

        SectionHeader names = headers[header.NameSection];
        List<ElfSection> sections = new(headers.Count);
        for (int index = 0; index < headers.Count; index++)
        {
            SectionHeader section = headers[index];
            if (ReadName(names, section.Name) is not { } name)
            {
                return MalformedList<ElfSection>(
                    $"the name of section {index} is outside its string table, has no end, or is too long");
            }

            if ((section.Flags & SHF_COMPRESSED) != 0)
            {
                return MalformedList<ElfSection>($"section '{name}' is compressed, which is not supported");
            }

            sections.Add(section.ToSection(name, section.HasBytes ? Slice(section) : default));
        }

        return sections;
    }

    private List<ElfSymbol>? ReadSymbols(ElfHeader header, List<SectionHeader> headers, List<ElfSection> sections)
    {
        int table = headers.FindIndex(section => section.Type == SHT_SYMTAB);
        if (table < 0)
        {
            return [ElfSymbol.Null];
        }

        SectionHeader symbols = headers[table];
        if (symbols.EntrySize != SizeOfSym || symbols.Size % SizeOfSym != 0
            || symbols.Link >= headers.Count || headers[(int)symbols.Link].Type != SHT_STRTAB
            || headers.FindLastIndex(section => section.Type == SHT_SYMTAB) != table)
        {
            return MalformedList<ElfSymbol>("its symbol table has no string table, an odd size, or a twin");
        }

        List<ElfSymbol> read = new((int)(symbols.Size / SizeOfSym));
        ByteCursor cursor = new(Slice(symbols).Span);
        while (!cursor.IsAtEnd)
        {
            if (ReadSymbol(ref cursor, headers[(int)symbols.Link]) is not { } symbol)
            {
                return MalformedList<ElfSymbol>(
                    $"the name of symbol {read.Count} is outside its string table, has no end, or is too long");
            }

            if (WhatIsWrong(symbol, header, sections) is { } wrong)
            {
                return MalformedList<ElfSymbol>($"symbol {read.Count} ('{symbol.Name}') {wrong}");
            }

            read.Add(symbol);
        }

        return read;
    }

    private ElfSymbol? ReadSymbol(ref ByteCursor cursor, SectionHeader names)
    {
        uint name = cursor.U32();
        byte info = cursor.U8();
        byte other = cursor.U8();
        ushort section = cursor.U16();
        ulong value = cursor.U64();
        ulong size = cursor.U64();
        return ReadName(names, name) is { } text
            ? new ElfSymbol(text, value, size, (byte)(info >> 4), (byte)(info & 0xF), section, (byte)(other & 3))
            : null;
    }

    private static string? WhatIsWrong(ElfSymbol symbol, ElfHeader header, List<ElfSection> sections)
    {
        if (symbol.SectionIndex is SHN_UNDEF or SHN_ABS)
        {
            return null;
        }

        if (symbol.SectionIndex >= sections.Count)
        {
            return symbol.SectionIndex == SHN_COMMON
                ? "has no section (SHN_COMMON: compile C with -fno-common)"
                : "is in a section that is not there";
        }

        ulong bytes = sections[symbol.SectionIndex].SizeBytes;
        bool isInside = symbol.Value <= bytes && symbol.SizeBytes <= bytes - symbol.Value;
        return header.Type == ET_REL && !isInside ? "is outside its section" : null;
    }

    private bool ReadRelocations(
        ElfHeader header, List<SectionHeader> headers, List<ElfSection> sections, List<ElfSymbol> symbols)
    {
        for (int index = 0; index < headers.Count && header.Type == ET_REL; index++)
        {
            SectionHeader table = headers[index];
            if (table.Type == SHT_REL)
            {
                return Malformed(
                    $"section '{sections[index].Name}' has relocations without addends, which x86-64 does not use");
            }

            if (table.Type != SHT_RELA)
            {
                continue;
            }

            if (table.EntrySize != SizeOfRela || table.Size % SizeOfRela != 0 || table.Info == 0
                || table.Info >= sections.Count || sections[(int)table.Info].Relocations.Count > 0)
            {
                return Malformed(
                    $"section '{sections[index].Name}' relocates no section, one twice, or has an odd size");
            }

            if (ReadTable(table, sections[(int)table.Info], symbols.Count) is not { } relocations)
            {
                return Malformed($"a relocation in '{sections[index].Name}' is outside its section or names no symbol");
            }

            sections[(int)table.Info].Relocations = relocations;
        }

        return true;
    }

    private List<ElfRelocation>? ReadTable(SectionHeader table, ElfSection target, int symbolCount)
    {
        List<ElfRelocation> relocations = new((int)(table.Size / SizeOfRela));
        ByteCursor cursor = new(Slice(table).Span);
        while (!cursor.IsAtEnd)
        {
            ulong offset = cursor.U64();
            ulong info = cursor.U64();
            uint type = (uint)info;
            ulong symbol = info >> 32;
            ulong width = (ulong)RelocationBytes(type);
            ulong bytes = (ulong)target.Content.Length;
            if (symbol >= (ulong)symbolCount || width > bytes || offset > bytes - width)
            {
                return null;
            }

            relocations.Add(new ElfRelocation(offset, type, (int)symbol, cursor.I64()));
        }

        return relocations;
    }

    private string? ReadName(SectionHeader table, uint offset)
    {
        if (!table.HasBytes || (offset >= table.Size && offset != 0))
        {
            return null;
        }

        if (table.Size == 0)
        {
            return "";
        }

        ByteCursor cursor = new(Slice(table).Span);
        cursor.Seek(offset);
        string name = cursor.String();
        _nameBudget -= name.Length;
        return cursor.Failed || _nameBudget < 0 ? null : name;
    }

    private ReadOnlyMemory<byte> Slice(SectionHeader section) => _bytes.Slice((int)section.Offset, (int)section.Size);

    private bool IsInFile(ulong offset, ulong size) =>
        offset <= (ulong)_bytes.Length && size <= (ulong)_bytes.Length - offset;

    private bool Malformed(string why)
    {
        _diagnostics.Report(
            DiagnosticCatalogue.MalformedElf, $"'{_fileName}' cannot be read: {why}.", referrer: _fileName);
        return false;
    }

    private T? Malformed<T>(string why)
        where T : struct
    {
        Malformed(why);
        return null;
    }

    private List<T>? MalformedList<T>(string why)
    {
        Malformed(why);
        return null;
    }
}
