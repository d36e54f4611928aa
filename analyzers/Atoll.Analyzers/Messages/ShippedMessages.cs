using System.IO;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Messages;

/// <summary>The ids that messages have been given for good: lines of <c>id type</c>, comments behind <c>#</c>.</summary>
internal sealed class ShippedMessages
{
    /// <summary>The file's name, wherever it lies.</summary>
    public const string FileName = "Messages.shipped.txt";

    private readonly ImmutableArray<(uint Id, string Type)> _entries;

    private ShippedMessages(ImmutableArray<(uint Id, string Type)> entries) => _entries = entries;

    /// <summary>Reads the file of a compilation; null when it has none.</summary>
    public static ShippedMessages? Read(AnalyzerOptions options, CancellationToken cancellationToken)
    {
        AdditionalText? file = options.AdditionalFiles.FirstOrDefault(
            static one => Path.GetFileName(one.Path) == FileName);
        return file?.GetText(cancellationToken) is { } text
            ? new ShippedMessages([.. text.Lines.SelectMany(static line => Entries(line.ToString()))])
            : null;
    }

    /// <summary>The id that the type was given.</summary>
    public uint? IdOf(string type) =>
        _entries.Where(entry => entry.Type == type).Select(static entry => (uint?)entry.Id).FirstOrDefault();

    /// <summary>Another type that was given the id, whether it still exists or not.</summary>
    public string? OtherOwner(uint id, string type) =>
        _entries.Where(entry => entry.Id == id && entry.Type != type).Select(static entry => entry.Type).FirstOrDefault();

    private static IEnumerable<(uint Id, string Type)> Entries(string line)
    {
        string[] words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2 && uint.TryParse(words[0], out uint id) ? [(id, words[1])] : [];
    }
}
