using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Exceptions;

/// <summary>ATL0202: no catch and no exception filter; ILC compiles them to code that nothing reaches.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoCatchAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0202",
        "No catch",
        "This handler is dead code: nothing throws, and a fault does not unwind",
        "Atoll.Exceptions",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "There are no exceptions to catch. Faults go to the fault handler.",
        "docs/rules/ATL0202.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSyntaxNodeAction(
            static inner => inner.ReportDiagnostic(Diagnostic.Create(
                s_rule, ((CatchClauseSyntax)inner.Node).CatchKeyword.GetLocation())),
            SyntaxKind.CatchClause);
}
