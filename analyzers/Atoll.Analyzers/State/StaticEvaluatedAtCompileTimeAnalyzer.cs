using System.Collections.Concurrent;
using Atoll.Analyzers.Stack;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.State;

/// <summary>ATL0602: ILC can evaluate the initialiser of every static while it compiles.</summary>
/// <remarks>
/// What it cannot evaluate becomes a static constructor, which nothing runs (ATL0603): the field silently stays zero.
/// Calls are followed through this compilation. A body in another assembly is out of sight; there the linker's check
/// for <c>__EagerCctor</c> decides.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StaticEvaluatedAtCompileTimeAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0602",
        "Static not evaluated at compile time",
        "'{0}' would silently be zero: its initializer {1}",
        "Atoll.State",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Use a constant, a simpler expression, or constant data in a ReadOnlySpan.",
        "docs/rules/ATL0602.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler,
        WellKnownDiagnosticTags.CompilationEnd);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        var bodies = new Bodies();
        context.RegisterOperationAction(inner => InspectObstacle(inner, bodies), InterpreterLimits.Kinds);
        context.RegisterOperationAction(inner => CollectCalls(inner, bodies), Calls.Calls.Kinds);
        context.RegisterCompilationEndAction(end => Report(end, bodies));
    }

    private static void InspectObstacle(OperationAnalysisContext context, Bodies bodies)
    {
        IOperation operation = context.Operation;
        if (InterpreterLimits.FindObstacle(operation, context.ContainingSymbol.ContainingType) is not { } obstacle)
        {
            return;
        }

        if (InitializedStatic(operation) is { } initialized)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, operation.Syntax.GetLocation(), initialized.Display(), obstacle));
        }
        else
        {
            foreach (IMethodSymbol body in operation.EnclosingBodies(context.ContainingSymbol))
            {
                bodies.AddObstacle(body, obstacle, operation.Syntax.GetLocation());
            }
        }
    }

    private static void CollectCalls(OperationAnalysisContext context, Bodies bodies)
    {
        IOperation operation = context.Operation;
        ISymbol? initialized = InitializedStatic(operation);
        foreach (IMethodSymbol callee in Calls.Calls.Of(operation, context.Compilation))
        {
            if (initialized is not null)
            {
                bodies.Initializers.Add((initialized, callee.Body(), operation.Syntax.GetLocation()));
                continue;
            }

            foreach (IMethodSymbol caller in operation.EnclosingBodies(context.ContainingSymbol))
            {
                bodies.Graph.Add(caller, callee.Body(), operation.Syntax.GetLocation());
            }
        }
    }

    private static void Report(CompilationAnalysisContext context, Bodies bodies)
    {
        foreach ((ISymbol initialized, IMethodSymbol callee, Location where) in bodies.Initializers)
        {
            if (bodies.Explain(callee) is { } reason)
            {
                context.ReportDiagnostic(Diagnostic.Create(s_rule, where, initialized.Display(), reason));
            }
        }
    }

    // The static field or property whose initialiser the operation is in; lambdas and local functions cannot be in one
    // here.
    private static ISymbol? InitializedStatic(IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            ISymbol? member = parent switch
            {
                IFieldInitializerOperation field => field.InitializedFields[0],
                IPropertyInitializerOperation property => property.InitializedProperties[0],
                _ => null,
            };
            if (member is not null)
            {
                return member.IsStatic ? member : null;
            }
        }

        return null;
    }

    /// <summary>What was seen of every body in the compilation.</summary>
    private sealed class Bodies
    {
        private readonly ConcurrentDictionary<IMethodSymbol, (string Obstacle, Location Where)> _obstacles =
            new(SymbolEqualityComparer.Default);

        public CallGraph Graph { get; } = new();

        public ConcurrentBag<(ISymbol Initialized, IMethodSymbol Callee, Location Where)> Initializers { get; } = [];

        public void AddObstacle(IMethodSymbol body, string obstacle, Location where) =>
            _obstacles.AddOrUpdate(
                body,
                (obstacle, where),
                (_, known) => SourceOrder.Compare(where, known.Where) < 0 ? (obstacle, where) : known);

        /// <summary>Why a call of the body cannot be evaluated, or null. Depth first, with an explicit stack.</summary>
        public string? Explain(IMethodSymbol root)
        {
            var done = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
            var isOnPath = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default) { root };
            var path = new Stack<(IMethodSymbol Body, IEnumerator<KeyValuePair<IMethodSymbol, Location>> Callees)>();
            path.Push((root, Graph.CalleesOf(root).GetEnumerator()));

            while (path.Count > 0)
            {
                (IMethodSymbol body, IEnumerator<KeyValuePair<IMethodSymbol, Location>> callees) = path.Peek();
                if (_obstacles.TryGetValue(body, out (string Obstacle, Location Where) found))
                {
                    return $"calls '{body.Display()}', which {found.Obstacle}";
                }

                if (!callees.MoveNext())
                {
                    path.Pop();
                    isOnPath.Remove(body);
                    done.Add(body);
                    continue;
                }

                IMethodSymbol callee = callees.Current.Key;
                if (isOnPath.Contains(callee))
                {
                    return $"calls '{callee.Display()}', which calls itself";
                }

                if (!done.Contains(callee))
                {
                    isOnPath.Add(callee);
                    path.Push((callee, Graph.CalleesOf(callee).GetEnumerator()));
                }
            }

            return null;
        }
    }
}
