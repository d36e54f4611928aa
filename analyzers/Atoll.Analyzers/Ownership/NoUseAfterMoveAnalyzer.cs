using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0403: an owned value is not used after it was handed on, on any path.</summary>
/// <remarks>
/// Assigning the variable anew makes it usable again. Moves in a loop are seen: the second round finds the variable
/// empty.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoUseAfterMoveAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0403",
        "Use after move",
        "'{0}' may have been moved on a path that comes here",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Whoever got it owns it; what is left behind is a copy.",
        "docs/rules/ATL0403.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationBlockAction(static inner =>
        {
            if (KernelProfile.IsTrusted(inner.OwningSymbol))
            {
                return;
            }

            foreach ((IOperation place, ISymbol variable) in OwnershipFlow.Of(inner)
                .SelectMany(static flow => flow.UsedAfterMove))
            {
                inner.ReportDiagnostic(Diagnostic.Create(s_rule, place.Syntax.GetLocation(), variable.Name));
            }
        });
}
