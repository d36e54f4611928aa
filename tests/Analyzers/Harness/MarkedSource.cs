using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.Tests.Harness;

/// <summary>One diagnostic that a test expects.</summary>
public sealed record Expected(string Id, TextSpan Span);

/// <summary>C# in which <c>{|ATL0001:code|}</c> says which diagnostics are expected on the code.</summary>
/// <remarks>
/// Markers nest, and one may name several ids, separated by commas. <c>{|</c> never occurs in C#; <c>|}</c> is a
/// marker's end only while one is open.
/// </remarks>
public sealed partial record MarkedSource(string Text, ImmutableArray<Expected> Expected)
{
    /// <summary>Takes the markers out.</summary>
    public static MarkedSource Parse(string marked)
    {
        var text = new StringBuilder(marked.Length);
        var open = new Stack<(string Ids, int Start)>();
        var expected = ImmutableArray.CreateBuilder<Expected>();
        int position = 0;

        while (position < marked.Length)
        {
            Match opening = Opening().Match(marked, position);
            if (opening.Success)
            {
                open.Push((opening.Groups["ids"].Value, text.Length));
                position += opening.Length;
            }
            else if (open.Count > 0 && string.CompareOrdinal(marked, position, "|}", 0, 2) == 0)
            {
                (string ids, int start) = open.Pop();
                var span = TextSpan.FromBounds(start, text.Length);
                expected.AddRange(ids.Split(',').Select(id => new Expected(id, span)));
                position += 2;
            }
            else
            {
                text.Append(marked[position++]);
            }
        }

        return open.Count == 0
            ? new MarkedSource(text.ToString(), expected.ToImmutable())
            : throw new FormatException($"'{open.Peek().Ids}' is not closed");
    }

    [GeneratedRegex(@"\G\{\|(?<ids>[A-Z]+[0-9]+(,[A-Z]+[0-9]+)*):")]
    private static partial Regex Opening();
}
