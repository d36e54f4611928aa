using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.Tests.Precision;

/// <summary>How right a rule was about one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="FalsePositives">Reports where there is no marker.</param>
/// <param name="FalseNegatives">Markers where there is no report.</param>
public sealed record PrecisionScore(PrecisionCase Case, ImmutableArray<TextSpan> FalsePositives, ImmutableArray<TextSpan> FalseNegatives)
{
    /// <summary>Runs the case's rule over the case.</summary>
    public static async Task<PrecisionScore> RunAsync(PrecisionCase one)
    {
        DiagnosticAnalyzer rule = RuleVerifier.AllRules.Single(rule => rule.SupportedDiagnostics[0].Id == one.Id);
        ImmutableArray<Diagnostic> reported = await RuleVerifier.RunAsync([rule], one.Compile(), isConcurrent: false, one.Files);
        TextSpan[] found = [.. reported.Where(found => found.Id == one.Id).Select(static found => found.Location.SourceSpan).Distinct()];
        TextSpan[] due = [.. one.Source.Expected.Select(static expected => expected.Span)];
        return new PrecisionScore(one, [.. found.Except(due)], [.. due.Except(found)]);
    }

    /// <summary>The mistakes, one a line.</summary>
    public IEnumerable<string> Mistakes =>
        FalsePositives.Select(span => $"{Case.Id}: '{Case.Title}': reports `{Code(span)}`")
            .Concat(FalseNegatives.Select(span => $"{Case.Id}: '{Case.Title}': misses `{Code(span)}`"));

    private string Code(TextSpan span) => Case.Source.Text.Substring(span.Start, span.Length).ReplaceLineEndings(" ");
}
