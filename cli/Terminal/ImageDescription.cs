using System.Globalization;
using Atoll.Linker.Elf;
using Atoll.Linker.Inspect;
using Atoll.Linker.Proof;

namespace Atoll.Cli.Terminal;

/// <summary>Tells what is in an image.</summary>
public static class ImageDescription
{
    private const int SymbolsShown = 10;

    /// <summary>The description, line by line.</summary>
    /// <param name="report">What the inspector found.</param>
    /// <param name="proof">The proof of the same file.</param>
    public static IEnumerable<string> Lines(ImageReport report, ProofReport proof)
    {
        yield return $"build id {report.BuildId ?? "none"}";
        yield return "";
        yield return "segment             virtual            physical     memory       file";
        foreach (ElfSegment segment in report.Segments)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{Access(segment)}      0x{segment.VirtualAddress:x16}  0x{segment.PhysicalAddress:x16} {segment.MemoryBytes,10:N0} {segment.FileBytes,10:N0}");
        }

        yield return "";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"text {report.Sizes.Text:N0}, read-only {report.Sizes.ReadOnly:N0}, data {report.Sizes.Data:N0} bytes");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Interlocked.Instructions:N0} instructions: {report.Interlocked.LockPrefixes} with a lock prefix, {report.Interlocked.MemoryExchanges} exchanges with memory");
        yield return "";
        yield return "room                text  read-only       data";
        foreach (RoomSize room in report.Rooms)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{room.Room,-13} {room.Text,10:N0} {room.ReadOnly,10:N0} {room.Data,10:N0}");
        }

        yield return "";
        foreach (SymbolExtent symbol in report.BiggestSymbols.Take(SymbolsShown))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{symbol.SizeBytes,8:N0}  {symbol.Name}");
        }

        yield return "";
        foreach (ImageNote note in report.Notes)
        {
            yield return $"note {note.Owner} type {note.Type}: {note.Content.Length} bytes";
        }

        yield return "";
        yield return "made with";
        foreach (string input in report.Inputs)
        {
            yield return "  " + input;
        }

        yield return "";
        foreach (string line in ProofSummary.Lines(proof))
        {
            yield return line;
        }

        foreach (string line in report.Trampolines.SelectMany(Trampoline))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Trampoline(TrampolineCode code)
    {
        yield return "";
        string alike = code.Alike > 1 ? $", and {code.Alike - 1} more like it" : "";
        yield return $"{code.Name}: {code.Bitness} bit, {code.SizeBytes} bytes{alike}";
        foreach (string instruction in code.Instructions)
        {
            yield return "  " + instruction;
        }
    }

    private static string Access(ElfSegment segment) =>
        $"R{((segment.Flags & ElfNative.PF_W) != 0 ? 'W' : '-')}{((segment.Flags & ElfNative.PF_X) != 0 ? 'X' : '-')}";
}
