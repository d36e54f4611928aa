using Atoll.Linker.Elf;

namespace Atoll.Linker.Inputs;

/// <summary>The note that says which tools and packages made the image: one input a line. No loader loads it.</summary>
public static class InputsNote
{
    /// <summary>Section of the note.</summary>
    public const string SectionName = ".note.atoll.inputs";

    /// <summary>Owner of the note.</summary>
    public const string Owner = "Atoll";

    /// <summary>Type in the owner's numbering.</summary>
    public const uint NoteType = 3;

    /// <summary>The note. Its order is that of the lines, not of the command line.</summary>
    public static byte[] Write(IEnumerable<BuildInput> inputs) =>
        NoteWriter.Write(Owner, NoteType, inputs.Select(input => input.ToString()).Distinct().Order(StringComparer.Ordinal));

    /// <summary>The lines of a note's content, which nobody vouches for: control characters become question
    /// marks.</summary>
    public static IReadOnlyList<string> Read(ReadOnlySpan<byte> content)
    {
        string text = System.Text.Encoding.UTF8.GetString(content).TrimEnd('\n');
        return text.Length == 0
            ? []
            : [.. text.Split('\n').Select(line => string.Concat(line.Select(letter => char.IsControl(letter) ? '?' : letter)))];
    }
}
