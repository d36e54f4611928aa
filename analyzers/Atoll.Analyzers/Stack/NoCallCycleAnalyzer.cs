using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Stack;

/// <summary>ATL0302: no functions call each other in a circle. Reported when the compilation is complete.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoCallCycleAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0302",
        "Call cycle",
        "These call each other, so their stack has no bound: {0}",
        "Atoll.Stack",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Methods, accessors, constructors, operators and functions whose address is taken all count.",
        "docs/rules/ATL0302.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler,
        WellKnownDiagnosticTags.CompilationEnd);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        var graph = new CallGraph();
        context.RegisterOperationAction(inner => Collect(inner, profile, graph), Calls.Calls.Kinds);
        context.RegisterCompilationEndAction(end => Report(end, graph));
    }

    private static void Collect(OperationAnalysisContext context, KernelProfile profile, CallGraph graph)
    {
        if (context.Operation.IsInNameOf())
        {
            return;
        }

        bool isAddress = CallGraph.IsAddress(context.Operation);
        foreach (IMethodSymbol callee in Calls.Calls.Of(context.Operation, context.Compilation))
        {
            IMethodSymbol body = callee.Body();
            if (!SymbolEqualityComparer.Default.Equals(body.ContainingAssembly, context.Compilation.Assembly))
            {
                continue;
            }

            foreach (IMethodSymbol caller in CallGraph.Callers(context, profile))
            {
                // A plain self-call is ATL0301.
                if (isAddress || !SymbolEqualityComparer.Default.Equals(body, caller))
                {
                    graph.Add(caller, body, context.Operation.Syntax.GetLocation());
                }
            }
        }
    }

    private static void Report(CompilationAnalysisContext context, CallGraph graph)
    {
        foreach (IReadOnlyList<IMethodSymbol> cycle in CallCycles.Find(graph))
        {
            IMethodSymbol second = cycle[1 % cycle.Count];
            Location where = graph.CalleesOf(cycle[0])
                .First(call => SymbolEqualityComparer.Default.Equals(call.Key, second)).Value;
            string path = string.Join(" → ", cycle.Concat([cycle[0]]).Select(static body => body.Display()));
            context.ReportDiagnostic(Diagnostic.Create(s_rule, where, path));
        }
    }
}
