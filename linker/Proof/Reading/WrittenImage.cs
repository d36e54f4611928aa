namespace Atoll.Linker.Proof.Reading;

/// <summary>An image as it lies in its file: what a loader and a debugger would find there, and nothing else.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Header">File header.</param>
/// <param name="Segments">Program headers.</param>
/// <param name="Sections">Section headers.</param>
/// <param name="Symbols">Symbols that stand for a place in a section, by address.</param>
/// <param name="Undefined">Names that the symbol table mentions without a place.</param>
public sealed record WrittenImage(
    ReadOnlyMemory<byte> Bytes,
    WrittenHeader Header,
    IReadOnlyList<WrittenSegment> Segments,
    IReadOnlyList<WrittenSection> Sections,
    IReadOnlyList<WrittenSymbol> Symbols,
    IReadOnlyList<string> Undefined)
{
    /// <summary>Symbols that are asked whether an address lies in them, from the nearest down.</summary>
    private const int SymbolsMax = 16;

    private readonly Dictionary<string, WrittenSymbol> _byName =
        Symbols.DistinctBy(symbol => symbol.Name).ToDictionary(symbol => symbol.Name, StringComparer.Ordinal);

    /// <summary>Segments that a loader maps.</summary>
    public IEnumerable<WrittenSegment> Loads => Segments.Where(segment => segment.IsLoaded);

    /// <summary>Notes that name a physical address to start at in 32-bit mode.</summary>
    /// <remarks>
    /// Whoever owns them: QEMU goes by the type alone (include/hw/elf_ops.h, <c>get_elf_note_type</c>), others by owner
    /// and type (Xen, "x86/HVM direct boot ABI"). Some read program headers, some sections.
    /// </remarks>
    public IReadOnlyList<WrittenNote> StartNotes =>
    [
        .. Notes.Concat(SectionNotes).Where(note => note.Type == Elf.ElfNative.XEN_ELFNOTE_PHYS32_ENTRY),
    ];

    /// <summary>Notes that program headers lead to.</summary>
    public IEnumerable<WrittenNote> Notes => Segments
        .Where(segment => segment.Type == Elf.ElfNative.PT_NOTE)
        .SelectMany(segment => WrittenNote.Read(ContentOf(segment), out _));

    /// <summary>Notes that sections alone lead to.</summary>
    private IEnumerable<WrittenNote> SectionNotes => Sections
        .Where(section => section.Type == Elf.ElfNative.SHT_NOTE && !section.IsLoaded)
        .SelectMany(section => WrittenNote.Read(Bytes.Slice((int)section.FileOffset, (int)section.SizeBytes), out _));

    /// <summary>Content of a segment in the file.</summary>
    public ReadOnlyMemory<byte> ContentOf(WrittenSegment segment) =>
        Bytes.Slice((int)segment.FileOffset, (int)segment.FileBytes);

    /// <summary>Content of a section that has bytes in the file; empty when there is no such section.</summary>
    public ReadOnlyMemory<byte> ContentOf(string section) =>
        Sections.FirstOrDefault(candidate => candidate.Name == section && candidate.HasBytes) is { } found
            ? Bytes.Slice((int)found.FileOffset, (int)found.SizeBytes)
            : default;

    /// <summary>The bytes at a virtual address; empty when the file holds fewer than asked for.</summary>
    public ReadOnlyMemory<byte> At(ulong address, ulong count)
    {
        foreach (WrittenSegment load in Loads)
        {
            ulong offset = unchecked(address - load.Address);
            if (offset < load.FileBytes && count <= load.FileBytes - offset)
            {
                return Bytes.Slice((int)(load.FileOffset + offset), (int)count);
            }
        }

        return default;
    }

    /// <summary>The first symbol of a name, or null.</summary>
    public WrittenSymbol? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Name and distance of the symbol that an address lies in; the address itself where there is
    /// none.</summary>
    public string Describe(ulong address)
    {
        int low = 0;
        int high = Symbols.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Symbols[middle].Address <= address ? (middle + 1, high) : (low, middle);
        }

        // Several symbols may begin there: one that is a place and not just a boundary names it.
        for (int index = low - 1; index >= int.Max(low - SymbolsMax, 0); index--)
        {
            WrittenSymbol symbol = Symbols[index];
            if (unchecked(address - symbol.Address) < symbol.SizeBytes)
            {
                string name = Map.MethodNames.Readable(symbol.Name);
                return address == symbol.Address ? $"'{name}'" : $"'{name}'+0x{address - symbol.Address:x}";
            }
        }

        return $"0x{address:x}";
    }
}

/// <summary>Bytes of the file.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="SizeBytes">How many.</param>
public readonly record struct FileRange(ulong Offset, ulong SizeBytes)
{
    /// <summary>First offset behind them.</summary>
    public ulong End => Offset + SizeBytes;
}

/// <summary>A program header, checked to lie in the file and in the address space.</summary>
/// <param name="Type">PT_…</param>
/// <param name="Flags">PF_R, PF_W, PF_X.</param>
/// <param name="FileOffset">First byte in the file.</param>
/// <param name="Address">Virtual address.</param>
/// <param name="PhysicalAddress">Physical address.</param>
/// <param name="FileBytes">Bytes in the file.</param>
/// <param name="MemoryBytes">Bytes in memory; what the file does not hold is zero.</param>
/// <param name="AlignmentBytes">What addresses and offset agree modulo.</param>
public sealed record WrittenSegment(
    uint Type,
    uint Flags,
    ulong FileOffset,
    ulong Address,
    ulong PhysicalAddress,
    ulong FileBytes,
    ulong MemoryBytes,
    ulong AlignmentBytes)
{
    /// <summary>PT_LOAD.</summary>
    public bool IsLoaded => Type == Elf.ElfNative.PT_LOAD;

    /// <summary>PF_X.</summary>
    public bool IsExecutable => (Flags & Elf.ElfNative.PF_X) != 0;

    /// <summary>PF_W.</summary>
    public bool IsWritable => (Flags & Elf.ElfNative.PF_W) != 0;

    /// <summary>Whether an address lies in it.</summary>
    public bool Holds(ulong address) => unchecked(address - Address) < MemoryBytes;

    /// <summary>Whether it holds all bytes from an address on.</summary>
    public bool Holds(ulong address, ulong sizeBytes) =>
        Holds(address) && sizeBytes <= MemoryBytes - (address - Address);
}

/// <summary>A section header, checked to lie in the file.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">SHT_…</param>
/// <param name="Flags">SHF_…</param>
/// <param name="Address">Virtual address; 0 when nothing loads it.</param>
/// <param name="FileOffset">First byte in the file.</param>
/// <param name="SizeBytes">Bytes.</param>
/// <param name="Link">Section that it refers to.</param>
/// <param name="AlignmentBytes">Alignment of its address.</param>
public sealed record WrittenSection(
    string Name, uint Type, ulong Flags, ulong Address, ulong FileOffset, ulong SizeBytes, uint Link, ulong AlignmentBytes)
{
    /// <summary>Whether the file holds its bytes.</summary>
    public bool HasBytes => Type is not Elf.ElfNative.SHT_NULL and not Elf.ElfNative.SHT_NOBITS;

    /// <summary>Whether a loader maps it.</summary>
    public bool IsLoaded => (Flags & Elf.ElfNative.SHF_ALLOC) != 0;
}

/// <summary>A symbol that stands for a place.</summary>
/// <param name="Name">Name as the compiler spells it.</param>
/// <param name="Address">Virtual address.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="IsFunction">STT_FUNC.</param>
/// <param name="IsInSection">Whether it lies in a section; otherwise it is a number.</param>
public sealed record WrittenSymbol(string Name, ulong Address, ulong SizeBytes, bool IsFunction, bool IsInSection)
{
    /// <summary>First address behind it.</summary>
    public ulong End => Address + SizeBytes;
}
