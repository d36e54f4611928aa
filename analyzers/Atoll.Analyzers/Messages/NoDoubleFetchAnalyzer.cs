using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Atoll.Analyzers.Messages;

/// <summary>ATL0507: a field of a message behind a pointer is read once.</summary>
/// <remarks>
/// Such a message lies in shared memory, and what was checked at the first read is not what the second returns. Copy it
/// to a local, check that, use that.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoDoubleFetchAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0507",
        "Double fetch",
        "'{0}' was read before through '{1}', and the peer may have changed it since",
        "Atoll.Messages",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Check and use must see the same bytes.",
        "docs/rules/ATL0507.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationBlockAction(static inner =>
        {
            if (!inner.Everything()
                    .Any(static operation => FetchFlow.Pointer(operation) is not null)
                || KernelProfile.IsTrusted(inner.OwningSymbol))
            {
                return;
            }

            foreach ((_, ControlFlowGraph graph) in FunctionGraphs.Of(inner))
            {
                foreach ((IOperation place, ISymbol pointer) in FetchFlow.FindRepeated(graph))
                {
                    inner.ReportDiagnostic(Diagnostic.Create(
                        s_rule, place.Syntax.GetLocation(), place.Syntax.ToString(), pointer.Name));
                }
            }
        });
}
