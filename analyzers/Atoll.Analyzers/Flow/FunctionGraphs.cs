using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Atoll.Analyzers.Flow;

/// <summary>The control-flow graphs of a member: its body or initialiser, its local functions and lambdas.</summary>
internal static class FunctionGraphs
{
    /// <summary>Each function of the member with its graph.</summary>
    public static IEnumerable<(ISymbol Function, ControlFlowGraph Graph)> Of(OperationBlockAnalysisContext context)
    {
        var seen = new HashSet<IOperation>();
        foreach (IOperation block in context.OperationBlocks)
        {
            // A constructor's initialiser and its body share one graph. Attributes run nowhere.
            if (block.Kind != OperationKind.Attribute && seen.Add(Root(block)))
            {
                ControlFlowGraph graph = context.GetControlFlowGraph(block);
                foreach ((ISymbol, ControlFlowGraph) function in WithNested(context.OwningSymbol, graph))
                {
                    yield return function;
                }
            }
        }
    }

    /// <summary>All operations of one function, without those of its local functions and lambdas.</summary>
    public static IEnumerable<IOperation> Everything(this ControlFlowGraph graph) =>
        graph.Blocks.SelectMany(static block => block.Operations.Concat(block.BranchValue is { } value ? [value] : []))
            .SelectMany(OperationFacts.Everything);

    private static IEnumerable<(ISymbol Function, ControlFlowGraph Graph)> WithNested(
        ISymbol function, ControlFlowGraph graph)
    {
        yield return (function, graph);
        IEnumerable<(ISymbol, ControlFlowGraph)> locals = graph.LocalFunctions
            .SelectMany(local => WithNested(local, graph.GetLocalFunctionControlFlowGraph(local)));
        IEnumerable<(ISymbol, ControlFlowGraph)> lambdas = graph.Everything()
            .OfType<IFlowAnonymousFunctionOperation>()
            .SelectMany(lambda => WithNested(lambda.Symbol, graph.GetAnonymousFunctionControlFlowGraph(lambda)));
        foreach ((ISymbol, ControlFlowGraph) nested in locals.Concat(lambdas))
        {
            yield return nested;
        }
    }

    private static IOperation Root(IOperation operation)
    {
        IOperation root = operation;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root;
    }
}
