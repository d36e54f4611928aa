namespace Atoll.Linker.Proof.Reading;

/// <summary>An image as it lies in its file: what a loader and a debugger would find there, and nothing else.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Entry">Where a loader that knows no note starts.</param>
/// <param name="Headers">Stretches of the file that hold headers and header tables.</param>
/// <param name="Segments">Program headers.</param>
/// <param name="Sections">Section headers.</param>
/// <param name="Symbols">Symbols that stand for a place in a section, by address.</param>
/// <param name="Undefined">Names that the symbol table mentions without a place.</param>
public sealed record WrittenImage(
    ReadOnlyMemory<byte> Bytes,
    ulong Entry,
    IReadOnlyList<FileRange> Headers,
    IReadOnlyList<WrittenSegment> Segments,
    IReadOnlyList<WrittenSection> Sections,
    IReadOnlyList<WrittenSymbol> Symbols,
    IReadOnlyList<string> Undefined)
{
    private readonly Dictionary<string, WrittenSymbol> _byName =
        Symbols.DistinctBy(symbol => symbol.Name).ToDictionary(symbol => symbol.Name, StringComparer.Ordinal);

    /// <summary>Segments that a loader maps.</summary>
    public IEnumerable<WrittenSegment> Loads => Segments.Where(segment => segment.IsLoaded);

    /// <summary>Addresses that notes for boot loaders name as entries (Xen, "x86/HVM direct boot ABI").</summary>
    public IEnumerable<ulong> NotedEntries()
    {
        foreach (WrittenSegment segment in Segments.Where(segment => segment.Type == Elf.ElfNative.PT_NOTE))
        {
            foreach (WrittenNote note in WrittenNote.Read(Bytes.Slice((int)segment.FileOffset, (int)segment.FileBytes)))
            {
                if (note is { Owner: "Xen", Type: Elf.ElfNative.XEN_ELFNOTE_PHYS32_ENTRY })
                {
                    yield return note.Number;
                }
            }
        }
    }

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
        foreach (WrittenSymbol symbol in Symbols)
        {
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
public sealed record WrittenSegment(
    uint Type,
    uint Flags,
    ulong FileOffset,
    ulong Address,
    ulong PhysicalAddress,
    ulong FileBytes,
    ulong MemoryBytes)
{
    /// <summary>PT_LOAD.</summary>
    public bool IsLoaded => Type == Elf.ElfNative.PT_LOAD;

    /// <summary>PF_X.</summary>
    public bool IsExecutable => (Flags & Elf.ElfNative.PF_X) != 0;

    /// <summary>PF_W.</summary>
    public bool IsWritable => (Flags & Elf.ElfNative.PF_W) != 0;

    /// <summary>Whether an address lies in it.</summary>
    public bool Holds(ulong address) => unchecked(address - Address) < MemoryBytes;
}

/// <summary>A section header, checked to lie in the file.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">SHT_…</param>
/// <param name="Flags">SHF_…</param>
/// <param name="Address">Virtual address; 0 when nothing loads it.</param>
/// <param name="FileOffset">First byte in the file.</param>
/// <param name="SizeBytes">Bytes.</param>
/// <param name="Link">Section that it refers to.</param>
public sealed record WrittenSection(
    string Name, uint Type, ulong Flags, ulong Address, ulong FileOffset, ulong SizeBytes, uint Link)
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
