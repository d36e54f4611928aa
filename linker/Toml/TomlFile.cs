using Atoll.Linker.Diagnostics;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Atoll.Linker.Toml;

/// <summary>Reads TOML, and keeps where each key and value is written.</summary>
/// <remarks>Tomlyn parses (TOML 1.0); what it finds wrong is ATL9501, at its line and column.</remarks>
public sealed class TomlFile
{
    private readonly string _file;
    private readonly DiagnosticBag _findings;

    private TomlFile(string file, DiagnosticBag findings)
    {
        _file = file;
        _findings = findings;
    }

    /// <summary>Reads a file from disk.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="shownAs">How findings name it.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>The top table; null after a finding.</returns>
    public static TomlSection? Load(string path, string shownAs, DiagnosticBag findings)
    {
        try
        {
            return Parse(File.ReadAllText(path), shownAs, findings);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Report(
                DescriptionDiagnostics.UnreadableFile, exception.Message, source: new SourceLine(shownAs, 1, 1));
            return null;
        }
    }

    /// <summary>Reads a text.</summary>
    /// <returns>The top table; null after a finding.</returns>
    public static TomlSection? Parse(string text, string file, DiagnosticBag findings)
    {
        DocumentSyntax document = SyntaxParser.Parse(text, file, validate: true);
        TomlFile reader = new(file, findings);
        // Only the first: what follows a mistake of syntax is often its consequence.
        if (document.Diagnostics.FirstOrDefault(message => message.Kind == DiagnosticMessageKind.Error) is { } first)
        {
            reader.Report(first.Message, reader.PlaceOf(first.Span));
            return null;
        }

        return reader.Build(document);
    }

    private TomlSection? Build(DocumentSyntax document)
    {
        TomlSection root = new(new SourceLine(_file, 1, 1));
        bool isGood = AddAll(root, document.KeyValues);
        foreach (TableSyntaxBase table in document.Tables)
        {
            isGood &= Open(root, table) is { } section && AddAll(section, table.Items);
        }

        return isGood ? root : null;
    }

    /// <summary>The table that a header names: made when it is not there, and always a further one of an array of tables.</summary>
    private TomlSection? Open(TomlSection root, TableSyntaxBase table)
    {
        string[] path = PathOf(table.Name!);
        SourceLine place = PlaceOf(table.Name!.Span);
        TomlSection? parent = Descend(root, path.AsSpan(..^1), place);
        if (parent is null || table is not TableArraySyntax)
        {
            return parent is null ? null : Descend(parent, path.AsSpan(^1..), place);
        }

        TomlEntry? entry = parent.Find(path[^1]);
        if (entry is null)
        {
            entry = new TomlEntry(path[^1], place, new TomlValue(place, new List<TomlValue>()));
            parent.Add(entry);
        }

        if (entry.Value.Content is not List<TomlValue> items)
        {
            Report($"'{path[^1]}' is {entry.Value.Kind} above, and an array of tables here.", place);
            return null;
        }

        TomlSection section = new(place);
        items.Add(new TomlValue(place, section));
        return section;
    }

    /// <summary>Follows keys from a table on, making tables on the way; into an array of tables: its last.</summary>
    private TomlSection? Descend(TomlSection section, ReadOnlySpan<string> path, SourceLine place)
    {
        foreach (string name in path)
        {
            TomlEntry? entry = section.Find(name);
            if (entry is null)
            {
                entry = new TomlEntry(name, place, new TomlValue(place, new TomlSection(place)));
                section.Add(entry);
            }

            object? content = entry.Value.Content is List<TomlValue> { Count: > 0 } items ? items[^1].Content : entry.Value.Content;
            if (content is not TomlSection next)
            {
                Report($"'{name}' is {entry.Value.Kind} above, and a table here.", place);
                return null;
            }

            section = next;
        }

        return section;
    }

    private bool AddAll(TomlSection section, IEnumerable<KeyValueSyntax> pairs)
    {
        bool isGood = true;
        foreach (KeyValueSyntax pair in pairs)
        {
            string[] path = PathOf(pair.Key!);
            SourceLine place = PlaceOf(pair.Key!.Span);
            TomlSection? owner = Descend(section, path.AsSpan(..^1), place);
            TomlValue? value = ValueOf(pair.Value!);
            if (owner?.Find(path[^1]) is not null)
            {
                Report($"'{path[^1]}' is written twice.", place);
                owner = null;
            }

            isGood &= owner is not null && value is not null;
            if (owner is not null && value is not null)
            {
                owner.Add(new TomlEntry(path[^1], place, value));
            }
        }

        return isGood;
    }

    private TomlValue? ValueOf(ValueSyntax value)
    {
        SourceLine place = PlaceOf(value.Span);
        switch (value)
        {
            case StringValueSyntax text:
                return new TomlValue(place, text.Value);
            case IntegerValueSyntax number:
                return new TomlValue(place, number.Value);
            case BooleanValueSyntax flag:
                return new TomlValue(place, flag.Value);
            case ArraySyntax array:
                List<TomlValue?> items = [.. array.Items.Select(item => ValueOf(item.Value!))];
                return items.Contains(null) ? null : new TomlValue(place, items.ConvertAll(item => item!));
            case InlineTableSyntax table:
                TomlSection section = new(place);
                return AddAll(section, table.Items.Select(item => item.KeyValue!)) ? new TomlValue(place, section) : null;
            default:
                return new TomlValue(place, null);
        }
    }

    private static string[] PathOf(KeySyntax key) =>
        [TextOf(key.Key!), .. key.DotKeys.Select(dotted => TextOf(dotted.Key!))];

    private static string TextOf(BareKeyOrStringValueSyntax key) => key switch
    {
        StringValueSyntax text => text.Value ?? "",
        BareKeySyntax bare => bare.Key?.Text ?? "",
        _ => key.ToString(),
    };

    // Tomlyn counts lines and columns from 0.
    private SourceLine PlaceOf(SourceSpan span) => new(_file, span.Start.Line + 1, span.Start.Column + 1);

    private void Report(string what, SourceLine place) =>
        _findings.Report(DescriptionDiagnostics.Syntax, what.EndsWith('.') ? what : what + ".", source: place);
}
