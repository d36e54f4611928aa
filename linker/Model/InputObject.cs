using Atoll.Linker.Diagnostics;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Elf;

namespace Atoll.Linker.Model;

/// <summary>One object file on its way into the image.</summary>
public sealed class InputObject
{
    private readonly SymbolTable _symbols;
    private readonly Dictionary<ElfSection, List<ObjectPiece>> _pieces = [];
    private readonly Dictionary<int, Definition?> _locals = [];
    private readonly Dictionary<ElfSection, int> _sectionSymbols = [];
    private readonly Dictionary<ElfSection, ushort> _sectionIndexes = [];

    /// <summary>Takes a file that was read without findings.</summary>
    public InputObject(string name, ElfFile file, SymbolTable symbols)
    {
        Name = name;
        File = file;
        _symbols = symbols;
    }

    /// <summary>File name, for diagnostics.</summary>
    public string Name { get; }

    /// <summary>The file.</summary>
    public ElfFile File { get; }

    /// <summary>Source lines of its code.</summary>
    public ObjectLines Lines { get; set; } = ObjectLines.Empty;

    /// <summary>All pieces, by section and offset.</summary>
    public IEnumerable<ObjectPiece> Pieces => File.Sections.SelectMany(PiecesOf);

    /// <summary>Pieces of one section, ascending and without overlap.</summary>
    public IReadOnlyList<ObjectPiece> PiecesOf(ElfSection section) => _pieces.GetValueOrDefault(section) ?? [];

    /// <summary>Adds a section's pieces.</summary>
    public void Add(ElfSection section, List<ObjectPiece> pieces) => _pieces.Add(section, pieces);

    /// <summary>The piece that holds an offset of a section, or null: between pieces there is only padding.</summary>
    public ObjectPiece? PieceAt(ElfSection section, ulong offset) =>
        LastBeginningAtOrBefore(section, offset) is { } piece && offset - piece.Offset < piece.SizeBytes ? piece : null;

    /// <summary>Whether it defines a global symbol.</summary>
    public bool Defines(string symbol) => File.Symbols.Exists(candidate =>
        candidate.Name == symbol && candidate.Binding != ElfNative.STB_LOCAL && candidate.IsDefinedInSection);

    /// <summary>What the symbol of a relocation stands for, without the addend unless it names a section.</summary>
    /// <returns>Null when nobody defines it.</returns>
    public Definition? Resolve(ElfRelocation relocation)
    {
        ElfSymbol symbol = File.Symbols[relocation.SymbolIndex];
        if (symbol.Type == ElfNative.STT_SECTION)
        {
            return ResolveInSection(symbol, relocation.Addend + BiasOf(relocation.Type));
        }

        if (symbol.Binding != ElfNative.STB_LOCAL)
        {
            return _symbols.Find(symbol.Name);
        }

        if (!_locals.TryGetValue(relocation.SymbolIndex, out Definition? local))
        {
            local = Define(symbol);
            _locals.Add(relocation.SymbolIndex, local);
        }

        return local;
    }

    /// <summary>The place that a field outside of loaded code and data refers to: symbol and addend, relative to
    /// nothing.</summary>
    /// <param name="relocation">A relocation of debug or call frame information.</param>
    /// <param name="isEnd">The place is the end of a range: it belongs to the piece before it.</param>
    /// <returns>Null when it is in no piece.</returns>
    public PiecePlace? ResolveField(ElfRelocation relocation, bool isEnd = false)
    {
        ElfSymbol symbol = File.Symbols[relocation.SymbolIndex];
        if (!symbol.IsDefinedInSection)
        {
            return null;
        }

        ElfSection section = File.Sections[symbol.SectionIndex];
        ulong offset = unchecked(symbol.Value + (ulong)relocation.Addend);
        ulong probe = isEnd ? offset - 1 : offset;
        return PieceAt(section, probe) is { } piece ? new PiecePlace(piece, offset - piece.Offset) : null;
    }

    /// <summary>Addend that is left once <see cref="Resolve"/> has used what names a place in a section.</summary>
    public long AddendOf(ElfRelocation relocation) =>
        File.Symbols[relocation.SymbolIndex].Type == ElfNative.STT_SECTION && Resolve(relocation) is not null
            ? -BiasOf(relocation.Type)
            : relocation.Addend;

    /// <summary>Bytes from a relative field to the address that it is relative to: the next instruction's.</summary>
    private static long BiasOf(uint type) => type is ElfNative.R_X86_64_PC32 or ElfNative.R_X86_64_PLT32 ? 4 : 0;

    /// <summary>The definition that a symbol of this file makes, or null when it makes none.</summary>
    public Definition? Define(ElfSymbol symbol)
    {
        if (!symbol.IsDefinedInSection)
        {
            return null;
        }

        ElfSection section = File.Sections[symbol.SectionIndex];
        ObjectPiece? piece = LastBeginningAtOrBefore(section, symbol.Value);
        if (piece is not null && symbol.Value - piece.Offset > piece.SizeBytes)
        {
            return null;
        }

        return piece is null
            ? null
            : new Definition(
                symbol.Name, piece, symbol.Value - piece.Offset, symbol.SizeBytes, symbol.Type == ElfNative.STT_FUNC);
    }

    /// <summary>Index of a symbol that stands for a section; one is added where the object has none.</summary>
    public int SectionSymbolOf(ElfSection section)
    {
        if (_sectionIndexes.Count == 0)
        {
            IndexSections();
        }

        if (!_sectionSymbols.TryGetValue(section, out int found))
        {
            found = File.Symbols.Count;
            File.Symbols.Add(
                new ElfSymbol("", 0, 0, ElfNative.STB_LOCAL, ElfNative.STT_SECTION, _sectionIndexes[section]));
            _sectionSymbols.Add(section, found);
        }

        return found;
    }

    private void IndexSections()
    {
        for (int index = 0; index < File.Sections.Count; index++)
        {
            _sectionIndexes.Add(File.Sections[index], (ushort)index);
        }

        for (int index = 0; index < File.Symbols.Count; index++)
        {
            if (File.Symbols[index] is { Type: ElfNative.STT_SECTION, IsDefinedInSection: true } symbol)
            {
                _sectionSymbols.TryAdd(File.Sections[symbol.SectionIndex], index);
            }
        }
    }

    /// <summary>The line of source for an offset in a piece, if debug information tells it.</summary>
    public SourceLine? LineAt(ObjectPiece piece, ulong offset) => Lines.Find(piece, offset);

    private Definition? ResolveInSection(ElfSymbol symbol, long addend)
    {
        if (!symbol.IsDefinedInSection)
        {
            return null;
        }

        ulong offset = unchecked((ulong)addend);
        ObjectPiece? piece = PieceAt(File.Sections[symbol.SectionIndex], offset);
        return piece is null ? null : new Definition("", piece, offset - piece.Offset);
    }

    private ObjectPiece? LastBeginningAtOrBefore(ElfSection section, ulong offset)
    {
        IReadOnlyList<ObjectPiece> pieces = PiecesOf(section);
        int low = 0;
        int high = pieces.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = pieces[middle].Offset <= offset ? (middle + 1, high) : (low, middle);
        }

        return low > 0 ? pieces[low - 1] : null;
    }
}
