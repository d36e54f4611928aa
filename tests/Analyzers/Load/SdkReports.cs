using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>What the SDK's compiler reports on a marked source, and what the markers say, as <c>line,column: id</c>.</summary>
internal static partial class SdkReports
{
    /// <summary>The markers.</summary>
    public static IEnumerable<string> Expected(string marked)
    {
        var source = MarkedSource.Parse(marked);
        TextLineCollection lines = SourceText.From(source.Text).Lines;
        return source.Expected
            .Select(expected => (expected.Id, Start: lines.GetLinePosition(expected.Span.Start)))
            .Select(expected => $"{expected.Start.Line + 1},{expected.Start.Character + 1}: {expected.Id}")
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The reports, those of csc itself included.</summary>
    public static IEnumerable<string> Of(
        string marked, TestPlatform platform, string room = "Atoll.Test", ImmutableArray<(string Name, string Text)> files = default)
    {
        (string Name, string Text)[] beside = files.IsDefault ? [] : [.. files];
        string output = SdkCompiler.Run(
            MarkedSource.Parse(marked).Text, platform, room, beside.Select(file => $"/additionalfile:{file.Name}"), beside);
        return Report().Matches(output)
            .Select(match => $"{match.Groups["place"].Value}: {match.Groups["id"].Value}")
            .Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^Test\.cs\((?<place>\d+,\d+)\): error (?<id>[A-Z]+\d+)", RegexOptions.Multiline)]
    private static partial Regex Report();
}
