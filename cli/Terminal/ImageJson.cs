using System.Text.Encodings.Web;
using System.Text.Json;
using Atoll.Linker.Elf;
using Atoll.Linker.Inspect;
using Atoll.Linker.Proof;

namespace Atoll.Cli.Terminal;

/// <summary>What is in an image, for programs: one JSON object. Addresses are strings in hexadecimal, sizes numbers of bytes.</summary>
public static class ImageJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the object.</summary>
    /// <param name="report">What the inspector found.</param>
    /// <param name="proof">The proof of the same file.</param>
    public static string Of(ImageReport report, ProofReport proof) => JsonSerializer.Serialize(
        new
        {
            report.BuildId,
            report.Inputs,
            Segments = report.Segments.Select(segment => new
            {
                Virtual = Address(segment.VirtualAddress),
                Physical = Address(segment.PhysicalAddress),
                Memory = segment.MemoryBytes,
                File = segment.FileBytes,
                Writable = (segment.Flags & ElfNative.PF_W) != 0,
                Executable = (segment.Flags & ElfNative.PF_X) != 0,
            }),
            report.Sizes,
            report.Rooms,
            report.Interlocked,
            Symbols = report.BiggestSymbols.Select(symbol => new
            {
                symbol.Name, Address = Address(symbol.Address), Size = symbol.SizeBytes,
            }),
            Notes = report.Notes.Select(note => new
            {
                note.Owner, note.Type, Content = Convert.ToHexStringLower(note.Content),
            }),
            Proof = proof,
            Trampolines = report.Trampolines.Select(code => new
            {
                code.Name, Address = Address(code.Address), Size = code.SizeBytes, code.Bitness, code.Alike, code.Instructions,
            }),
        },
        s_options);

    private static string Address(ulong address) => $"0x{address:x}";
}
