using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Trust;

/// <summary>ATL1001: [Trusted] says why.</summary>
/// <remarks>
/// Without a reason it ends nothing, so the rules that it was meant for report, too.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TrustedGivesReasonAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL1001",
        "Trusted without a reason",
        "[Trusted] ends a proof only with a reason: Safety says why this is right",
        "Atoll.Trust",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A reviewer can check a reason, not a mark.",
        "docs/rules/ATL1001.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSyntaxNodeAction(Inspect, SyntaxKind.Attribute);

    private static void Inspect(SyntaxNodeAnalysisContext context)
    {
        var attribute = (AttributeSyntax)context.Node;
        SemanticModel model = context.SemanticModel;
        ISymbol? constructor = model.GetSymbolInfo(attribute, context.CancellationToken).Symbol;
        if (!(constructor?.ContainingType).IsNamed("Atoll.TrustedAttribute"))
        {
            return;
        }

        bool hasReason = attribute.ArgumentList?.Arguments.Any(argument =>
            argument.NameEquals?.Name.Identifier.ValueText == "Safety"
                && model.GetConstantValue(argument.Expression, context.CancellationToken).Value is string text
                && !string.IsNullOrWhiteSpace(text)) == true;
        if (!hasReason)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, attribute.GetLocation()));
        }
    }
}
