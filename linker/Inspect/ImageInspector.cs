using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Inputs;
using Iced.Intel;

namespace Atoll.Linker.Inspect;

/// <summary>Reads a finished image and reports on it.</summary>
public static class ImageInspector
{
    private const int BiggestCount = 20;
    private const string GnuOwner = "GNU";

    /// <summary>Inspects an image that nobody vouches for.</summary>
    /// <returns>Null after a diagnostic.</returns>
    public static ImageReport? Inspect(ReadOnlyMemory<byte> bytes, string fileName, DiagnosticBag diagnostics)
    {
        if (ElfReader.Read(bytes, fileName, diagnostics) is not { } file)
        {
            return null;
        }

        if (file.Type != ElfNative.ET_EXEC)
        {
            diagnostics.Report(
                DiagnosticCatalogue.WrongFileKind, $"'{fileName}' is no linked image.", referrer: fileName);
            return null;
        }

        IEnumerable<ElfSection> noteSections = file.Sections.Where(section => section.Type == ElfNative.SHT_NOTE);
        ImageNote[] notes = [.. noteSections.SelectMany(ReadNotes)];
        ImageNote? buildId =
            Array.Find(notes, note => note.Owner == GnuOwner && note.Type == ElfNative.NT_GNU_BUILD_ID);
        return new ImageReport(
            [.. file.Segments.Where(segment => segment.Type == ElfNative.PT_LOAD)],
            notes,
            buildId is null ? null : Convert.ToHexStringLower(buildId.Content),
            notes.FirstOrDefault(IsInputs) is { } inputs ? InputsNote.Read(inputs.Content) : [],
            Biggest(file),
            new SectionSizes(SizeOf(file, ".text"), SizeOf(file, ".rodata"), SizeOf(file, ".data")),
            RoomSizes.Of(file),
            TrampolineListing.Of(file),
            Count(file));
    }

    private static bool IsInputs(ImageNote note) => note is { Owner: InputsNote.Owner, Type: InputsNote.NoteType };

    private static ulong SizeOf(ElfFile file, string section) => file.FindSection(section)?.SizeBytes ?? 0;

    private static List<ImageNote> ReadNotes(ElfSection section)
    {
        const ulong Word = sizeof(uint);
        List<ImageNote> notes = [];
        ByteCursor cursor = new(section.Content.Span);
        while (!cursor.IsAtEnd)
        {
            uint ownerBytes = cursor.U32();
            uint contentBytes = cursor.U32();
            uint type = cursor.U32();
            ReadOnlySpan<byte> owner = cursor.Take(Alignment.Up(ownerBytes, Word));
            byte[] content = cursor.Take(Alignment.Up(contentBytes, Word)).ToArray();
            if (!cursor.Failed)
            {
                string name = System.Text.Encoding.ASCII.GetString(owner[..(int)ownerBytes]).TrimEnd('\0');
                notes.Add(new ImageNote(name, type, content[..(int)contentBytes]));
            }
        }

        return notes;
    }

    private static List<SymbolExtent> Biggest(ElfFile file) =>
    [
        .. file.Symbols
            .Where(symbol => symbol.Type is ElfNative.STT_FUNC or ElfNative.STT_OBJECT)
            .OrderByDescending(symbol => symbol.SizeBytes)
            .ThenBy(symbol => symbol.Name, StringComparer.Ordinal)
            .DistinctBy(symbol => symbol.Value)
            .Take(BiggestCount)
            .Select(symbol => new SymbolExtent(symbol.Name, symbol.Value, symbol.SizeBytes)),
    ];

    /// <summary>Decodes every function in text; what is between functions is padding.</summary>
    private static InterlockedCount Count(ElfFile file)
    {
        int locks = 0;
        int exchanges = 0;
        int instructions = 0;
        if (file.FindSection(".text") is { } text)
        {
            foreach ((_, int start, int length) in SymbolCoverage.Of(file, text, ElfNative.STT_FUNC))
            {
                Decoder decoder =
                    Decoder.Create(64, new ByteArrayCodeReader(text.Content.Slice(start, length).ToArray()));
                while (decoder.IP < (ulong)length)
                {
                    Instruction instruction = decoder.Decode();
                    instructions++;
                    locks += instruction.HasLockPrefix ? 1 : 0;
                    bool hasMemory = instruction.Op0Kind == OpKind.Memory || instruction.Op1Kind == OpKind.Memory;
                    exchanges += instruction.Mnemonic == Mnemonic.Xchg && hasMemory ? 1 : 0;
                }
            }
        }

        return new InterlockedCount(locks, exchanges, instructions);
    }
}
