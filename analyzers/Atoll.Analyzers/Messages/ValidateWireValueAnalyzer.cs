using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Messages;

/// <summary>ATL0506: an index that comes from a message is compared with something first, and a switch over one has a default.</summary>
/// <remarks>
/// Followed through the locals that it is copied to. Any condition that mentions the value counts as the check, and so
/// does arithmetic: a masked value is another value.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ValidateWireValueAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0506",
        "Unvalidated wire value",
        "'{0}' comes from a message and was not compared with anything on a path that comes here",
        "Atoll.Messages",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Everything a peer sends is an allegation.",
        "docs/rules/ATL0506.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationBlockAction(InspectIndices);
        context.RegisterOperationAction(InspectSwitch, OperationKind.Switch);
    }

    private static void InspectIndices(OperationBlockAnalysisContext context)
    {
        if (!context.Everything().Any(WireFlow.IsWireField))
        {
            return;
        }

        foreach ((_, ControlFlowGraph graph) in FunctionGraphs.Of(context))
        {
            foreach (IOperation index in WireFlow.FindUnchecked(graph))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, index.Syntax.GetLocation(), index.Syntax.ToString()));
            }
        }
    }

    private static void InspectSwitch(OperationAnalysisContext context)
    {
        var choice = (ISwitchOperation)context.Operation;
        bool hasDefault = choice.Cases.SelectMany(static one => one.Clauses).Any(static clause =>
            clause is IDefaultCaseClauseOperation or IPatternCaseClauseOperation { Pattern: IDiscardPatternOperation });
        if (!hasDefault && choice.Value.Type?.TypeKind == TypeKind.Enum && WireFlow.IsWireField(choice.Value))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, choice.Value.Syntax.GetLocation(), choice.Value.Syntax.ToString()));
        }
    }
}
