using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>What the methods of one type do, as far as it matters to a loop that calls them.</summary>
internal sealed class WaitMethods
{
    private readonly ConcurrentDictionary<IMethodSymbol, WaitFacts> _own = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<IMethodSymbol, ConcurrentBag<IMethodSymbol>> _calls = new(SymbolEqualityComparer.Default);

    /// <summary>The operations that may matter.</summary>
    public static ImmutableArray<OperationKind> Kinds { get; } =
    [
        OperationKind.Invocation, OperationKind.PropertyReference, OperationKind.FieldReference,
        OperationKind.SimpleAssignment, OperationKind.CompoundAssignment, OperationKind.Increment, OperationKind.Decrement,
    ];

    /// <summary>Takes note of an operation in the body of a method of the type.</summary>
    public void Add(IMethodSymbol method, IOperation operation)
    {
        WaitFacts facts = Facts(operation, static _ => WaitFacts.None);
        _own.AddOrUpdate(method, facts, (_, known) => known | facts);
        if (Callee(operation) is { } callee && Waiting.Of(callee) is null)
        {
            _calls.GetOrAdd(method, static _ => []).Add(callee.Body());
        }
    }

    /// <summary>Everything that a method does, with what it calls in the type. What is not of the type may do anything.</summary>
    public WaitFacts FactsOf(IMethodSymbol method)
    {
        if (Waiting.Of(method) is { } known)
        {
            return known;
        }

        var found = WaitFacts.None;
        var pending = new Stack<IMethodSymbol>([method.Body()]);
        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        while (pending.Count > 0)
        {
            IMethodSymbol next = pending.Pop();
            if (!seen.Add(next))
            {
                continue;
            }

            // A property that is not of the type is taken for a value.
            bool isKnown = _own.TryGetValue(next, out WaitFacts own);
            found |= isKnown ? own : next.AssociatedSymbol is IPropertySymbol ? WaitFacts.None : WaitFacts.Acts;
            foreach (IMethodSymbol callee in _calls.TryGetValue(next, out ConcurrentBag<IMethodSymbol>? callees) ? callees : [])
            {
                pending.Push(callee);
            }
        }

        return found;
    }

    /// <summary>What an operation does by itself.</summary>
    public static WaitFacts Facts(IOperation operation, Func<IMethodSymbol, WaitFacts> factsOf) =>
        Callee(operation) is { } callee ? Waiting.Of(callee) ?? factsOf(callee)
        : operation switch
        {
            IFieldReferenceOperation field => Waiting.Of(field),
            IAssignmentOperation assignment => IsLocal(assignment.Target) ? WaitFacts.None : WaitFacts.Acts,
            IIncrementOrDecrementOperation step => IsLocal(step.Target) ? WaitFacts.None : WaitFacts.Acts,
            _ => WaitFacts.None,
        };

    private static IMethodSymbol? Callee(IOperation operation) =>
        operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IPropertyReferenceOperation property => property.Property.GetMethod,
            _ => null,
        };

    private static bool IsLocal(IOperation target) =>
        target switch
        {
            IFieldReferenceOperation { Instance: { } instance, Field.ContainingType.IsValueType: true } => IsLocal(instance),
            ILocalReferenceOperation local => local.Local.RefKind == RefKind.None,
            IParameterReferenceOperation parameter => parameter.Parameter.RefKind == RefKind.None,
            IDiscardOperation => true,
            _ => false,
        };
}
