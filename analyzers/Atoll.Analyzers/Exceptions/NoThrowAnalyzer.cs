using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Exceptions;

/// <summary>ATL0201: nothing throws, not even where csc would write the throw itself.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoThrowAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0201",
        "No throw",
        "{0} throws, and nothing catches: return a result, or state the broken invariant with a check",
        "Atoll.Exceptions",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A bad request gets a result value; a broken invariant stops the kernel.",
        "docs/rules/ATL0201.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(
            static inner => Report(inner, inner.Operation.Syntax.GetLocation(), "This"),
            OperationKind.Throw);
        context.RegisterOperationAction(
            static inner =>
            {
                // csc adds an arm that throws for what the others do not match.
                if (inner.Operation is ISwitchExpressionOperation { IsExhaustive: false })
                {
                    Report(inner, inner.Operation.Syntax.GetLocation(), "A switch expression that is not exhaustive");
                }
            },
            OperationKind.SwitchExpression);
    }

    private static void Report(OperationAnalysisContext context, Location location, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, location, what));
}
