using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Exceptions;

/// <summary>ATL0203: a <c>finally</c> is written as <c>using</c>.</summary>
/// <remarks>What csc writes for <c>using</c> and <c>foreach</c> is the same code, and is not reported.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoFinallyAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0203",
        "Finally only through using",
        "This runs where control leaves the block, and not on a fault: say 'using'",
        "Atoll.Exceptions",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A finally promises what a kernel without exceptions cannot keep.",
        "docs/rules/ATL0203.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSyntaxNodeAction(
            static inner =>
            {
                var clause = (FinallyClauseSyntax)inner.Node;
                inner.ReportDiagnostic(Diagnostic.Create(s_rule, clause.FinallyKeyword.GetLocation()));
            },
            SyntaxKind.FinallyClause);
}
