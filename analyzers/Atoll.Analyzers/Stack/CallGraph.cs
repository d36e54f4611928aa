using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Stack;

/// <summary>Who calls whom inside one compilation, collected by concurrent actions and then searched once.</summary>
/// <remarks>
/// Nodes are bodies (<see cref="SymbolFacts.Body"/>). A call through a constrained type parameter or an interface ends
/// at the abstract member: which body it reaches depends on the instantiation, and a decorator that wraps itself is two
/// functions to ILC. The linker's stack proof sees those. Taking a function's address counts as calling it.
/// </remarks>
internal sealed class CallGraph
{
    private readonly ConcurrentDictionary<IMethodSymbol, ConcurrentDictionary<IMethodSymbol, Location>> _calls =
        new(SymbolEqualityComparer.Default);

    /// <summary>
    /// The bodies around an operation; none where nothing can recurse: in attributes and in intrinsics.
    /// </summary>
    public static IEnumerable<IMethodSymbol> Callers(OperationAnalysisContext context, KernelProfile profile) =>
        context.Operation.IsInAttribute()
            ? []
            : context.Operation.EnclosingBodies(context.ContainingSymbol)
                .Where(body => !(profile.IsCoreLibrary && body.IsIntrinsic()));

    /// <summary>Says whether a method is named without being called, as in <c>&amp;Method</c>.</summary>
    public static bool IsAddress(IOperation operation) => operation is IMethodReferenceOperation;

    public void Add(IMethodSymbol caller, IMethodSymbol callee, Location where)
    {
        ConcurrentDictionary<IMethodSymbol, Location> callees =
            _calls.GetOrAdd(caller, static _ => new(SymbolEqualityComparer.Default));

        // The first in source order, whatever the order in which threads came by.
        callees.AddOrUpdate(callee, where, (_, known) => SourceOrder.Compare(where, known) < 0 ? where : known);
    }

    /// <summary>The callees of a body with the first place that calls each, in source order.</summary>
    public IEnumerable<KeyValuePair<IMethodSymbol, Location>> CalleesOf(IMethodSymbol caller) =>
        _calls.TryGetValue(caller, out ConcurrentDictionary<IMethodSymbol, Location>? callees)
            ? callees.OrderBy(static callee => callee.Value, SourceOrder.Instance)
            : [];

    /// <summary>Every body that calls something, in the order of their first calls.</summary>
    public IEnumerable<IMethodSymbol> AllCallers =>
        _calls.Select(caller => (Body: caller.Key, First: CalleesOf(caller.Key).First().Value))
            .OrderBy(static caller => caller.First, SourceOrder.Instance)
            .Select(static caller => caller.Body);
}
