using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Stack;

/// <summary>ATL0301: no function calls itself. Longer cycles are ATL0302, which needs the whole compilation.</summary>
/// <remarks>
/// Unlike most recursion analyzers this one does not ask whether the recursion ends: a bound on the stack is a sum over
/// the call graph, and there is none over a cycle.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoDirectRecursionAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0301",
        "Direct recursion",
        "'{0}' calls itself, so its stack has no bound: write a loop",
        "Atoll.Stack",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Kernel stacks are a few pages, and the linker proves that every path fits.",
        "docs/rules/ATL0301.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(
            inner =>
            {
                if (CallGraph.IsAddress(inner.Operation))
                {
                    return;
                }

                IMethodSymbol? self = Calls.Calls.Of(inner.Operation, inner.Compilation)
                    .FirstOrDefault(callee => CallGraph.Callers(inner, profile)
                        .Contains(callee.Body(), SymbolEqualityComparer.Default));
                if (self is not null)
                {
                    inner.ReportDiagnostic(Diagnostic.Create(
                        s_rule, inner.Operation.Syntax.GetLocation(), self.Display()));
                }
            },
            Calls.Calls.Kinds);
}
