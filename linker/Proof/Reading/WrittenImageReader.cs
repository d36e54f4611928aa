using Atoll.Linker.Binary;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Proof.Reading;

/// <summary>Reads an image from its bytes. Shares no parser with the linker, so that an error of one is not an error of
/// both.</summary>
/// <remarks>Untrusted input: nothing throws, and nothing is allocated whose size the file only claims.
/// Source: System V ABI, "Object Files" and "Program Loading and Dynamic Linking".</remarks>
public sealed class WrittenImageReader
{
    /// <summary>Characters of names per byte of file: many symbols could share the end of one long name.</summary>
    private const int NameBudgetPerByte = 4;

    /// <summary>Most program headers: an image has eight, and each is held against every symbol.</summary>
    private const int SegmentsMax = 64;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<WrittenSegment> _segments = [];
    private readonly List<WrittenSection> _sections = [];
    private readonly List<WrittenSymbol> _symbols = [];
    private readonly List<string> _undefined = [];
    private long _nameBudget;
    private string _why = "";

    private WrittenImageReader(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        _nameBudget = NameBudgetPerByte * (long)bytes.Length;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Untrusted.</param>
    /// <param name="why">What is wrong with it, when there is no result.</param>
    public static WrittenImage? Read(ReadOnlyMemory<byte> bytes, out string why)
    {
        WrittenImageReader reader = new(bytes);
        WrittenImage? image = reader.Read();
        why = reader._why;
        return image;
    }

    private WrittenImage? Read()
    {
        if (ReadHeader(out int names) is not { } header)
        {
            return null;
        }

        bool isGood = ReadSegments(header) && ReadSections(header, names) && IsEachByteClaimedOnce(header) && ReadSymbols();
        return isGood
            ? new WrittenImage(
                _bytes, header, _segments, _sections, [.. _symbols.OrderBy(symbol => symbol.Address)], _undefined)
            : null;
    }

    private WrittenHeader? ReadHeader(out int names)
    {
        ByteCursor cursor = new(_bytes.Span);
        bool isElf = cursor.U32() == ELFMAG && cursor.U8() == ELFCLASS64 && cursor.U8() == ELFDATA2LSB;
        cursor.Seek(EI_NIDENT);
        bool isImage = cursor.U16() == ET_EXEC && cursor.U16() == EM_X86_64;
        (uint version, ulong entry) = (cursor.U32(), cursor.U64());
        (ulong segments, ulong sections, uint flags) = (cursor.U64(), cursor.U64(), cursor.U32());
        (ushort headerBytes, ushort segmentEntry, ushort segmentCount) = (cursor.U16(), cursor.U16(), cursor.U16());
        (ushort sectionEntry, ushort sectionCount) = (cursor.U16(), cursor.U16());
        names = cursor.U16();
        if (cursor.Failed || !isElf || !isImage || segmentEntry != SizeOfPhdr || sectionEntry != SizeOfShdr)
        {
            Fail("it is no ELF64 executable for x86-64");
            return null;
        }

        return new WrittenHeader(
            _bytes[..EI_NIDENT], version, entry, segments, segmentCount, sections, sectionCount, flags, headerBytes);
    }

    private bool ReadSegments(WrittenHeader header)
    {
        if (header.SegmentCount > SegmentsMax)
        {
            return Fail($"it has {header.SegmentCount} program headers, of at most {SegmentsMax}");
        }

        ByteCursor cursor = new(_bytes.Span);
        cursor.Seek(header.SegmentOffset);
        for (int index = 0; index < header.SegmentCount; index++)
        {
            (uint type, uint flags) = (cursor.U32(), cursor.U32());
            (ulong start, ulong address, ulong physical) = (cursor.U64(), cursor.U64(), cursor.U64());
            (ulong fileBytes, ulong memoryBytes, ulong alignment) = (cursor.U64(), cursor.U64(), cursor.U64());
            bool wraps = memoryBytes > 0 && unchecked(address + memoryBytes - 1) < address;
            if (cursor.Failed || !IsInFile(start, fileBytes) || fileBytes > memoryBytes || wraps)
            {
                return Fail($"program header {index} is outside the file or the address space");
            }

            _segments.Add(new(type, flags, start, address, physical, fileBytes, memoryBytes, alignment));
        }

        return true;
    }

    /// <summary>What two headers claim would be read, and loaded, twice.</summary>
    private bool IsEachByteClaimedOnce(WrittenHeader header)
    {
        IEnumerable<(FileRange Range, string What)> headers = header.Ranges.Select(range => (range, "a header table"));
        IEnumerable<(FileRange Range, string What)> loads = _segments
            .Where(segment => segment.IsLoaded)
            .Select(load => (new FileRange(load.FileOffset, load.FileBytes), $"the segment at 0x{load.Address:x}"));
        IEnumerable<(FileRange Range, string What)> sections = _sections
            .Where(section => section.HasBytes && !section.IsLoaded)
            .Select(section => (new FileRange(section.FileOffset, section.SizeBytes), $"section '{section.Name}'"));
        IEnumerable<(FileRange Range, string What)> notes = _segments
            .Where(segment => segment.Type == PT_NOTE)
            .Select(note => (new FileRange(note.FileOffset, note.FileBytes), "a program header's notes"));
        return AreApart(headers.Concat(loads).Concat(sections)) && AreApart(notes);
    }

    private bool AreApart(IEnumerable<(FileRange Range, string What)> claimed)
    {
        (FileRange Range, string What) last = (default, "");
        foreach ((FileRange Range, string What) next in claimed
            .Where(claim => claim.Range.SizeBytes > 0)
            .OrderBy(claim => claim.Range.Offset))
        {
            if (next.Range.Offset < last.Range.End)
            {
                return Fail($"{last.What} and {next.What} share bytes of the file");
            }

            last = next;
        }

        return true;
    }

    private bool ReadSections(WrittenHeader header, int names)
    {
        ByteCursor cursor = new(_bytes.Span);
        cursor.Seek(header.SectionOffset);
        List<uint> nameOffsets = [];
        for (int index = 0; index < header.SectionCount; index++)
        {
            nameOffsets.Add(cursor.U32());
            (uint type, ulong flags, ulong address) = (cursor.U32(), cursor.U64(), cursor.U64());
            (ulong start, ulong size, uint link) = (cursor.U64(), cursor.U64(), cursor.U32());
            cursor.U32();
            ulong alignment = cursor.U64();
            cursor.U64();
            WrittenSection section = new("", type, flags, address, start, size, link, alignment);
            if (cursor.Failed || (section.HasBytes && !IsInFile(start, size)))
            {
                return Fail($"section {index} is outside the file");
            }

            _sections.Add(section);
        }

        return NameSections(nameOffsets, names);
    }

    private bool NameSections(List<uint> offsets, int names)
    {
        if (names >= _sections.Count || !_sections[names].HasBytes)
        {
            return Fail("it has no names of sections");
        }

        for (int index = 0; index < _sections.Count; index++)
        {
            if (ReadName(_sections[names], offsets[index]) is not { } name)
            {
                return Fail($"section {index} has no name");
            }

            _sections[index] = _sections[index] with { Name = name };
        }

        return true;
    }

    private bool ReadSymbols()
    {
        foreach (WrittenSection table in _sections.Where(section => section.Type == SHT_SYMTAB))
        {
            if (table.Link >= _sections.Count || !_sections[(int)table.Link].HasBytes || table.SizeBytes % SizeOfSym != 0)
            {
                return Fail("its symbol table is damaged");
            }

            if (!ReadSymbols(table, _sections[(int)table.Link]))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadSymbols(WrittenSection table, WrittenSection names)
    {
        ByteCursor cursor = new(_bytes.Span.Slice((int)table.FileOffset, (int)table.SizeBytes));
        while (!cursor.IsAtEnd)
        {
            uint nameOffset = cursor.U32();
            byte info = cursor.U8();
            cursor.U8();
            ushort section = cursor.U16();
            (ulong address, ulong size) = (cursor.U64(), cursor.U64());
            if (ReadName(names, nameOffset) is not { } name || unchecked(address + size) < address)
            {
                return Fail("a symbol has no name or no place");
            }

            if (section != SHN_UNDEF)
            {
                bool isFunction = (info & 0xF) == STT_FUNC;
                _symbols.Add(new(name, address, size, isFunction, section < SHN_LORESERVE));
            }
            else if (name.Length > 0)
            {
                _undefined.Add(name);
            }
        }

        return true;
    }

    private string? ReadName(WrittenSection names, uint offset)
    {
        ByteCursor cursor = new(_bytes.Span.Slice((int)names.FileOffset, (int)names.SizeBytes));
        cursor.Seek(offset);
        string name = cursor.IsAtEnd ? "" : cursor.String();
        _nameBudget -= name.Length;
        return cursor.Failed || _nameBudget < 0 ? null : name;
    }

    private bool IsInFile(ulong offset, ulong size) =>
        offset <= (ulong)_bytes.Length && size <= (ulong)_bytes.Length - offset;

    private bool Fail(string why)
    {
        _why = why;
        return false;
    }
}
