using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Atoll.Analyzers.Results;

/// <summary>ATL0802: a result's value is read only where a check of the result comes first, on every path.</summary>
/// <remarks>
/// Two shapes are known. A <c>[MustUse]</c> struct with <c>IsOk</c> and <c>Value</c>: the value is read where
/// <c>IsOk</c> was true. A <c>[MustUse]</c> answer with <c>out</c> arguments beside it: the arguments are read after
/// the answer was.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CheckBeforeValueAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0802",
        "Value before check",
        "'{0}' has a meaning only after '{1}' was checked, and a path comes here without",
        "Atoll.Results",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What stands beside a failure is unspecified.",
        "docs/rules/ATL0802.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationBlockAction(static inner =>
        {
            if (!inner.Everything().Any(CheckFlow.Concerns))
            {
                return;
            }

            var open = new Flow.OpenVariables(inner.Everything(), inner.OwningSymbol);
            foreach ((ISymbol function, ControlFlowGraph graph) in Flow.FunctionGraphs.Of(inner))
            {
                foreach ((IOperation place, string value, string check) in CheckFlow.Find(function, graph, open))
                {
                    inner.ReportDiagnostic(Diagnostic.Create(s_rule, place.Syntax.GetLocation(), value, check));
                }
            }
        });
}
