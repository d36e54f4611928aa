using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Passes;

/// <summary>Writes segments, debug information and symbols as one ELF executable.</summary>
/// <remarks>Source: System V ABI, "Program Header": offset and address agree modulo the page size.</remarks>
public static class WriteImage
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        OutputSegment[] segments = [.. image.Segments.All.Where(segment => segment.MemoryBytes > 0)];
        int noteCount = segments.SelectMany(segment => segment.Sections).Count(section => section.IsNote);
        ulong offset = ElfOutput.HeaderBytes(segments.Length + noteCount);

        ElfFile file = new()
        {
            Type = ET_EXEC,
            EntryAddress = image.Symbols.Find(image.Request.Profile.EntrySymbol)?.Address ?? 0,
            Sections = [new ElfSection { Name = "", Type = SHT_NULL }],
            Symbols = [ElfSymbol.Null],
        };
        foreach (OutputSegment segment in segments)
        {
            segment.FileOffset = Alignment.Up(offset, ImageLayout.PageSizeBytes);
            offset = segment.FileOffset + (ulong)segment.Content.Length;
            AddSections(file, segment);
        }

        // Boot loaders look for notes from the first program header on.
        file.Segments.AddRange(segments.SelectMany(NoteHeaders));
        file.Segments.AddRange(segments.Select(LoadHeader));
        file.Sections.AddRange(image.DebugSections.Select(ToSection));
        AddSymbols(file, image);
        image.File = ElfOutput.Write(file);
    }

    private static ElfSection ToSection(DebugSection section)
    {
        // Tools expect strings to be marked so that a linker could merge them (System V ABI, "Section Attribute Flags").
        bool isStrings = section.Name == DebugSectionNames.Strings;
        return new ElfSection
        {
            Name = section.Name,
            Type = section.Type,
            Flags = isStrings ? SHF_MERGE | SHF_STRINGS : 0,
            EntryBytes = isStrings ? 1u : 0,
            AlignmentBytes = section.AlignmentBytes,
            SizeBytes = (ulong)section.Content.Length,
            Content = section.Content,
        };
    }

    private static ElfSegment LoadHeader(OutputSegment segment) => new(
        PT_LOAD,
        FlagsOf(segment.Access),
        segment.FileOffset,
        segment.Address,
        segment.PhysicalAddress,
        (ulong)segment.Content.Length,
        segment.MemoryBytes,
        ImageLayout.PageSizeBytes);

    private static IEnumerable<ElfSegment> NoteHeaders(OutputSegment segment)
    {
        foreach (OutputSection section in segment.Sections.Where(section => section.IsNote))
        {
            ulong offset = section.Address - segment.Address;
            yield return new ElfSegment(
                PT_NOTE,
                PF_R,
                segment.FileOffset + offset,
                section.Address,
                segment.PhysicalAddress + offset,
                section.SizeBytes,
                section.SizeBytes,
                section.AlignmentBytes);
        }
    }

    private static void AddSections(ElfFile file, OutputSegment segment)
    {
        foreach (OutputSection section in segment.Sections)
        {
            ulong offset = section.Address - segment.Address;
            file.Sections.Add(new ElfSection
            {
                Name = section.Name,
                Type = section.IsNote ? SHT_NOTE : section.IsZero ? SHT_NOBITS : SHT_PROGBITS,
                Flags = SectionFlagsOf(segment.Access),
                Address = section.Address,
                AlignmentBytes = section.AlignmentBytes,
                SizeBytes = section.SizeBytes,
                FileOffset = segment.FileOffset + offset,
                Content = section.IsZero ? default : segment.Content.AsMemory((int)offset, (int)section.SizeBytes),
            });
        }
    }

    private static uint FlagsOf(SegmentAccess access) => access switch
    {
        SegmentAccess.Execute => PF_R | PF_X,
        SegmentAccess.Read => PF_R,
        _ => PF_R | PF_W,
    };

    private static ulong SectionFlagsOf(SegmentAccess access) => access switch
    {
        SegmentAccess.Execute => SHF_ALLOC | SHF_EXECINSTR,
        SegmentAccess.Read => SHF_ALLOC,
        _ => SHF_ALLOC | SHF_WRITE,
    };

    private static void AddSymbols(ElfFile file, LinkImage image)
    {
        Dictionary<string, ushort> sectionIndex = [];
        for (int index = 1; index < file.Sections.Count; index++)
        {
            sectionIndex.TryAdd(file.Sections[index].Name, (ushort)index);
        }

        foreach (Definition definition in image.Symbols.All)
        {
            if (definition.Piece is { IsKept: false })
            {
                continue;
            }

            ushort section = definition.Piece is { } piece ? sectionIndex[piece.SectionName] : SHN_ABS;
            byte type = definition.IsFunction ? STT_FUNC : definition.Piece is null ? STT_NOTYPE : STT_OBJECT;
            file.Symbols.Add(new ElfSymbol(
                definition.Name, definition.Address, definition.ExtentBytes, STB_GLOBAL, type, section));
        }

        // Statics of C are local to their object. Loaded bytes that nothing names would be padding to the proof.
        HashSet<Piece> named = [.. image.Symbols.All.Select(definition => definition.Piece).OfType<Piece>()];
        foreach (Piece piece in image.Pieces.Where(piece => piece.IsKept && piece.SizeBytes > 0 && !named.Contains(piece)))
        {
            byte type = piece.Place is FragmentPlace.Text or FragmentPlace.BootCode ? STT_FUNC : STT_OBJECT;
            file.Symbols.Add(new ElfSymbol(
                piece.Name, piece.Address, piece.SizeBytes, STB_LOCAL, type, sectionIndex[piece.SectionName]));
        }
    }
}
