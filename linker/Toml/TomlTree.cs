using Atoll.Linker.Diagnostics;

namespace Atoll.Linker.Toml;

/// <summary>A value of a TOML file.</summary>
/// <param name="Place">Where it is written.</param>
/// <param name="Content">A <see cref="string"/>, <see cref="long"/>, <see cref="bool"/>, <see cref="TomlSection"/>, or a list of
/// <see cref="TomlValue"/>; null for what no description has: numbers with a point, dates and times.</param>
public sealed record TomlValue(SourceLine Place, object? Content)
{
    /// <summary>What it is, for a message.</summary>
    public string Kind => Content switch
    {
        string => "a text",
        long => "a number",
        bool => "true or false",
        TomlSection => "a table",
        IReadOnlyList<TomlValue> => "an array",
        _ => "a number with a point, or a date",
    };
}

/// <summary>A key and its value.</summary>
/// <param name="Name">The key.</param>
/// <param name="Place">Where the key is written.</param>
/// <param name="Value">The value.</param>
public sealed record TomlEntry(string Name, SourceLine Place, TomlValue Value);

/// <summary>A table of a TOML file, in the order of the file.</summary>
/// <param name="place">Where it begins.</param>
public sealed class TomlSection(SourceLine place)
{
    private readonly List<TomlEntry> _entries = [];

    /// <summary>Where it begins.</summary>
    public SourceLine Place => place;

    /// <summary>Its entries.</summary>
    public IReadOnlyList<TomlEntry> Entries => _entries;

    /// <summary>The entry of a key, or null.</summary>
    public TomlEntry? Find(string name) => _entries.Find(entry => entry.Name == name);

    /// <summary>Adds an entry.</summary>
    internal void Add(TomlEntry entry) => _entries.Add(entry);
}
