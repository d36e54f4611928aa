using System.Collections.Concurrent;
using System.IO;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.Trust;

/// <summary>ATL1002: what is trusted stands in a list that is reviewed, and nothing else stands there.</summary>
/// <remarks>
/// The list is the file <c>Trusted.txt</c> among the additional files of the compilation: a line for each place,
/// <c>assembly place: reason</c>. Lines that begin with <c>#</c> are comments. One list may serve many assemblies.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TrustedIsListedAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL1002",
        "Trusted place not listed",
        "{0}: '{1}'",
        "Atoll.Trust",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A proof that ends somewhere else, or for another reason, is a line in review.",
        "docs/rules/ATL1002.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler,
        WellKnownDiagnosticTags.CompilationEnd);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        if (context.Options.AdditionalFiles.FirstOrDefault(IsList) is not { } list)
        {
            return;
        }

        string assembly = context.Compilation.AssemblyName ?? "";
        var places = new ConcurrentBag<(string Line, Location Where)>();
        context.RegisterSyntaxNodeAction(
            inner =>
            {
                var attribute = (AttributeSyntax)inner.Node;
                if (TrustedPlace.IsTrusted(attribute, inner.SemanticModel, inner.CancellationToken))
                {
                    string reason = TrustedPlace.Reason(attribute, inner.SemanticModel, inner.CancellationToken);
                    places.Add((TrustedPlace.Line(assembly, attribute, reason), attribute.GetLocation()));
                }
            },
            SyntaxKind.Attribute);
        context.RegisterCompilationEndAction(end => Compare(end, list, $"{assembly} ", places));
    }

    private static bool IsList(AdditionalText file) => Path.GetFileName(file.Path) == TrustedPlace.ListName;

    private static void Compare(
        CompilationAnalysisContext context, AdditionalText list, string assembly, IEnumerable<(string Line, Location Where)> places)
    {
        // Two places of one name, overloads of an accessor say, need two lines.
        Dictionary<string, List<Location>> open = places.GroupBy(static place => place.Line, static place => place.Where)
            .ToDictionary(
                static group => group.Key,
                static group => group.OrderBy(static where => where.SourceTree?.FilePath, StringComparer.Ordinal)
                    .ThenBy(static where => where.SourceSpan).ToList(),
                StringComparer.Ordinal);
        SourceText text = list.GetText(context.CancellationToken) ?? SourceText.From("");
        foreach (TextLine line in text.Lines)
        {
            string place = line.ToString().TrimEnd();
            if (!place.StartsWith(assembly, StringComparison.Ordinal))
            {
                continue;
            }

            if (open.TryGetValue(place, out List<Location>? same) && same.Count > 0)
            {
                same.RemoveAt(0);
                continue;
            }

            var where = Location.Create(list.Path, line.Span, text.Lines.GetLinePositionSpan(line.Span));
            Report(context, where, $"{TrustedPlace.ListName} lists what is trusted no more", place);
        }

        foreach (KeyValuePair<string, List<Location>> place in open)
        {
            foreach (Location where in place.Value)
            {
                Report(context, where, $"Not in {TrustedPlace.ListName}, which is reviewed", place.Key);
            }
        }
    }

    private static void Report(CompilationAnalysisContext context, Location where, string what, string place) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, where, what, place));
}
