using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Atoll.TestVm.Serial;

/// <summary>One line for programs on the serial console: a name and its keys (docs/serial.md).</summary>
/// <remarks>Comes from a guest that may be broken: a value is text until it is asked for as a number.</remarks>
public sealed class SerialRecord
{
    private readonly Dictionary<string, string> _keys;

    private SerialRecord(string name, Dictionary<string, string> keys, string line)
    {
        Name = name;
        _keys = keys;
        Line = line;
    }

    /// <summary>Name without the <c>@</c>.</summary>
    public string Name { get; }

    /// <summary>Keys and their values, as written.</summary>
    public IReadOnlyDictionary<string, string> Keys => _keys;

    /// <summary>The whole line, for messages.</summary>
    public string Line { get; }

    /// <summary>The value of <paramref name="key"/>, or an empty string when the record lacks it.</summary>
    public string this[string key] => _keys.GetValueOrDefault(key, "");

    /// <summary>Reads one line. A line with a malformed or repeated key is no record.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out SerialRecord? record)
    {
        record = null;
        if (!line.StartsWith('@'))
        {
            return false;
        }

        string[] words = line[1..].Split(' ');
        if (!IsName(words[0]))
        {
            return false;
        }

        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string word in words[1..])
        {
            int equals = word.IndexOf('=');
            if (equals <= 0 || !IsName(word[..equals]) || !keys.TryAdd(word[..equals], word[(equals + 1)..]))
            {
                return false;
            }
        }

        record = new SerialRecord(words[0], keys, line);
        return true;
    }

    /// <summary>Reads a number: <c>0x</c> and hexadecimal digits, or decimal digits.</summary>
    public bool TryNumber(string key, out ulong value)
    {
        string text = this[key];
        return text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads a number that the protocol promises.</summary>
    /// <exception cref="SerialProtocolException">The key is missing or no number.</exception>
    public ulong Number(string key) =>
        TryNumber(key, out ulong value)
            ? value
            : throw new SerialProtocolException($"'{Line}' has no number '{key}'");

    /// <summary>Reads a number that must fit an <see cref="int"/>: a core, a count of pages.</summary>
    /// <exception cref="SerialProtocolException">The key is missing, no number, or too large.</exception>
    public int SmallNumber(string key)
    {
        ulong value = Number(key);
        return value <= int.MaxValue
            ? (int)value
            : throw new SerialProtocolException($"'{Line}': '{key}' is out of range");
    }

    private static bool IsName(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}

/// <summary>The guest broke the serial protocol.</summary>
public sealed class SerialProtocolException(string message) : Exception(message);
