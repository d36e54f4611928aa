using Atoll.Linker.Diagnostics;

namespace Atoll.Linker.Toml;

/// <summary>Takes values out of a table, each of the kind that is asked for; what nobody asked for is unknown.</summary>
public sealed class SectionReader
{
    private readonly TomlSection _section;
    private readonly string _what;
    private readonly DiagnosticBag _findings;
    private readonly HashSet<string> _known = [];

    /// <summary>Begins.</summary>
    /// <param name="section">The table.</param>
    /// <param name="what">What it describes, for messages: "a program".</param>
    /// <param name="findings">Takes what is wrong.</param>
    public SectionReader(TomlSection section, string what, DiagnosticBag findings)
    {
        _section = section;
        _what = what;
        _findings = findings;
    }

    /// <summary>Where the table begins.</summary>
    public SourceLine Place => _section.Place;

    /// <summary>Where the value of a key is written; the table's place when it is not there.</summary>
    public SourceLine PlaceOf(string key) => _section.Find(key)?.Value.Place ?? Place;

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => _section.Find(key) is not null;

    /// <summary>A text; null when it is not there, or after a finding.</summary>
    public string? Text(string key) => Take<string>(key, "a text");

    /// <summary>A text that must be there; null after a finding.</summary>
    public string? RequiredText(string key) => Require(key) ? Text(key) : null;

    /// <summary>A name: what programs, needs and protocols are called. Null when it is not there, or after a finding.</summary>
    public string? Name(string key) => Text(key) is { } name && IsName(name, PlaceOf(key), _findings) ? name : null;

    /// <summary>A name that must be there; null after a finding.</summary>
    public string? RequiredName(string key) => Require(key) ? Name(key) : null;

    /// <summary>True or false; false when it is not there.</summary>
    public bool Flag(string key) => Take<object>(key, "true or false", content => content is bool) is true;

    /// <summary>A number; null when it is not there, or after a finding.</summary>
    public long? Number(string key, long least, long most, long multipleOf = 1)
    {
        if (Take<object>(key, "a number", content => content is long) is not long number)
        {
            return null;
        }

        bool isGood = number >= least && number <= most && number % multipleOf == 0;
        if (!isGood)
        {
            string step = multipleOf == 1 ? "" : $", in steps of {multipleOf}";
            Report(DescriptionDiagnostics.OutOfRange, $"'{key}' is {number}, and must be {least} to {most}{step}.", PlaceOf(key));
        }

        return isGood ? number : null;
    }

    /// <summary>A number that must be there; null after a finding.</summary>
    public long? RequiredNumber(string key, long least, long most, long multipleOf = 1) =>
        Require(key) ? Number(key, least, most, multipleOf) : null;

    /// <summary>One of some words; null when it is not there, or after a finding.</summary>
    public string? Word(string key, IReadOnlyCollection<string> words)
    {
        string? word = Text(key);
        if (word is null || words.Contains(word))
        {
            return word;
        }

        ReportWord(word, words, PlaceOf(key));
        return null;
    }

    /// <summary>A table; null when it is not there, or after a finding.</summary>
    public TomlSection? Section(string key) => Take<TomlSection>(key, "a table");

    /// <summary>The tables of an array of tables; none when it is not there.</summary>
    public IReadOnlyList<TomlSection> Sections(string key) => Items<TomlSection>(key, "tables").ConvertAll(item => item.Content);

    /// <summary>Texts with their places; none when the key is not there.</summary>
    public IReadOnlyList<(string Content, SourceLine Place)> Texts(string key) => Items<string>(key, "texts");

    /// <summary>A value of several possible kinds, as it is.</summary>
    public TomlValue? Raw(string key)
    {
        _known.Add(key);
        return _section.Find(key)?.Value;
    }

    /// <summary>Says that a key must be there.</summary>
    public bool Require(string key)
    {
        _known.Add(key);
        if (!Has(key))
        {
            Report(DescriptionDiagnostics.MissingKey, $"{Capital(_what)} has no '{key}'.", Place);
        }

        return Has(key);
    }

    /// <summary>Reports every key that nobody asked for.</summary>
    public void Finish()
    {
        foreach (TomlEntry entry in _section.Entries.Where(entry => !_known.Contains(entry.Name)))
        {
            Report(
                DescriptionDiagnostics.UnknownKey,
                $"{Capital(_what)} has no key '{entry.Name}'{Nearest.Of(entry.Name, _known)}",
                entry.Place);
        }
    }

    /// <summary>Reports a word that is none of those that there are.</summary>
    public void ReportWord(string word, IEnumerable<string> words, SourceLine place) =>
        Report(
            DescriptionDiagnostics.UnknownWord,
            $"'{word}' is none of {string.Join(", ", words)}{Nearest.Of(word, words)}",
            place);

    /// <summary>Whether a name is good; reports it when it is not.</summary>
    public static bool IsName(string name, SourceLine place, DiagnosticBag findings)
    {
        bool isGood = name.Length is > 0 and < Abi.ProgramName.SizeBytes && char.IsAsciiLetterLower(name[0])
            && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
        if (!isGood)
        {
            findings.Report(DescriptionDiagnostics.BadName, $"'{name}' is no name.", source: place);
        }

        return isGood;
    }

    private List<(T Content, SourceLine Place)> Items<T>(string key, string kind) where T : class
    {
        List<(T Content, SourceLine Place)> items = [];
        foreach (TomlValue item in Take<IReadOnlyList<TomlValue>>(key, $"an array of {kind}") ?? [])
        {
            if (item.Content is T content)
            {
                items.Add((content, item.Place));
            }
            else
            {
                Report(DescriptionDiagnostics.WrongKind, $"'{key}' has {item.Kind} among its {kind}.", item.Place);
            }
        }

        return items;
    }

    private T? Take<T>(string key, string kind, Func<object, bool>? isRight = null) where T : class
    {
        _known.Add(key);
        TomlValue? value = _section.Find(key)?.Value;
        if (value is null)
        {
            return null;
        }

        if (value.Content is T content && isRight?.Invoke(content) != false)
        {
            return content;
        }

        Report(DescriptionDiagnostics.WrongKind, $"'{key}' is {value.Kind}, and must be {kind}.", value.Place);
        return null;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private void Report(DiagnosticDescriptor kind, string what, SourceLine place) => _findings.Report(kind, what, source: place);
}
