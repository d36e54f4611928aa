namespace Atoll.Mutants;

/// <summary>Which tests a filter of <c>dotnet test</c> chooses: names, <c>&amp;</c>, <c>|</c> and parentheses.</summary>
/// <remarks>Source: Microsoft Learn, "Run selective unit tests", of which this is what the rooms use.</remarks>
internal sealed class NameFilter(string text)
{
    private int _at;

    /// <summary>Whether a test is chosen.</summary>
    /// <param name="fullName">Namespace, type and method.</param>
    internal bool Chooses(string fullName)
    {
        _at = 0;
        return Any(fullName);
    }

    private bool Any(string name)
    {
        bool result = All(name);
        while (Takes('|'))
        {
            result |= All(name);
        }

        return result;
    }

    private bool All(string name)
    {
        bool result = One(name);
        while (Takes('&'))
        {
            result &= One(name);
        }

        return result;
    }

    private bool One(string name)
    {
        if (Takes('('))
        {
            bool inner = Any(name);
            return Takes(')') ? inner : throw new FormatException($"')' is missing in {text}");
        }

        int end = text.AsSpan(_at).IndexOfAny('|', '&', ')') is >= 0 and var length ? _at + length : text.Length;
        string term = text[_at..end];
        _at = end;
        string[] parts = term.Split('~');
        return parts switch
        {
            ["FullyQualifiedName", var part] => name.Contains(part, StringComparison.Ordinal),
            ["FullyQualifiedName!", var part] => !name.Contains(part, StringComparison.Ordinal),
            _ => throw new FormatException($"'{term}' is no FullyQualifiedName~… in {text}"),
        };
    }

    private bool Takes(char expected)
    {
        bool isThere = _at < text.Length && text[_at] == expected;
        _at += isThere ? 1 : 0;
        return isThere;
    }
}
