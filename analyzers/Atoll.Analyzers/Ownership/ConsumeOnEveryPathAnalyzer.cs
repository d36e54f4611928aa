using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0404: a [Linear] value is consumed on every path: moved on, or ended by a [Consumes] member.</summary>
/// <remarks>
/// Reported where the value gets lost: at the variable that still holds one when the function returns, at the assignment
/// that overwrites one, and at the expression whose value nobody takes. By-value parameters in members of the type
/// itself are exempt: there values end.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConsumeOnEveryPathAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0404",
        "Not consumed",
        "'{0}' holds a value that some path neither hands on nor ends",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A capability that is dropped is never given back.",
        "docs/rules/ATL0404.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationBlockAction(static inner =>
        {
            if (KernelProfile.IsTrusted(inner.OwningSymbol))
            {
                return;
            }

            foreach ((Location place, string what) in OwnershipFlow.Of(inner).SelectMany(static flow => flow.Lost))
            {
                inner.ReportDiagnostic(Diagnostic.Create(s_rule, place, what));
            }
        });
}
