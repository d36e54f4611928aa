using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Atoll.Analyzers.Tests.Documentation;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>
/// The rules are built for the oldest compiler that may load them, and the other tests run them in it. Here the pages'
/// examples go through the SDK's own, which is newer: a rule must not change its mind with the compiler's version.
/// </summary>
public sealed partial class CompilerAgreementTests
{
    [Theory]
    [MemberData(nameof(RulePageTests.Ids), MemberType = typeof(RulePageTests))]
    public void Examples_AreReportedBySdk(string id)
    {
        RulePage page = RulePage.Read(id);
        foreach (RuleExample example in page.Examples)
        {
            Assert.Equal(Expected(example.Code), Reported(example, page.Files));
        }
    }

    private static IEnumerable<string> Expected(string code)
    {
        var source = MarkedSource.Parse(code);
        TextLineCollection lines = SourceText.From(source.Text).Lines;
        return source.Expected
            .Select(expected => (expected.Id, Start: lines.GetLinePosition(expected.Span.Start)))
            .Select(expected => $"{expected.Start.Line + 1},{expected.Start.Character + 1}: {expected.Id}")
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Reported(RuleExample example, ImmutableArray<(string Name, string Text)> files) =>
        Report().Matches(SdkCompiler.Run(
                MarkedSource.Parse(example.Code).Text,
                example.Platform,
                example.Room,
                files.Select(file => $"/additionalfile:{file.Name}"),
                [.. files]))
            .Select(match => $"{match.Groups["place"].Value}: {match.Groups["id"].Value}")
            .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^Test\.cs\((?<place>\d+,\d+)\): error (?<id>[A-Z]+\d+)", RegexOptions.Multiline)]
    private static partial Regex Report();
}
