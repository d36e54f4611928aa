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
        ByteCursor cursor = new(_bytes.Span);
        bool isElf = cursor.U32() == ELFMAG && cursor.U8() == ELFCLASS64 && cursor.U8() == ELFDATA2LSB;
        cursor.Seek(EI_NIDENT);
        bool isImage = cursor.U16() == ET_EXEC && cursor.U16() == EM_X86_64;
        cursor.U32();
        ulong entry = cursor.U64();
        ulong segments = cursor.U64();
        ulong sections = cursor.U64();
        cursor.Take(6);
        (ushort segmentEntry, ushort segmentCount) = (cursor.U16(), cursor.U16());
        (ushort sectionEntry, ushort sectionCount) = (cursor.U16(), cursor.U16());
        ushort names = cursor.U16();
        if (cursor.Failed || !isElf || !isImage || segmentEntry != SizeOfPhdr || sectionEntry != SizeOfShdr)
        {
            return Refuse("it is no ELF64 executable for x86-64");
        }

        FileRange[] headers =
        [
            new(0, SizeOfEhdr),
            new(segments, (ulong)segmentCount * SizeOfPhdr),
            new(sections, (ulong)sectionCount * SizeOfShdr),
        ];
        return ReadSegments(segments, segmentCount) && ReadSections(sections, sectionCount, names) && ReadSymbols()
            ? new WrittenImage(
                _bytes,
                entry,
                headers,
                _segments,
                _sections,
                [.. _symbols.OrderBy(symbol => symbol.Address)],
                _undefined)
            : null;
    }

    private bool ReadSegments(ulong offset, int count)
    {
        ByteCursor cursor = new(_bytes.Span);
        cursor.Seek(offset);
        for (int index = 0; index < count; index++)
        {
            (uint type, uint flags) = (cursor.U32(), cursor.U32());
            (ulong start, ulong address, ulong physical) = (cursor.U64(), cursor.U64(), cursor.U64());
            (ulong fileBytes, ulong memoryBytes) = (cursor.U64(), cursor.U64());
            cursor.U64();
            bool wraps = memoryBytes > 0 && unchecked(address + memoryBytes - 1) < address;
            if (cursor.Failed || !IsInFile(start, fileBytes) || fileBytes > memoryBytes || wraps)
            {
                return Fail($"program header {index} is outside the file or the address space");
            }

            _segments.Add(new(type, flags, start, address, physical, fileBytes, memoryBytes));
        }

        return true;
    }

    private bool ReadSections(ulong offset, int count, int names)
    {
        ByteCursor cursor = new(_bytes.Span);
        cursor.Seek(offset);
        List<uint> nameOffsets = [];
        for (int index = 0; index < count; index++)
        {
            nameOffsets.Add(cursor.U32());
            (uint type, ulong flags, ulong address) = (cursor.U32(), cursor.U64(), cursor.U64());
            (ulong start, ulong size, uint link) = (cursor.U64(), cursor.U64(), cursor.U32());
            cursor.Take(SizeOfShdr - 44);
            WrittenSection section = new("", type, flags, address, start, size, link);
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

    private WrittenImage? Refuse(string why)
    {
        _why = why;
        return null;
    }
}
