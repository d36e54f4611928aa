using System.Runtime.InteropServices;
using LibObjectFile.Diagnostics;
using static Atoll.Linker.Elf.ElfNative;
using Written = LibObjectFile.Elf;

namespace Atoll.Linker.Elf;

/// <summary>Turns an <see cref="ElfFile"/> into bytes. LibObjectFile lays it out and writes it.</summary>
/// <remarks>
/// Tables are made from the model: sections of types SHT_SYMTAB, SHT_STRTAB and SHT_RELA in it are left out and their
/// successors renumbered. In an image, a section with a <see cref="ElfSection.FileOffset"/> goes exactly there;
/// sections must be in the order of their offsets. Source: System V ABI, "Object Files".
/// </remarks>
public sealed class ElfOutput
{
    private readonly ElfFile _file;
    private readonly Written.ElfFile _output = new(Written.ElfArch.X86_64);
    private readonly Dictionary<int, Written.ElfSection> _sections = [];
    // Without an argument the library makes a table for dynamic linking.
    private readonly Written.ElfSymbolTable _symbols = new(isDynamic: false) { FileAlignment = 8, VirtualAddressAlignment = 8 };

    /// <summary>Contents that program headers may begin and end with, by their offset in the file.</summary>
    private readonly SortedList<ulong, Written.ElfContent> _placed = [];

    /// <summary>Indexes of symbols in the order of the table: local ones first, as the ABI asks.</summary>
    private readonly int[] _symbolOrder;

    private ulong _position;
    private ulong _lastStart;

    private ElfOutput(ElfFile file)
    {
        _file = file;
        _symbolOrder =
        [
            .. Enumerable.Range(0, file.Symbols.Count).OrderBy(index => file.Symbols[index].Binding != STB_LOCAL),
        ];
        _position = HeaderBytes(file.Segments.Count);
        _lastStart = SizeOfEhdr;
    }

    /// <summary>Offset of the first byte after the header and the program headers.</summary>
    public static ulong HeaderBytes(int segmentCount) => SizeOfEhdr + ((ulong)segmentCount * SizeOfPhdr);

    /// <summary>Makes the bytes of the file.</summary>
    /// <exception cref="InvalidOperationException">The model contradicts itself.</exception>
    public static byte[] Write(ElfFile file) => new ElfOutput(file).Write();

    private byte[] Write()
    {
        _output.FileType = (Written.ElfFileType)_file.Type;
        _output.EntryPointAddress = _file.EntryAddress;
        for (int index = 0; index < _file.Sections.Count; index++)
        {
            if (_file.Sections[index].Type is not SHT_NULL and not SHT_SYMTAB and not SHT_STRTAB and not SHT_RELA)
            {
                AddSection(index, _file.Sections[index]);
            }
        }

        AddRelocations();
        AddTables();
        _file.Segments.ForEach(AddSegment);

        using MemoryStream stream = new((int)_position);
        return _output.TryWrite(stream, out DiagnosticBag found)
            ? stream.ToArray()
            : throw new InvalidOperationException(string.Join("; ", found.Messages));
    }

    private void AddSection(int index, ElfSection section)
    {
        bool isPlaced = _file.Type == ET_EXEC && section.FileOffset != 0;
        ulong alignment = ulong.Max(section.AlignmentBytes, 1);
        ulong start = isPlaced ? section.FileOffset : section.IsZero ? _position : Binary.Alignment.Up(_position, alignment);
        if (!section.IsZero)
        {
            FillTo(start);
        }

        Written.ElfSection added = section.IsZero
            ? new Written.ElfNoBitsSection { Size = section.SizeBytes, PositionOffsetFromPreviousContent = start - _lastStart }
            : new Written.ElfStreamSection((Written.ElfSectionType)section.Type, StreamOf(section.Content));
        added.Name = section.Name;
        added.Flags = (Written.ElfSectionFlags)section.Flags;
        added.VirtualAddress = section.Address;
        added.VirtualAddressAlignment = section.AlignmentBytes;
        added.AdditionalTableEntrySize = (uint)section.EntryBytes;
        Add(added, start, section.IsZero ? 0 : (ulong)section.Content.Length);
        _sections.Add(index, added);
    }

    /// <summary>Zeros up to an offset. They have a place of their own, so that nothing is moved to another one.</summary>
    private void FillTo(ulong offset)
    {
        if (offset > _position)
        {
            Add(new Written.ElfStreamContentData(new MemoryStream(new byte[offset - _position])), _position, offset - _position);
        }
    }

    private void Add(Written.ElfContent content, ulong start, ulong sizeBytes)
    {
        content.FileAlignment = 1;
        _output.Add(content);
        _lastStart = start;
        if (sizeBytes > 0)
        {
            _placed.Add(start, content);
            _position = start + sizeBytes;
        }
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out ArraySegment<byte> bytes) && bytes.Array is not null
            ? new MemoryStream(bytes.Array, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(content.ToArray());

    private void AddRelocations()
    {
        int[] newSymbol = new int[_symbolOrder.Length];
        for (int index = 0; index < _symbolOrder.Length; index++)
        {
            newSymbol[_symbolOrder[index]] = index;
        }

        foreach ((int index, Written.ElfSection target) in _sections.OrderBy(section => section.Key))
        {
            if (_file.Sections[index] is not { Relocations.Count: > 0 } section)
            {
                continue;
            }

            Written.ElfRelocationTable table = new(true)
            {
                Name = ".rela" + section.Name,
                Flags = Written.ElfSectionFlags.InfoLink,
                Link = _symbols,
                Info = target,
                FileAlignment = 8,
                VirtualAddressAlignment = 8,
            };
            table.Entries.AddRange(section.Relocations.Select(relocation => new Written.ElfRelocation(
                relocation.Offset,
                new Written.ElfRelocationType(Written.ElfArch.X86_64, relocation.Type),
                (uint)newSymbol[relocation.SymbolIndex],
                relocation.Addend)));
            _output.Add(table);
        }
    }

    private void AddTables()
    {
        Written.ElfStringTable names = new() { FileAlignment = 1, VirtualAddressAlignment = 1 };
        _symbols.Link = names;
        foreach (ElfSymbol symbol in _symbolOrder.Skip(1).Select(index => _file.Symbols[index]))
        {
            _symbols.Entries.Add(new Written.ElfSymbol
            {
                Name = symbol.Name,
                Value = symbol.Value,
                Size = symbol.SizeBytes,
                Bind = (Written.ElfSymbolBind)symbol.Binding,
                Type = (Written.ElfSymbolType)symbol.Type,
                Visibility = (Written.ElfSymbolVisibility)symbol.Visibility,
                SectionLink = LinkOf(symbol),
            });
        }

        _output.Add(_symbols);
        _output.Add(names);
        _output.Add(new Written.ElfSectionHeaderStringTable { FileAlignment = 1, VirtualAddressAlignment = 1 });
        _output.Add(new Written.ElfSectionHeaderTable { FileAlignment = 8 });
    }

    private Written.ElfSectionLink LinkOf(ElfSymbol symbol) => symbol.IsDefinedInSection
        ? new Written.ElfSectionLink(_sections[symbol.SectionIndex])
        : new Written.ElfSectionLink(symbol.SectionIndex);

    private void AddSegment(ElfSegment segment) => _output.Segments.Add(new Written.ElfSegment
    {
        Type = new Written.ElfSegmentType(segment.Type),
        Flags = new Written.ElfSegmentFlags(segment.Flags),
        VirtualAddress = segment.VirtualAddress,
        PhysicalAddress = segment.PhysicalAddress,
        SizeInMemory = segment.MemoryBytes,
        VirtualAddressAlignment = segment.AlignmentBytes,
        OffsetCalculationMode = Written.ElfOffsetCalculationMode.Manual,
        Position = segment.FileOffset,
        Range = segment.FileBytes > 0 ? RangeOf(segment) : default,
    });

    /// <summary>The contents that a program header's bytes begin and end with.</summary>
    private Written.ElfContentRange RangeOf(ElfSegment segment)
    {
        ulong end = segment.FileOffset + segment.FileBytes;
        Written.ElfContent? last = _placed.TakeWhile(placed => placed.Key < end).LastOrDefault().Value;
        return _placed.TryGetValue(segment.FileOffset, out Written.ElfContent? first) && last is not null
            ? new Written.ElfContentRange(first, 0, last, 0)
            : throw new InvalidOperationException($"no section begins at offset 0x{segment.FileOffset:x}, where a program header does");
    }
}
