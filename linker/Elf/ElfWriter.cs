using Atoll.Linker.Binary;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Elf;

/// <summary>Writes an <see cref="ElfFile"/>: header, program headers, contents, relocation and symbol tables, section
/// headers.</summary>
/// <remarks>
/// Tables are made from the model: sections of types SHT_SYMTAB, SHT_STRTAB and SHT_RELA in it are left out and their
/// successors renumbered. In an image, a section with a <see cref="ElfSection.FileOffset"/> goes exactly there;
/// sections must be in the order of their offsets. Source: System V ABI, "Object Files".
/// </remarks>
public sealed class ElfWriter
{
    private readonly ElfFile _file;
    private readonly ByteBuilder _bytes = new();
    private readonly StringTable _names = new();
    private readonly List<SectionHeader> _headers = [default];
    private readonly List<ElfSection> _contents = [];

    /// <summary>New index of each section of the model; 0 for those left out.</summary>
    private readonly ushort[] _newSection;

    /// <summary>Indexes of symbols in the order of the table: local ones first, as the ABI asks.</summary>
    private readonly int[] _symbolOrder;

    private ElfWriter(ElfFile file)
    {
        _file = file;
        _newSection = new ushort[file.Sections.Count];
        _symbolOrder =
        [
            .. Enumerable.Range(0, file.Symbols.Count).OrderBy(index => file.Symbols[index].Binding != STB_LOCAL),
        ];
        for (int index = 0; index < file.Sections.Count; index++)
        {
            if (file.Sections[index].Type is not SHT_NULL and not SHT_SYMTAB and not SHT_STRTAB and not SHT_RELA)
            {
                _contents.Add(file.Sections[index]);
                _newSection[index] = (ushort)_contents.Count;
            }
        }
    }

    /// <summary>Offset of the first byte after the header and the program headers.</summary>
    public static ulong HeaderBytes(int segmentCount) => SizeOfEhdr + ((ulong)segmentCount * SizeOfPhdr);

    /// <summary>Makes the bytes of the file.</summary>
    public static byte[] Write(ElfFile file) => new ElfWriter(file).Write();

    private byte[] Write()
    {
        _bytes.Bytes(new byte[HeaderBytes(_file.Segments.Count)]);
        _contents.ForEach(AddContent);
        AddRelocations();
        AddSymbols();
        SectionHeader names = new() { Name = _names.Add(".shstrtab"), Type = SHT_STRTAB, Alignment = 1 };
        Add(names, _names.ToArray());

        _bytes.Align(8);
        ulong headerOffset = (ulong)_bytes.Length;
        _headers.ForEach(header => header.Write(_bytes));

        byte[] written = _bytes.ToArray();
        Header(headerOffset).CopyTo(written, 0);
        return written;
    }

    private void AddContent(ElfSection section)
    {
        bool isPlaced = _file.Type == ET_EXEC && section.FileOffset != 0;
        if (isPlaced && !section.IsZero)
        {
            _bytes.Bytes(new byte[(int)section.FileOffset - _bytes.Length]);
        }

        SectionHeader header = new()
        {
            Name = _names.Add(section.Name),
            Type = section.Type,
            Flags = section.Flags,
            Address = section.Address,
            Alignment = section.AlignmentBytes,
            EntrySize = section.EntryBytes,
            Size = section.SizeBytes,
            Offset = isPlaced ? section.FileOffset : 0,
        };
        Add(header, section.Content.Span);
    }

    private void AddRelocations()
    {
        int symbolTable = _headers.Count + _contents.Count(section => section.Relocations.Count > 0);
        int[] newSymbol = new int[_symbolOrder.Length];
        for (int index = 0; index < _symbolOrder.Length; index++)
        {
            newSymbol[_symbolOrder[index]] = index;
        }

        for (int index = 0; index < _contents.Count; index++)
        {
            if (_contents[index] is not { Relocations.Count: > 0 } section)
            {
                continue;
            }

            ByteBuilder table = new();
            foreach (ElfRelocation relocation in section.Relocations)
            {
                ulong symbol = (ulong)newSymbol[relocation.SymbolIndex];
                table.U64(relocation.Offset).U64((symbol << 32) | relocation.Type)
                    .U64(unchecked((ulong)relocation.Addend));
            }

            SectionHeader header = new()
            {
                Name = _names.Add(".rela" + section.Name),
                Type = SHT_RELA,
                Flags = SHF_INFO_LINK,
                Link = (uint)symbolTable,
                Info = (uint)index + 1,
                Alignment = 8,
                EntrySize = SizeOfRela,
            };
            Add(header, table.ToArray());
        }
    }

    private void AddSymbols()
    {
        StringTable names = new();
        ByteBuilder table = new();
        foreach (int index in _symbolOrder)
        {
            ElfSymbol symbol = _file.Symbols[index];
            ushort section = symbol.IsDefinedInSection ? _newSection[symbol.SectionIndex] : symbol.SectionIndex;
            table.U32(names.Add(symbol.Name)).U8((byte)((symbol.Binding << 4) | symbol.Type)).U8(symbol.Visibility)
                .U16(section).U64(symbol.Value).U64(symbol.SizeBytes);
        }

        SectionHeader symbols = new()
        {
            Name = _names.Add(".symtab"),
            Type = SHT_SYMTAB,
            Link = (uint)_headers.Count + 1,
            Info = (uint)_file.Symbols.Count(symbol => symbol.Binding == STB_LOCAL),
            Alignment = 8,
            EntrySize = SizeOfSym,
        };
        Add(symbols, table.ToArray());
        Add(new SectionHeader { Name = _names.Add(".strtab"), Type = SHT_STRTAB, Alignment = 1 }, names.ToArray());
    }

    private void Add(SectionHeader header, ReadOnlySpan<byte> content)
    {
        if (header.Offset == 0 && header.HasBytes)
        {
            _bytes.Align((int)ulong.Max(header.Alignment, 1));
        }

        _headers.Add(header with
        {
            Offset = header.Offset == 0 ? (ulong)_bytes.Length : header.Offset,
            Size = header.HasBytes ? (ulong)content.Length : header.Size,
        });
        _bytes.Bytes(content);
    }

    private byte[] Header(ulong sectionHeaderOffset)
    {
        ByteBuilder header = new();
        header.U32(ELFMAG).U8(ELFCLASS64).U8(ELFDATA2LSB).U8(EV_CURRENT).Align(EI_NIDENT);
        header.U16(_file.Type).U16(EM_X86_64).U32(EV_CURRENT).U64(_file.EntryAddress);
        header.U64(_file.Segments.Count > 0 ? SizeOfEhdr : 0ul).U64(sectionHeaderOffset);
        header.U32(0).U16(SizeOfEhdr).U16(SizeOfPhdr).U16((ushort)_file.Segments.Count);
        header.U16(SizeOfShdr).U16((ushort)_headers.Count).U16((ushort)(_headers.Count - 1));
        foreach (ElfSegment segment in _file.Segments)
        {
            header.U32(segment.Type).U32(segment.Flags).U64(segment.FileOffset).U64(segment.VirtualAddress)
                .U64(segment.PhysicalAddress).U64(segment.FileBytes).U64(segment.MemoryBytes)
                .U64(segment.AlignmentBytes);
        }

        return header.ToArray();
    }
}
